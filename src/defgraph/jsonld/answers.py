"""A graph that a query constructed, as a JSON-LD document for people.

The store calls this by its name, in a worker that may open no file: see
:class:`defgraph.engine.profile.GraphWriter`.
"""

from __future__ import annotations

import json
from typing import Final

import pyoxigraph as ox

from defgraph.jsonld.compaction import compacted
from defgraph.media_types import by_name

WRITERS: Final = {by_name("jsonld").media_type: __name__}
"""For a profile: have JSON-LD written here."""


def write(ntriples: bytes) -> bytes:
    """Return the graph in *ntriples* compacted with our context, as indented JSON.

    Raises InexpressibleError for what JSON-LD has no way to say.
    """
    document = compacted(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def prepare() -> None:
    """Read our context, and import what compacts."""
    write(b"<http://a/s> <http://a/p> _:o .\n")
