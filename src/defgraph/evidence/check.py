"""Checking a text against the spans of its source, and laying words and facts side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from defgraph.errors import StoreError, UnknownSourceError, UnknownThingError, UnreadableFileError
from defgraph.evidence.spans import Found, Span, Status, find
from defgraph.namespaces import DEF, RDF
from defgraph.turtle import text_of

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Solution: TypeAlias = dict[str, Term]

_QUERY: Final = resources.files("defgraph.evidence").joinpath("claims.rq").read_text("utf-8")
_SOURCE: Final = ox.NamedNode(DEF + "Source")
_TYPE: Final = ox.NamedNode(RDF + "type")


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement as a source gives it."""

    iri: str
    label: str | None
    subject: Term
    property: Term
    value: Term
    modality: Term | None
    speakers: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A span, what stands there now, and a claim that it carries (None: it carries none)."""

    span: Span
    segment: str
    found: Found
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a text shows of one source; a span that carries several claims has several rows."""

    source: str
    rows: tuple[Row, ...]

    def count(self, status: Status) -> int:
        """How many spans stand so to the text; each span counts once."""
        return len({row.span for row in self.rows if row.found.status is status})

    @property
    def matches(self) -> bool:
        """Whether every span's words stand where they did, unchanged."""
        return all(row.found.status is Status.OK for row in self.rows)


def check(
    store: ox.Store, text: str, *, source: str | None = None, about: str | None = None
) -> Evidence:
    """Look up every span of *source* in *text*; by default of the only source there is.

    With *about*, only the rows of that claim, span, or thing that claims are about. Raises
    UnknownSourceError and UnknownThingError.
    """
    chosen = _chosen(store, source)
    if about is not None:
        _demand_known(store, about)
    solutions = sorted(_solutions(store, chosen), key=_order)
    spans = {_span(solution) for solution in solutions}
    found = find(spans, text)
    rows = (_row(list(together), found) for _, together in groupby(solutions, key=_order))
    return Evidence(chosen, tuple(row for row in rows if about is None or _is_about(row, about)))


def read_text(path: Path) -> str:
    """Return the text of a source as spans count it: in UTF-8, a line end is one character.

    Raises UnreadableFileError and EncodingError.
    """
    if path.is_dir():
        raise UnreadableFileError(path, "this is a folder; expected the text of a source")
    return text_of(path).replace("\r\n", "\n")


def _chosen(store: ox.Store, source: str | None) -> str:
    quads = store.quads_for_pattern(None, _TYPE, _SOURCE, None)
    known = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    if source in known:
        return source
    if source is None and len(known) == 1:
        return known.pop()
    raise UnknownSourceError(source, known)


def _demand_known(store: ox.Store, iri: str) -> None:
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        raise UnknownThingError(iri) from None
    mentions = (
        store.quads_for_pattern(node, None, None, None),
        store.quads_for_pattern(None, node, None, None),
        store.quads_for_pattern(None, None, node, None),
    )
    if not any(next(quads, None) for quads in mentions):
        raise UnknownThingError(iri)


def _solutions(store: ox.Store, source: str) -> Iterator[Solution]:
    answer = store.query(
        _QUERY,
        use_default_graph_as_union=True,
        substitutions={ox.Variable("source"): ox.NamedNode(source)},
    )
    if not isinstance(answer, ox.QuerySolutions):
        raise StoreError("the query for claims is no SELECT")
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        yield {name: term for name in names if (term := solution[name]) is not None}


def _row(together: list[Solution], found: dict[str, Found]) -> Row:
    """Make a row of the solutions for one span and claim: they differ in the speaker."""
    first = together[0]
    span = _span(first)
    claim = None
    if "claim" in first:
        claim = Claim(
            iri=_text(first["claim"]),
            label=_text(first["label"]) if "label" in first else None,
            subject=first["subject"],
            property=first["property"],
            value=first["value"],
            modality=first.get("modality"),
            speakers=tuple(
                sorted({each["speaker"] for each in together if "speaker" in each}, key=str)
            ),
        )
    segment = _text(first["segment"]) if "segment" in first else ""
    return Row(span, segment, found[span.iri], claim)


def _span(solution: Solution) -> Span:
    return Span(
        iri=_text(solution["span"]),
        start=int(_text(solution["start"])),
        end=int(_text(solution["end"])),
        sha256=_text(solution["sha256"]),
    )


def _order(solution: Solution) -> tuple[int, int, str, str]:
    """Along the text, and claim by claim."""
    claim = str(solution.get("claim", ""))
    return int(_text(solution["start"])), int(_text(solution["end"])), str(solution["span"]), claim


def _is_about(row: Row, iri: str) -> bool:
    node = ox.NamedNode(iri)
    claim = row.claim
    if claim is None:
        return row.span.iri == iri
    return iri in {row.span.iri, claim.iri} or node in (claim.subject, claim.property, claim.value)


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
