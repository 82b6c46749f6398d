"""What the dataset that is served is called, and whether it is ours to speak for."""

from __future__ import annotations

from defgraph.namespaces import DATASET, ONTOLOGY_GRAPH
from defgraph.store.protocol import Store
from defgraph.web.queries import graph_exists


async def is_ours(store: Store) -> bool:
    """Tell whether *store* holds our ontology, as every dataset of ours does."""
    return await graph_exists(store, ONTOLOGY_GRAPH)


async def dataset_at(store: Store, base: str) -> str:
    """Return the IRI of the dataset of *store*, which is served at *base*."""
    return DATASET if await is_ours(store) else f"{base}.well-known/void#dataset"
