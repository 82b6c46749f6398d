"""A document in a format of RDF: each says the same triples, and the same bytes each time."""

from __future__ import annotations

import asyncio
from typing import Final

import pyoxigraph as ox

from defgraph import export
from defgraph.documents.reading import Document
from defgraph.engine import tasks
from defgraph.engine.evaluation import write_about, write_graph
from defgraph.engine.profile import Profile
from defgraph.jsonld.answers import WRITERS
from defgraph.media_types import Format
from defgraph.store.protocol import OwnStore, Store

_MAX_BYTES: Final = 64 * 1024 * 1024
_OURS: Final = Profile(writers=WRITERS)


async def write(document: Document, form: Format, store: Store) -> bytes:
    """Return *document* as *form*; TriG and N-Quads tell which graph says what.

    JSON-LD is one object, the thing with all else in it, and is written by *store* within its
    limits where it can do that. Raises InexpressibleError for what RDF/XML or JSON-LD cannot say.
    """
    if form.media_type not in WRITERS:
        return await asyncio.to_thread(_written, document, form)
    ntriples = await asyncio.to_thread(_ntriples, document)
    if isinstance(store, OwnStore) and form.media_type in store.profile.writers:
        return (await store.ask(tasks.write_about(document.iri, ntriples, form.media_type))).body
    return await asyncio.to_thread(
        write_about, ntriples, document.iri, form.media_type, _MAX_BYTES, _OURS
    )


def _written(document: Document, form: Format) -> bytes:
    quads = document.quads
    if not form.holds_graphs:
        quads = _merged(quads)
    is_hard = _has_blank_nodes(quads)
    if is_hard and form.name == "turtle":
        return write_graph((quad.triple for quad in quads), form.media_type, _MAX_BYTES, Profile())
    # Canonical labels may take exponential time on blank nodes that were built for that.
    return export.serialise(quads, form.name, canonical=not is_hard)


def _ntriples(document: Document) -> bytes:
    return export.serialise(_merged(document.quads), "ntriples", canonical=False)


def _merged(quads: frozenset[ox.Quad]) -> frozenset[ox.Quad]:
    return frozenset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def _has_blank_nodes(quads: frozenset[ox.Quad]) -> bool:
    return any(isinstance(term, ox.BlankNode) for quad in quads for term in quad)
