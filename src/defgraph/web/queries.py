"""The queries that the pages themselves ask, one a file beside this module."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, TypeAlias

from defgraph.media_types import by_name
from defgraph.negotiation import FormatChoice
from defgraph.store.protocol import Store

Term: TypeAlias = Mapping[str, Any]
"""An RDF term as SPARQL 1.1 Query Results JSON writes it (section 3.2.2)."""

Binding: TypeAlias = Mapping[str, Term]

RESULTS_AS_JSON: Final = FormatChoice(results=by_name("json").media_type, graph=None)

_NO_VALUES: Final = "{ }"
_IRI = re.compile(r"[^\x00-\x20<>\"{}|\\^`]+")


@cache
def text(name: str) -> str:
    """Return the query in ``queries/<name>.rq``."""
    return (resources.files(__package__) / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def text_about(name: str, iris: Iterable[str]) -> str:
    """Return the query in ``queries/<name>.rq`` with *iris* in its empty ``VALUES`` block.

    What is no IRI is left out, so that nothing but IRIs can get into the query.
    """
    values = " ".join(f"<{iri}>" for iri in iris if _IRI.fullmatch(iri))
    return text(name).replace(_NO_VALUES, f"{{ {values} }}", 1)


async def graph_exists(store: Store, graph: str) -> bool:
    """Tell whether *store* holds a triple in the named graph; raises what `Store.query` raises."""
    found = await store.query("ASK { ?s ?p ?o }", accept=RESULTS_AS_JSON, default_graphs=[graph])
    return json.loads(found.body)["boolean"] is True


async def ask(store: Store, query: str) -> list[dict[str, str]]:
    """Return the solutions of a SELECT query as the plain text of their terms."""
    answer = await store.query(query, accept=RESULTS_AS_JSON)
    solutions: list[Binding] = json.loads(answer.body)["results"]["bindings"]
    return [{name: term["value"] for name, term in each.items()} for each in solutions]
