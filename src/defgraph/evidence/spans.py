"""Finding spans in a text that may have been edited since they were recorded.

A span knows where its characters stood and their SHA-256, not the characters. After an edit that
lengthens or shortens the text, everything behind it stands at one common shift; that is no fault of
those spans. What a reader wants to know is which words have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Words that changed are dearer than an edit before them, but cheaper than an edit before and its
# undoing behind: the same words may stand elsewhere. A few letters prove little of an edit.
_COST_OF_EDIT: Final = 2
_COST_OF_MISMATCH: Final = 3
_COST_OF_SHORT_MISMATCH: Final = 1
_SHORT: Final = 8  # characters
_REACH: Final = 20_000  # how far words are looked for, in characters


class Status(StrEnum):
    """How a span stands to the text at hand."""

    OK = "ok"
    MOVED = "moved"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a source's text: the end is exclusive, the digest is of their UTF-8."""

    iri: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the text where a span should be, after the shift of its surroundings."""

    status: Status
    start: int
    words: str


def find(spans: Iterable[Span], text: str) -> dict[str, Found]:
    """Return what becomes of each span in *text*, by the span's IRI.

    Of all ways to explain the text the cheapest is taken: words that are not found cost something,
    and so does each edit, behind which the spans stand at another shift.
    """
    ordered = sorted(set(spans), key=lambda span: (span.start, span.end, span.iri))
    digests = _Digests(text)
    shifts = dict(zip(ordered, _cheapest(ordered, _shifts(ordered, digests), digests), strict=True))
    in_place = {span: shift for span, shift in shifts.items() if digests.match(span, shift)}
    found = {}
    for span in ordered:
        if span in in_place:
            start, end = span.start + in_place[span], span.end + in_place[span]
            status = Status.MOVED if in_place[span] else Status.OK
        else:
            start, end = _between(span, in_place)
            status = Status.MISMATCH
        found[span.iri] = Found(status, start, text[start:end])
    return found


def _between(span: Span, in_place: Mapping[Span, int]) -> tuple[int, int]:
    """Where the words of *span* must stand by now, judging from the spans on either side."""
    before = [shift for other, shift in in_place.items() if other.start <= span.start]
    behind = [shift for other, shift in in_place.items() if other.start >= span.end]
    left = before[-1] if before else 0
    right = behind[0] if behind else left
    start = max(span.start + left, 0)
    return start, max(span.end + right, start)


class _Digests:
    """A text that can be asked whether a span's characters stand somewhere in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def match(self, span: Span, shift: int) -> bool:
        start, end = span.start + shift, span.end + shift
        if not 0 <= start < end <= len(self._text):
            return False
        return hashlib.sha256(self._text[start:end].encode()).hexdigest() == span.sha256

    def shifts(self, span: Span) -> Iterator[int]:
        """Every shift within reach at which the characters of *span* stand."""
        first = max(-span.start, -_REACH)
        last = min(len(self._text) - span.end, _REACH)
        return (shift for shift in range(first, last + 1) if self.match(span, shift))


def _shifts(spans: Sequence[Span], digests: _Digests) -> list[int]:
    """The shifts that may hold somewhere: those at which a span is found that is not in place."""
    shifts = [0]
    for span in spans:
        if not any(digests.match(span, shift) for shift in shifts):
            shifts += digests.shifts(span)
    return shifts


def _cheapest(spans: Sequence[Span], shifts: Sequence[int], digests: _Digests) -> list[int]:
    """The shift at each span, so that mismatches and edits together cost least.

    An edit changes the shift from one span to the next and leaves the spans in their order.
    """
    costs: dict[int, int] = {0: 0}  # of all before, by the shift at the last span
    before = 0  # where that span began
    steps: list[dict[int, int]] = []
    for span in spans:
        mismatch = _COST_OF_SHORT_MISMATCH if span.end - span.start < _SHORT else _COST_OF_MISMATCH
        step: dict[int, int] = {}
        fresh: dict[int, int] = {}
        for shift in shifts:
            ways = [
                (costs[last] + (0 if last == shift else _COST_OF_EDIT), abs(last - shift), last)
                for last in costs
                if span.start + shift >= before + last
            ]
            if ways:
                cost, _, step[shift] = min(ways)
                fresh[shift] = cost + (0 if digests.match(span, shift) else mismatch)
        steps.append(step)
        costs, before = fresh, span.start
    path: list[int] = []
    shift = min(costs, key=lambda each: (costs[each], abs(each), each))
    for step in reversed(steps):
        path.append(shift)
        shift = step[shift]
    return path[::-1]
