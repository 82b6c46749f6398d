"""Which graphs a dataset has, and how many triples each: what every description of it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, ask
from defgraph.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Sizes:
    """The triples of the default graph, and those of each named graph by its IRI, in order."""

    default: int
    named: Mapping[str, int]
    generation: int | None


async def read_sizes(store: Store) -> Sizes:
    """Count what the graphs of *store* hold; raises what `Store.query` raises."""
    found = await ask(store, QUERIES.text("sizes"))
    default, named = 0, {}
    for each in found.bindings:
        graph, triples = each.get("graph"), each.get("triples")
        count = int(triples.value) if isinstance(triples, ox.Literal) else 0
        if graph is None:
            default = count
        elif isinstance(graph, ox.NamedNode):
            named[graph.value] = count
    return Sizes(default, named, found.generation)
