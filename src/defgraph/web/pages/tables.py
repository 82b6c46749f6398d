"""Answers as a page shows them: a table, a yes or no, or the text of a graph."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from defgraph.documents.names import Name
from defgraph.errors import UnshowableError
from defgraph.media_types import by_name
from defgraph.namespaces import shorten
from defgraph.negotiation import JSON_RESULTS
from defgraph.store.protocol import Store
from defgraph.web.names import Names, names_of

SHOWN_ROWS: Final = 500
SHOWN_BYTES: Final = 4 * 1024 * 1024
"""The longest answer that is read for a page: reading it keeps the event loop busy."""

_TURTLE: Final = by_name("turtle").media_type
_ACCEPT: Final = JSON_RESULTS._replace(graph=_TURTLE)
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


Term: TypeAlias = Mapping[str, Any]
"""An RDF term as SPARQL 1.1 Query Results JSON writes it (section 3.2.2)."""

Binding: TypeAlias = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table. *name* is there for an IRI, *note* for a datatype."""

    kind: Literal["iri", "blank", "literal", "triple", "unbound"]
    text: str = ""
    name: Name | None = None
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a SELECT answers; *rows* holds the first of *total* solutions."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int

    @property
    def unlabelled(self) -> frozenset[int]:
        """The columns whose labels the query asks for itself, as ``?person ?personLabel`` does."""
        named = {each.removesuffix("Label") for each in self.variables if each.endswith("Label")}
        return frozenset(at for at, each in enumerate(self.variables) if each in named)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an ASK answers."""

    holds: bool


@dataclass(frozen=True, slots=True)
class GraphText:
    """What a CONSTRUCT or DESCRIBE answers, as Turtle."""

    turtle: str


View: TypeAlias = Table | Verdict | GraphText


async def view(store: Store, query: str) -> View:
    """Ask *store* and make its answer presentable.

    Raises what the store raises, and UnshowableError.
    """
    answer = await store.query(query, accept=_ACCEPT)
    if len(answer.body) > SHOWN_BYTES:
        raise UnshowableError(f"it is longer than {SHOWN_BYTES:,} bytes")
    if answer.media_type == _TURTLE:
        return GraphText(answer.body.decode())
    try:
        document = json.loads(answer.body)
    except RecursionError as exc:  # triple terms nest
        raise UnshowableError("a term in it is nested too deep") from exc
    if "boolean" in document:
        return Verdict(document["boolean"])
    return await _table(store, document["head"].get("vars", []), document["results"]["bindings"])


async def _table(store: Store, variables: Sequence[str], solutions: Sequence[Binding]) -> Table:
    shown = solutions[:SHOWN_ROWS]
    terms = [[solution.get(variable) for variable in variables] for solution in shown]
    names = await names_of(store, _iris(term for row in terms for term in row))
    rows = tuple(tuple(_cell(term, names) for term in row) for row in terms)
    return Table(tuple(variables), rows, len(solutions))


def _iris(terms: Iterable[Term | None]) -> Iterable[str]:
    return (term["value"] for term in terms if term is not None and term["type"] == "uri")


def _cell(term: Term | None, names: Names) -> Cell:
    if term is None:
        return Cell("unbound")
    value = term["value"]
    match term["type"]:
        case "uri":
            return Cell("iri", value, names[value])
        case "bnode":
            return Cell("blank", f"_:{value}")
        case "triple":
            return Cell("triple", " ".join(_written(value[each]) for each in _POSITIONS))
        case _:
            datatype = term.get("datatype", _STRING)
            note = "" if datatype == _STRING else shorten(datatype)
            return Cell("literal", value, language=term.get("xml:lang", ""), note=note)


_POSITIONS: Final = ("subject", "predicate", "object")


def _written(term: Term) -> str:
    """Write a term inside a triple term, which a table has no cells for."""
    match term["type"]:
        case "uri":
            return shorten(term["value"])
        case "triple":
            return " ".join(_written(term["value"][each]) for each in _POSITIONS)
        case _:
            return json.dumps(term["value"], ensure_ascii=False)
