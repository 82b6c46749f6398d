"""The dataset that is served: its name, what it says of itself, and what there is to download."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from defgraph.documents.colophon import Colophon, read_colophon
from defgraph.dumps.plan import COMPRESSED, files_of_dataset
from defgraph.errors import EndpointError, LimitError
from defgraph.namespaces import DATASET, ONTOLOGY_GRAPH
from defgraph.store.protocol import DumpableStore, State, Store
from defgraph.web.queries import graph_exists


async def is_ours(store: Store) -> bool:
    """Tell whether *store* holds our ontology, as every dataset of ours does."""
    return await graph_exists(store, ONTOLOGY_GRAPH)


async def dataset_at(store: Store, base: str) -> str:
    """Return the IRI of the dataset of *store*, which is served at *base*."""
    return DATASET if await is_ours(store) else f"{base}.well-known/void#dataset"


class Colophons:
    """What the dataset in *store* says of itself; read anew when it has another state."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reading = asyncio.Lock()
        self._known: tuple[State, Colophon] | None = None

    async def now(self) -> Colophon:
        """Return it as it is; nothing, where an endpoint does not answer that."""
        async with self._reading:
            state = self._store.state
            if self._known is not None and self._known[0] == state:
                return self._known[1]
            found = Colophon()
            with suppress(LimitError, EndpointError):
                found = await read_colophon(self._store)
            self._known = None if state is None else (state, found)
            return found


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
