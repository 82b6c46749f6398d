"""Asking a store for the parts of a document: solutions as terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from defgraph.negotiation import JSON_RESULTS
from defgraph.query_files import QueryFiles
from defgraph.store.protocol import Store

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Solution: TypeAlias = dict[str, Term]

QUERIES: Final = QueryFiles(__package__)


@dataclass(frozen=True, slots=True)
class Solutions:
    """What a SELECT answers, and which generation of the dataset was asked, where that is known."""

    generation: int | None
    bindings: tuple[Solution, ...]


async def ask(store: Store, query: str) -> Solutions:
    """Return the solutions of a SELECT query; raises what `Store.query` raises."""
    answer = await store.query(query, accept=JSON_RESULTS)
    parsed = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(parsed, ox.QuerySolutions):
        raise TypeError("this asks for solutions, so the query has to be a SELECT")
    names = [variable.value for variable in parsed.variables]
    bindings = tuple(
        {name: term for name in names if (term := solution[name]) is not None}
        for solution in parsed
    )
    return Solutions(answer.generation, bindings)
