"""A graph that a query constructed, as a JSON-LD document for people.

The store calls this by its name, in a worker that may open no file: see
:class:`defgraph.engine.profile.GraphWriter`.
"""

from __future__ import annotations

import json
from typing import Final

import pyoxigraph as ox

from defgraph.jsonld.compaction import compacted, framed
from defgraph.media_types import by_name

WRITERS: Final = {by_name("jsonld").media_type: __name__}
"""For a profile: have JSON-LD written here."""


def write(ntriples: bytes, thing: str | None = None) -> bytes:
    """Return the graph in *ntriples* compacted with our context, a term a line, as indented JSON.

    Where a *thing* is named, it is one object: that thing, with all others in it.

    Raises InexpressibleError for what JSON-LD has no way to say.
    """
    triples = ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)
    document = compacted(triples) if thing is None else framed(triples, thing)
    terms = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(definition, ensure_ascii=False)}"
        for name, definition in document.pop("@context").items()
    )
    text = json.dumps(document, ensure_ascii=False, indent=2).removeprefix("{").lstrip()
    return f'{{\n  "@context": {{\n{terms}\n  }},\n  {text}\n'.encode()


def prepare() -> None:
    """Read our context, and import what compacts."""
    write(b"<http://a/s> <http://a/p> _:o .\n")
