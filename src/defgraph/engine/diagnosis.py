"""Why a text is not SPARQL, and where: told to its author, with what was expected instead.

What the engine refused is read again by the grammar; see :mod:`defgraph.engine.syntax`. What the
engine itself says counts only where that finds nothing: how far its parser looked, which is up to
the length of a keyword beyond the place where it failed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Final

from defgraph.engine.syntax import habits, scoping, spelling, stopping
from defgraph.engine.syntax.reading import END, Reading, read
from defgraph.engine.syntax.spelling import Complaint
from defgraph.errors import QuerySyntaxError
from defgraph.errors.base import either
from defgraph.tokens import offset, position

PADDING: Final = "\n" + " " * 16
"""To be put after a text before it is parsed: at its very end Oxigraph reports no keywords."""

_REPORT: Final = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_KEYWORD: Final = re.compile(r"(?<!['\"\w])(?:is)?[A-Z][A-Z_0-9]+(?!['\"\w])")
_SHARED: Final = re.compile(r"blank node (_:\S+) cannot be shared")
_REIFIED_PATH: Final = "Reifiers are not allowed on property paths"
_REST: Final = re.compile(r"\S[^\r\n]*")


def explained(
    error: SyntaxError,
    text: str,
    known_prefixes: Collection[str],
    *,
    is_update: bool = False,
    has_base: bool = False,
) -> QuerySyntaxError:
    """Return what to tell the author of *text*, which the engine refused with *error*."""
    reading = read(text, is_update=is_update)
    stop = reading.stop
    if stop is not None and stop.found.symbol == END and not reading.lexemes:
        forms = habits.QUERIES
        return QuerySyntaxError(f"The query is empty; expected {either(forms)}", expected=forms)
    misspelt = spelling.complaints(reading.lexemes, known_prefixes, has_base=has_base)
    complaint = next(misspelt, None)
    if complaint is None and stop is not None:
        complaint = stopping.complaint(stop, text, is_update=is_update)
    elif complaint is None and reading.is_whole:
        found = chain(
            scoping.complaints(reading), _of_the_engine(str(error.args[0]), reading, text)
        )
        complaint = min(found, default=None, key=lambda each: each.at)
    at, reason, expected = complaint or _where_the_engine_stopped(str(error.args[0]), text)
    line, column = position(text, at)
    told = f"This is not SPARQL: {reason}"
    return QuerySyntaxError(told, line=line, column=column, expected=expected)


def _of_the_engine(said: str, reading: Reading, text: str) -> Iterator[Complaint]:
    """Yield what the engine has against a text that is SPARQL."""
    shared = _SHARED.search(said)
    labels = [each for each in reading.lexemes if shared is not None and each.text == shared[1]]
    for each in labels[1:2]:
        reason = f"the label {each.text} stands in another operation, too"
        yield Complaint(each.start, f"{reason}; give this blank node another")
    report = _REPORT.match(said)
    if report is not None and _REIFIED_PATH in report[3]:
        end = offset(text + PADDING, int(report[1]), int(report[2]))
        marks = [each for each in reading.lexemes if each.symbol in {"~", "{|"}]
        for each in [each for each in marks if each.start < end][-1:]:
            reason = f"a triple whose predicate is a path takes no '{each.text}'"
            yield Complaint(each.start, reason)


def _where_the_engine_stopped(said: str, text: str) -> Complaint:
    report = _REPORT.match(said)
    if report is None:
        return Complaint(0, said)
    keyword = max(map(len, _KEYWORD.findall(report[3])), default=0)
    at = max(0, offset(text + PADDING, int(report[1]), int(report[2])) - keyword)
    rest = _REST.search(text, at)
    if rest is None:
        return Complaint(len(text.rstrip()), "it ends too early")
    found = rest[0].rstrip()
    reason = f"cannot go on from '{found if len(found) <= 40 else f'{found[:39]}…'}'"
    return Complaint(rest.start(), reason)
