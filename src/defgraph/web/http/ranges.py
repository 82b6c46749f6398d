"""Parts of a file: which bytes a request asks for (RFC 9110, section 14).

One range is answered with 206. Several at once are answered with the whole file, as section 14.2
allows, and so is what is not well formed.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from defgraph.errors import DefgraphError

_RANGE: Final = re.compile(
    r"\s*bytes\s*=\s*(?:([0-9]+)\s*-\s*([0-9]*)|-\s*([0-9]+))\s*", re.IGNORECASE
)
_MOST_DIGITS: Final = 18


class RangeNotSatisfiableError(DefgraphError):
    """The file has none of the bytes that are asked for; *size* is how many it has."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The file has {size:,} bytes, and none where the range begins")
        self.size = size


class Part(NamedTuple):
    """The bytes from *start* up to *end*, which is the first that is not among them."""

    start: int
    end: int


def part_of(size: int, tag: str, wanted: str | None, only_if: str | None) -> Part | None:
    """Return the part of a file of *size* bytes that a header ``Range`` has *wanted*.

    *only_if* is the header ``If-Range``: another version than that of *tag* is given as a whole,
    for which None stands (section 13.1.5). Raises RangeNotSatisfiableError.
    """
    found = _RANGE.fullmatch(wanted) if wanted is not None else None
    if found is None or (only_if is not None and only_if.strip() != tag):
        return None
    first, last, length = found.groups()
    if any(len(each or "") > _MOST_DIGITS for each in found.groups()):
        first, last = (first or "")[:_MOST_DIGITS] or None, None
        length = None if first else str(size)
    if first is None:
        return _or_refused(Part(max(0, size - int(length)), size), size)
    if last and int(last) < int(first):
        return None
    end = min(size, int(last) + 1) if last else size
    return _or_refused(Part(int(first), end), size)


def _or_refused(part: Part, size: int) -> Part:
    if part.start >= size:
        raise RangeNotSatisfiableError(size)
    return part
