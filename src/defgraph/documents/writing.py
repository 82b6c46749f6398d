"""A document in a format of RDF: each says the same triples, and the same bytes each time."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from defgraph import export
from defgraph.documents.reading import Document
from defgraph.engine.evaluation import write_graph
from defgraph.engine.profile import Profile
from defgraph.media_types import Format

_MAX_BYTES: Final = 64 * 1024 * 1024
_TRIPLES_ONLY: Final = frozenset({"jsonld"})


def write(document: Document, form: Format) -> bytes:
    """Return *document* as *form*; TriG and N-Quads tell which graph says what.

    Raises InexpressibleError for what RDF/XML or JSON-LD cannot say.
    """
    quads = document.quads
    if not form.holds_graphs or form.name in _TRIPLES_ONLY:
        quads = frozenset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    is_hard = any(isinstance(term, ox.BlankNode) for quad in quads for term in quad)
    if is_hard and form.name == "turtle":
        return write_graph((quad.triple for quad in quads), form.media_type, _MAX_BYTES, Profile())
    # Canonical labels may take exponential time on blank nodes that were built for that.
    return export.serialise(quads, form.name, canonical=not is_hard)
