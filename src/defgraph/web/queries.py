"""The queries that the pages themselves ask."""

from __future__ import annotations

import json
from typing import Final

import pyoxigraph as ox

from defgraph.documents import asking
from defgraph.negotiation import JSON_RESULTS
from defgraph.query_files import QueryFiles
from defgraph.store.protocol import Store

QUERIES: Final = QueryFiles(__package__)


async def graph_exists(store: Store, graph: str) -> bool:
    """Tell whether *store* holds a triple in the named graph; raises what `Store.query` raises."""
    found = await store.query("ASK { ?s ?p ?o }", accept=JSON_RESULTS, default_graphs=[graph])
    return json.loads(found.body)["boolean"] is True


async def ask(store: Store, query: str) -> list[dict[str, str]]:
    """Return the solutions of a SELECT query as the plain text of their terms."""
    found = await asking.ask(store, query)
    return [{name: _text(term) for name, term in each.items()} for each in found.bindings]


def _text(term: asking.Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
