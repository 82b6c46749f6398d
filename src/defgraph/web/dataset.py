"""What the dataset that is served is called, and what there is to download of it."""

from __future__ import annotations

from defgraph.dumps.plan import COMPRESSED, files_of_dataset
from defgraph.namespaces import DATASET, ONTOLOGY_GRAPH
from defgraph.store.protocol import DumpableStore, Store
from defgraph.web.queries import graph_exists


async def is_ours(store: Store) -> bool:
    """Tell whether *store* holds our ontology, as every dataset of ours does."""
    return await graph_exists(store, ONTOLOGY_GRAPH)


async def dataset_at(store: Store, base: str) -> str:
    """Return the IRI of the dataset of *store*, which is served at *base*."""
    return DATASET if await is_ours(store) else f"{base}.well-known/void#dataset"


def has_dumps(store: Store) -> bool:
    """Tell whether the dataset of *store* can be taken away as a whole."""
    return isinstance(store, DumpableStore) and store.profile.dumper is not None


def dumps_of(store: Store, base: str) -> dict[str, str]:
    """Return the media type of each dump of the whole dataset, by its address, compressed or not.

    They need not be written yet.
    """
    if not has_dumps(store):
        return {}
    found = {}
    for form, name in files_of_dataset():
        found[f"{base}dumps/{name}"] = form.media_type
        found[f"{base}dumps/{name}{COMPRESSED}"] = "application/gzip"
    return found
