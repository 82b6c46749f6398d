"""What kind of dataset a store holds: ours, or one that we assume nothing about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from defgraph.namespaces import INFERRED_GRAPH, PREFIXES


@dataclass(frozen=True, slots=True)
class Profile:
    """How a dataset is asked, and what a write to it must stand."""

    prefixes: Mapping[str, str] = field(
        default_factory=lambda: dict(PREFIXES)
    )  # that are known anyway
    default_graph_is_union: bool = True  # of the named graphs, in queries
    gate: str | None = None  # the module that infers and judges: see defgraph.store.succession
    inferred_graph: str | None = INFERRED_GRAPH  # which nobody writes to
    base_iri: str | None = None  # what a relative IRI is of; None: it is a mistake
    services: Sequence[str] = ()  # the endpoints that a query may ask by SERVICE


PLAIN: Final = Profile(
    prefixes={},
    default_graph_is_union=False,
    inferred_graph=None,
    base_iri="http://localhost/sparql",
)
"""A dataset of the user's own: no prefixes of ours, no inference, no shapes."""
