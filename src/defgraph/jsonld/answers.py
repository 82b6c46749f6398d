"""The graph that a query constructed, as a JSON-LD document for people."""

from __future__ import annotations

import json

import pyoxigraph as ox

from defgraph.jsonld.compaction import compacted


def answer_document(ntriples: bytes) -> bytes:
    """Return the graph in *ntriples* compacted with our context, as indented JSON.

    Raises InexpressibleError for what JSON-LD has no way to say.
    """
    document = compacted(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
