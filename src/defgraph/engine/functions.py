"""Functions that nobody knows: an error in the row that calls them, not of the whole query.

SPARQL 1.1 Query, section 17.6: a call of an unknown function is an error of the expression. The
engine takes it for one of the query, and names the function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar

import pyoxigraph as ox

T = TypeVar("T")
Functions: TypeAlias = Mapping[ox.NamedNode, Callable[..., None]]

_UNKNOWN: Final = re.compile(r"The custom function <([^>]*)> is not supported")


def with_unknown_functions(evaluate: Callable[[Functions], T]) -> T:
    """Return what *evaluate* does, given what it says that it lacks; raises what else it raises."""
    functions: dict[ox.NamedNode, Callable[..., None]] = {}
    while True:
        try:
            return evaluate(functions)
        except RuntimeError as error:
            unknown = _UNKNOWN.fullmatch(str(error))
            if unknown is None or ox.NamedNode(unknown[1]) in functions:
                raise
            functions[ox.NamedNode(unknown[1])] = _no_value


def _no_value(*_arguments: object) -> None:
    """Have no value, which is how a function fails."""
