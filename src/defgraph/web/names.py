"""What people call the things that a page shows, asked of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from defgraph.documents.names import Name, name_of
from defgraph.store.protocol import Store
from defgraph.web.queries import QUERIES, ask

Names: TypeAlias = Mapping[str, Name]


async def names_of(store: Store, iris: Iterable[str]) -> dict[str, Name]:
    """Look up what *iris* are called: English goes first, then text without a language."""
    wanted = dict.fromkeys(iris)
    found: dict[str, dict[str, str]] = {iri: {} for iri in wanted}
    if wanted:
        for each in await ask(store, QUERIES.about("names", wanted)):
            found[each["thing"]].setdefault(each["language"], each["name"])
    return {iri: name_of(iri, labels) for iri, labels in found.items()}
