"""The kinds of problems that a request can be answered with: their status and their meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getdoc
from typing import Final

from defgraph import errors
from defgraph.web.problems import status_of_class

REFUSED: Final = "Refused"
"""The title of a write that the shapes refuse: it is an outcome, and no error of ours."""

_NEVER_OVER_HTTP: Final = (
    errors.SourceError,
    errors.ExtraNeededError,
    errors.SettingsError,
    errors.TokenFileError,
    errors.HolderNameError,
    errors.UnknownSourceError,
    errors.UnknownHolderError,
    errors.UnknownColumnError,
    errors.UnknownClassError,
    errors.UnknownGenerationError,
    errors.InferenceError,
    errors.ShapeError,
    errors.NoStoreError,
    errors.PlainStoreError,
    errors.StoreLockedError,
    errors.ConnectionNeededError,
)
_THOUGH_THERE_ARE_KINDS_OF_IT: Final = (errors.StoreError, errors.UnknownNameError)
_BEFORE_ANYBODY_ASKS: Final = "defgraph.web.server"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """What a problem's ``title`` stands for."""

    title: str
    status: int
    meaning: str


def problem_types() -> tuple[ProblemType, ...]:
    """Return all that there are, by status and title."""
    shapes = "The shapes refuse what a write would make of the dataset, and nothing has changed."
    found = [ProblemType(REFUSED, 422, shapes)]
    found += [_of(each) for each in _concrete(errors.DefgraphError)]
    return tuple(sorted(found, key=lambda each: (each.status, each.title)))


def table() -> str:
    """Return them as the table of Markdown that stands in docs/problems.md."""
    rows = [
        f"| {each.status} | `{each.title}` | {each.meaning.replace('|', '&#124;')} |"
        for each in problem_types()
    ]
    return "\n".join(["| status | `title` | |", "|---|---|---|", *rows, ""])


def _of(error: type[errors.DefgraphError]) -> ProblemType:
    meaning = (getdoc(error) or "").partition("\n\n")[0].replace("\n", " ").replace("*", "`")
    return ProblemType(error.__name__, int(status_of_class(error)), meaning)


def _concrete(error: type[errors.DefgraphError]) -> Iterator[type[errors.DefgraphError]]:
    """Yield the classes that are raised themselves: most are those with no others below them."""
    below = [each for each in error.__subclasses__() if each.__module__.startswith("defgraph.")]
    if issubclass(error, _NEVER_OVER_HTTP) or error.__module__ == _BEFORE_ANYBODY_ASKS:
        return
    if not below or error in _THOUGH_THERE_ARE_KINDS_OF_IT:
        yield error
    for each in below:
        if each.__module__.startswith((f"{errors.__name__}.", "defgraph.web.")):
            yield from _concrete(each)
