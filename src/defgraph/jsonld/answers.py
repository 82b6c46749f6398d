"""The graph that a query constructed, as a JSON-LD document for people."""

from __future__ import annotations

import json
from typing import Final

import pyoxigraph as ox

from defgraph.errors import InexpressibleError
from defgraph.jsonld.compaction import compacted

MAX_BYTES: Final = 2**20
"""Of N-Triples: compacting them takes seconds, in a process where nothing can stop it."""


def answer_document(ntriples: bytes) -> bytes:
    """Return the graph in *ntriples* compacted with our context, as indented JSON.

    Raises InexpressibleError for what JSON-LD has no way to say, and for more than MAX_BYTES.
    """
    if len(ntriples) > MAX_BYTES:
        raise InexpressibleError(
            "JSON-LD", f"it has more than {MAX_BYTES:,} bytes as N-Triples, which is too much"
        )
    document = compacted(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
