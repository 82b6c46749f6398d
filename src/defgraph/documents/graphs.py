"""Named graphs as documents: all that a graph holds, and what there is to say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, ask
from defgraph.documents.names import Name, Names
from defgraph.documents.reading import Document, read
from defgraph.errors import UnknownGraphError, UnknownThingError
from defgraph.media_types import Format, by_name
from defgraph.negotiation import FormatChoice
from defgraph.query_files import Part
from defgraph.store.protocol import Store

LINKS: Final = 100
"""So many links a page has."""

# What is a document of the one is one of the other, and every endpoint writes the latter.
_WRITTEN_AS = {"trig": "turtle", "nquads": "ntriples"}


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a graph holds, and the first things in it by kind."""

    statements: int
    subjects: int
    things: tuple[tuple[Name, tuple[Name, ...]], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Line *number* of the links of a graph, which counts from 1."""

    number: int
    ours: Name
    relation: Name
    theirs: Name


@dataclass(frozen=True, slots=True)
class Links:
    """A page of the links of a graph."""

    links: tuple[Link, ...]
    has_next: bool


async def read_links(store: Store, graph: str, page: int) -> Links:
    """Return page number *page* of the links that *graph* holds, in order.

    Raises UnknownThingError for a page behind the first that has none.
    """
    start = (page - 1) * LINKS
    found = await ask(store, QUERIES.about("links_of_graph", [graph], Part(start, LINKS + 1)))
    links = [tuple(map(_text, each.values())) for each in found.bindings]
    if page > 1 and not links:
        raise UnknownThingError(graph)
    shown = links[:LINKS]
    names = Names(await _labels(store, sorted({iri for link in shown for iri in link})))
    return Links(
        tuple(
            Link(number, names[ours], names.of_property(relation), names[theirs])
            for number, (ours, relation, theirs) in enumerate(shown, start + 1)
        ),
        len(links) > LINKS,
    )


async def read_graph(store: Store, graph: str, form: Format) -> tuple[bytes, int | None]:
    """Return all triples of *graph* as *form*, and the generation that they are of.

    Raises UnknownGraphError, what `Store.query` raises, and InexpressibleError.
    """
    await check_graph(store, graph)
    wanted = by_name(_WRITTEN_AS.get(form.name, form.name)).media_type
    answer = await store.query(
        QUERIES.about("graph", [graph]), accept=FormatChoice(results=None, graph=wanted)
    )
    return answer.body, answer.generation


async def check_graph(store: Store, graph: str) -> None:
    """Raise UnknownGraphError where *store* holds no triple in *graph*."""
    found = await ask(store, QUERIES.about("in_graph", [graph]))
    if not found.bindings:
        raise UnknownGraphError(graph, ())


async def read_contents(store: Store, graph: str) -> Contents:
    """Count and list what *graph* holds; raises UnknownGraphError where that is nothing."""
    size = (await ask(store, QUERIES.about("graph_size", [graph]))).bindings[0]
    statements, subjects = (int(_text(size[name])) for name in ("statements", "subjects"))
    if not statements:
        raise UnknownGraphError(graph, ())
    found = await ask(store, QUERIES.about("graph_things", [graph]))
    pairs = [(_text(each["kind"]), _text(each["thing"])) for each in found.bindings]
    iris = sorted({iri for pair in pairs for iri in pair})
    names = Names(await _labels(store, iris))
    return Contents(
        statements,
        subjects,
        tuple(
            (names[kind], tuple(names[thing] for _, thing in members))
            for kind, members in groupby(pairs, lambda pair: pair[0])
        ),
    )


async def read_description(store: Store, graph: str) -> Document:
    """Return what is known of *graph* itself, which may be nothing."""
    try:
        found = await read(store, graph)
    except UnknownThingError:
        return Document(
            graph, 1, has_next=False, generation=None, own=(), pointing=(), evidence=(), labels=()
        )
    return replace(found, has_next=False)


async def _labels(store: Store, iris: list[str]) -> Iterator[ox.Quad]:
    found = [
        each
        for start in range(0, len(iris), 250)
        for each in (await ask(store, QUERIES.about("labels", iris[start : start + 250]))).bindings
    ]
    return (
        ox.Quad(each["subject"], each["predicate"], each["object"])  # type: ignore[arg-type]
        for each in found
    )


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
