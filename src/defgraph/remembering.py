"""Remembering what a function returned, within bounds, where strangers choose what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Returned = TypeVar("Returned")

LONGEST: Final = 1024
"""So many characters or bytes an argument may have by default for what it leads to to be kept."""


def remembered(
    maxsize: int, *, longest: int = LONGEST
) -> Callable[[Callable[Given, Returned]], Callable[Given, Returned]]:
    """Remember the last *maxsize* results of a function of strings and None.

    With an argument that is longer than *longest* the function is called each time, so that what is
    kept takes no more than some megabytes, whoever asks.
    """

    def decorate(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
        kept = lru_cache(maxsize)(function)

        @wraps(function)
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Returned:
            for each in (*args, *kwargs.values()) if kwargs else args:
                if each is not None and len(each) > longest:  # type: ignore[arg-type]
                    return function(*args, **kwargs)
            return kept(*args, **kwargs)  # type: ignore[arg-type]

        return call

    return decorate
