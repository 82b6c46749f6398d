"""Asking a store for the parts of a document: queries from files, solutions as terms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from defgraph.media_types import by_name
from defgraph.namespaces import with_prefixes
from defgraph.negotiation import FormatChoice
from defgraph.store.protocol import Store

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Solution: TypeAlias = dict[str, Term]

_RESULTS: Final = FormatChoice(results=by_name("json").media_type, graph=None)
_NO_VALUES: Final = "{ }"
_NO_PART: Final = "LIMIT 0 OFFSET 0"
_IRI: Final = re.compile(r"[^\x00-\x20<>\"{}|\\^`]+")


class Part(NamedTuple):
    """Some of many solutions: *size* of them, from number *start*, which counts from 0."""

    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Solutions:
    """What a SELECT answers, and which generation of the dataset was asked, where that is known."""

    generation: int | None
    bindings: tuple[Solution, ...]


@cache
def text(name: str) -> str:
    """Return the query in ``queries/<name>.rq``, with the prefixes declared that it uses."""
    file = resources.files(__package__) / "queries" / f"{name}.rq"
    return with_prefixes(file.read_text(encoding="utf-8"))


def text_about(name: str, iris: Iterable[str], part: Part | None = None) -> str:
    """Return the query in ``queries/<name>.rq`` with *iris* in each empty ``VALUES`` block.

    What is no IRI is left out, so that nothing but IRIs can get into the query. With *part*, its
    ``LIMIT 0 OFFSET 0`` becomes that part of the solutions.
    """
    values = " ".join(f"<{iri}>" for iri in iris if is_iri(iri))
    query = text(name).replace(_NO_VALUES, f"{{ {values} }}")
    if part is not None:
        query = query.replace(_NO_PART, f"LIMIT {part.size} OFFSET {part.start}")
    return query


def is_iri(given: str) -> bool:
    """Whether *given* has none of the characters that no IRI has (SPARQL 1.1, rule IRIREF)."""
    return _IRI.fullmatch(given) is not None


async def ask(store: Store, query: str) -> Solutions:
    """Return the solutions of a SELECT query; raises what `Store.query` raises."""
    answer = await store.query(query, accept=_RESULTS)
    parsed = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(parsed, ox.QuerySolutions):
        raise TypeError("this asks for solutions, so the query has to be a SELECT")
    names = [variable.value for variable in parsed.variables]
    bindings = tuple(
        {name: term for name in names if (term := solution[name]) is not None}
        for solution in parsed
    )
    return Solutions(answer.generation, bindings)
