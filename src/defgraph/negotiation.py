"""Content negotiation: which format an answer is given in, from ``Accept`` or ``?format=``.

``Accept`` follows RFC 9110, section 12.5.1: the most specific media range that fits a format says
its quality, the highest quality wins, and quality 0 forbids. Among equals a format that was named
goes before one that only a wildcard fits, and then the server's order decides. A part of the header
that is not well formed is passed over; a header with no well-formed part counts as absent. Nothing
that a client sends there can raise anything but NotAcceptableError, later, when nothing fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from defgraph.errors import UnknownFormatError
from defgraph.media_types import FORMATS, RDF_FORMATS, RESULT_FORMATS, Format, by_name, short_name
from defgraph.remembering import remembered


class FormatChoice(NamedTuple):
    """The media type to answer in, for each query form; None: no acceptable one exists.

    A client's ``Accept`` can only be weighed once the form of its query is known, and only the
    store parses queries. So both outcomes are decided beforehand, and the store takes its pick.
    """

    results: str | None  # SELECT and ASK
    graph: str | None  # CONSTRUCT and DESCRIBE


JSON_RESULTS: Final = FormatChoice(results=by_name("json").media_type, graph=None)
"""What is asked for where the program itself reads the answer to a SELECT or ASK."""


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One part of an ``Accept`` header: ``text/*;q=0.8``. Parameters but *q* do not matter here."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """Say how closely this range names *media_type*: 3 exactly, 1 for ``*/*``, 0 not at all."""
        main, _, sub = media_type.partition("/")
        if self.type == "*":
            return 1
        if self.type != main:
            return 0
        if self.subtype == "*":
            return 2
        return 3 if self.subtype == sub else 0


@remembered(256)
def choose(accept: str | None, format_name: str | None = None) -> FormatChoice:
    """Decide the formats for an answer to a SPARQL query.

    *format_name* (a short name or a media type, as in ``?format=csv``) wins over *accept*, the
    value of the ``Accept`` header. ``json`` and ``xml`` stand for JSON-LD and RDF/XML where the
    answer is a graph. Raises UnknownFormatError for a name that stands for no format.
    """
    if format_name is not None:
        return _named(format_name)
    ranges = parse_accept(accept)
    return _choice(best_format(ranges, RESULT_FORMATS), best_format(ranges, RDF_FORMATS))


def parse_accept(header: str | None) -> tuple[MediaRange, ...]:
    """Return the media ranges of an ``Accept`` header, in its order.

    An absent header, and one without a single well-formed part, is ``*/*``.
    """
    parts = (match.group() for match in _LIST_PART.finditer(header or ""))
    return tuple(filter(None, map(_media_range, parts))) or (MediaRange("*", "*", 1.0),)


def best_format(ranges: Sequence[MediaRange], offered: Iterable[Format]) -> Format | None:
    """Return the format of *offered* (the preferred one first) that *ranges* like best."""
    weighed = [(_weigh(ranges, (each.media_type, *each.aliases)), each) for each in offered]
    weight, best = max(weighed, key=lambda pair: pair[0])
    return best if weight.quality > 0 else None


def format_named(name: str, offered: Sequence[Format]) -> Format:
    """Return the format of *offered* that *name* calls for: a short name or a media type.

    Raises UnknownFormatError.
    """
    found = _find(short_name(name.partition(";")[0].strip().replace(" ", "+")), offered)
    if found is None:
        raise UnknownFormatError(name, [each.name for each in offered])
    return found


@remembered(256)
def wants_page(header: str | None) -> bool:
    """Whether ``Accept`` likes HTML better than any format of data: a browser, not a program."""
    ranges = parse_accept(header)
    page = _weigh(ranges, ("text/html", "application/xhtml+xml"))
    return page.quality > 0 and all(
        page > _weigh(ranges, (each.media_type, *each.aliases)) for each in FORMATS
    )


class _Weight(NamedTuple):
    """How much a client likes a format; compared from left to right."""

    quality: float
    specificity: int
    place: int  # in the header; negative, so that what stands first is more


_NOTHING: Final = _Weight(0.0, 0, 0)
_EXACTLY: Final = 3

_QUOTED: Final = r'"(?:[^"\\]|\\.)*\\?(?:"|\Z)'
_LIST_PART = re.compile(rf'(?:{_QUOTED}|[^,"])+', re.DOTALL)
_PARAMETER = re.compile(rf'(?:{_QUOTED}|[^;"])+', re.DOTALL)
_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"({_NAME})/({_NAME})")
_QUALITY = re.compile(r"0(\.[0-9]*)?|1(\.0*)?")
_GRAPH_NAMES: Final = {"json": "jsonld", "xml": "rdfxml"}


def _named(name: str) -> FormatChoice:
    """Choose what *name* calls for; a ``+`` that a URL turned into a space is put back."""
    wanted = short_name(name.partition(";")[0].strip().replace(" ", "+"))
    results = _find(wanted, RESULT_FORMATS)
    graph = _find(_GRAPH_NAMES.get(wanted, wanted), RDF_FORMATS)
    if results is None and graph is None:
        raise UnknownFormatError(name, [each.name for each in FORMATS])
    return _choice(results, graph)


def _find(wanted: str, formats: Iterable[Format]) -> Format | None:
    for each in formats:
        if wanted in (each.name, each.media_type, *each.aliases):
            return each
    return None


def _choice(results: Format | None, graph: Format | None) -> FormatChoice:
    return FormatChoice(
        results=results.media_type if results else None,
        graph=graph.media_type if graph else None,
    )


def _media_range(part: str) -> MediaRange | None:
    """Read ``type/subtype;name=value;q=0.5``; None where it is not well formed."""
    name, *parameters = [match.group().strip() for match in _PARAMETER.finditer(part)] or [""]
    match = _RANGE.fullmatch(name)
    if match is None or (match[1] == "*" and match[2] != "*"):
        return None
    quality = _quality(parameters)
    return None if quality is None else MediaRange(match[1].lower(), match[2].lower(), quality)


def _quality(parameters: Iterable[str]) -> float | None:
    """Return the value of ``q``: 1 where it is not given, None where it is not well formed."""
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip().lower() == "q":
            value = value.strip()
            return float(value) if _QUALITY.fullmatch(value) else None
    return 1.0


def _weigh(ranges: Sequence[MediaRange], media_types: Sequence[str]) -> _Weight:
    """Weigh a format by the range that names it most closely.

    The first media type is its own; the others are aliases, which come second and only count
    where they are named in full.
    """
    fits = [((0, 0), _NOTHING)]
    for alias, media_type in enumerate(media_types):
        for place, each in enumerate(ranges):
            specificity = each.specificity(media_type)
            if specificity == _EXACTLY or (specificity and not alias):
                weight = _Weight(each.quality, specificity, -place)
                fits.append(((specificity, -alias), weight))
    return max(fits)[1]
