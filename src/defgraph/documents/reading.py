"""What a document of a thing holds, read from a store.

==========  ====================================================================  =========
part        what it is                                                            of a page
==========  ====================================================================  =========
own         what is said of the thing, and of blank nodes in that, two deep       1000
pointing    what has the thing as a value                                         100
claims      the claims about it, their spans, and the segments these stand in     50
labels      what everything named in the other parts is called                    all
==========  ====================================================================  =========

A long document has several pages, each with the next of every part.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import pyoxigraph as ox

from defgraph.documents.addresses import document_iri
from defgraph.documents.asking import QUERIES, Solutions, ask
from defgraph.errors import RemovedThingError, StoreBusyError, UnknownNameError, UnknownThingError
from defgraph.namespaces import PREFIXES, RDF
from defgraph.query_files import Part, is_iri
from defgraph.store.protocol import Store

OWN: Final = 1000
POINTING: Final = 100
CLAIMS: Final = 50

_LABELS_AT_ONCE: Final = 250
_TRIES: Final = 5
_RETRY_AFTER_S: Final = 1

_TYPE: Final = ox.NamedNode(RDF + "type")
_FOAF: Final = PREFIXES["foaf"]
_DCTERMS: Final = PREFIXES["dcterms"]


@dataclass(frozen=True, slots=True)
class Document:
    """A page of what is known of the thing called *iri*.

    Each part is a tuple of quads without order; the default graph holds what no graph is known of.
    """

    iri: str
    page: int
    has_next: bool
    generation: int | None
    own: tuple[ox.Quad, ...]
    pointing: tuple[ox.Quad, ...]
    evidence: tuple[ox.Quad, ...]
    labels: tuple[ox.Quad, ...]
    licences: tuple[str, ...] = ()  # as far as what it is from says them

    @property
    def about(self) -> tuple[ox.Quad, ...]:
        """What the document says of itself, where it is not itself what it is about."""
        if document_iri(self.iri) == self.iri:
            return ()
        document, thing = ox.NamedNode(document_iri(self.iri)), ox.NamedNode(self.iri)
        return (
            ox.Quad(document, _TYPE, ox.NamedNode(_FOAF + "Document")),
            ox.Quad(document, ox.NamedNode(_FOAF + "primaryTopic"), thing),
            *(
                ox.Quad(document, ox.NamedNode(_DCTERMS + "license"), ox.NamedNode(each))
                for each in self.licences
            ),
        )

    @property
    def graphs(self) -> frozenset[str | None]:
        """The named graphs that it is from; None: the default graph, or it is not known which."""
        said = (*self.own, *self.pointing, *self.evidence)
        graphs = {each.graph_name for each in said}
        return frozenset(g.value if isinstance(g, ox.NamedNode) else None for g in graphs)

    @property
    def quads(self) -> frozenset[ox.Quad]:
        """All that it says, each statement in the graphs that it stands in."""
        return frozenset((*self.about, *self.own, *self.pointing, *self.evidence, *self.labels))


async def read(store: Store, iri: str, page: int = 1) -> Document:
    """Read page number *page*, which counts from 1, of the document of *iri*.

    All of it is of one generation of the dataset, where that is known. Raises UnknownThingError
    where nothing is known of *iri*, UnknownNameError where there is no such page, RemovedThingError
    where it was removed, and what `Store.query` raises.
    """
    if not is_iri(iri):
        raise UnknownThingError(iri)
    for _ in range(_TRIES):
        reader = _Reader(store)
        document = await reader.document(iri, page)
        if len(reader.generations) == 1:
            return replace(document, generation=reader.generations.pop())
    raise StoreBusyError(_RETRY_AFTER_S)


async def check_known(store: Store, iri: str) -> None:
    """Raise UnknownThingError or RemovedThingError, as `read` would, but read nothing."""
    if not is_iri(iri):
        raise UnknownThingError(iri)
    removed, known = await asyncio.gather(
        ask(store, QUERIES.about("removal", [iri])), ask(store, QUERIES.about("known", [iri]))
    )
    if removed.bindings:
        raise RemovedThingError(iri, _values(removed, "replacement"))
    if not known.bindings:
        raise UnknownThingError(iri)


class _Reader:
    """Reads one document, and keeps in mind which generations its parts are of."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.generations: set[int | None] = set()

    async def document(self, iri: str, page: int) -> Document:
        removed, own, pointing, claims = await asyncio.gather(
            self._ask(QUERIES.about("removal", [iri])),
            self._ask(QUERIES.about("own", [iri], _part(page, OWN))),
            self._ask(QUERIES.about("pointing", [iri], _part(page, POINTING))),
            self._ask(QUERIES.about("claims", [iri], _part(page, CLAIMS))),
        )
        if removed.bindings:
            raise RemovedThingError(iri, _values(removed, "replacement"))
        own_part, own_more = _page_of(own, OWN)
        pointing_part, pointing_more = _page_of(pointing, POINTING)
        claim_iris = list(_values(claims, "claim"))
        if not (own_part or pointing_part or claim_iris):
            if page > 1:
                await check_known(self._store, iri)
                raise UnknownNameError(iri, f"What is said about <{iri}> has no page {page:,}", ())
            raise UnknownThingError(iri)
        evidence: tuple[ox.Quad, ...] = ()
        if claim_iris:
            found = await self._ask(QUERIES.about("evidence", claim_iris[:CLAIMS]))
            evidence = tuple(_quads(found))
        named = _iris((*own_part, *pointing_part, *evidence))
        return Document(
            iri=iri,
            page=page,
            generation=None,
            has_next=own_more or pointing_more or len(claim_iris) > CLAIMS,
            own=own_part,
            pointing=pointing_part,
            evidence=evidence,
            labels=await self._labels(sorted({iri} | named)),
        )

    async def _labels(self, iris: Iterable[str]) -> tuple[ox.Quad, ...]:
        waiting = iter(iris)
        found: list[ox.Quad] = []
        while some := list(islice(waiting, _LABELS_AT_ONCE)):
            found += _quads(await self._ask(QUERIES.about("labels", some)))
        return tuple(found)

    async def _ask(self, query: str) -> Solutions:
        found = await ask(self._store, query)
        self.generations.add(found.generation)
        return found


def _part(page: int, size: int) -> Part:
    """Return a page of *size* solutions and one more, which tells whether there is a next page."""
    return Part((page - 1) * size, size + 1)


def _page_of(found: Solutions, size: int) -> tuple[tuple[ox.Quad, ...], bool]:
    """Return the quads of the first *size* statements, and whether there are more."""
    by_statement: dict[ox.Triple, list[ox.Quad]] = {}
    for quad in _quads(found):
        by_statement.setdefault(quad.triple, []).append(quad)
    kept = islice(by_statement.values(), size)
    return tuple(quad for quads in kept for quad in quads), len(by_statement) > size


def _quads(found: Solutions) -> Iterator[ox.Quad]:
    for each in found.bindings:
        graph = each.get("graph", ox.DefaultGraph())
        yield ox.Quad(each["subject"], each["predicate"], each["object"], graph)  # type: ignore[arg-type]


def _values(found: Solutions, name: str) -> Iterator[str]:
    """The IRIs that *name* is bound to."""
    for each in found.bindings:
        term = each.get(name)
        if isinstance(term, ox.NamedNode):
            yield term.value


def _iris(quads: Iterable[ox.Quad]) -> set[str]:
    """Every IRI in *quads* that may be called something."""
    named = {
        term.value
        for quad in quads
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, ox.NamedNode)
    }
    return {iri for iri in named if is_iri(iri)}
