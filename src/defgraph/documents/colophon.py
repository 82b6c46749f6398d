"""What the data say of themselves: what the dataset is called, who made it, under which licence.

Nothing is known of a dataset but what it says. A graph speaks for itself where its own IRI is the
subject, or where it describes one dataset or ontology and no other. The dataset as a whole speaks
by its own IRI, or by the only description that there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, Solution, ask
from defgraph.namespaces import DATASET, INFERRED_GRAPH, PREFIXES, VOID_GRAPH
from defgraph.store.protocol import OwnStore, Store

Graph: TypeAlias = str | None
"""The IRI of a named graph; None is the default graph."""

COMPUTED: Final = frozenset({INFERRED_GRAPH, VOID_GRAPH})
"""The graphs that follow from the others."""

_DCTERMS: Final = PREFIXES["dcterms"]


@dataclass(slots=True)
class Described:
    """What one dataset says of itself; texts by language tag, creators and licences as IRIs."""

    iri: str
    titles: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    creators: list[str] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is called, in English if it says so; empty: it does not say."""
        return _best(self.titles)

    @property
    def description(self) -> str:
        """What it is, in English if it says so; empty: it does not say."""
        return _best(self.descriptions)

    def take(self, predicate: str, term: object) -> None:
        """Add a statement of it."""
        if isinstance(term, ox.NamedNode):
            wanted = {_DCTERMS + "creator": self.creators, _DCTERMS + "license": self.licences}
            if predicate in wanted and term.value not in wanted[predicate]:
                wanted[predicate].append(term.value)
        elif isinstance(term, ox.Literal):
            texts = {_DCTERMS + "title": self.titles, _DCTERMS + "description": self.descriptions}
            if predicate in texts:
                texts[predicate].setdefault(term.language or "", term.value)


@dataclass(frozen=True, slots=True)
class Colophon:
    """What one state of a dataset says of itself and of its graphs."""

    graphs: frozenset[Graph] = frozenset()
    datasets: Mapping[str, Described] = field(default_factory=dict)
    of_graphs: Mapping[Graph, tuple[str, ...]] = field(default_factory=dict)  # their licences

    def whole(self, base: str) -> Described:
        """Return what is said of the whole, which is served at *base*: it may be nothing."""
        for iri in (DATASET, f"{base}.well-known/void#dataset"):
            if iri in self.datasets:
                return self.datasets[iri]
        if len(self.datasets) == 1:
            return next(iter(self.datasets.values()))
        return Described(f"{base}.well-known/void#dataset")

    @property
    def licences(self) -> tuple[str, ...]:
        """The licences that all is under; none, where a graph does not say."""
        return self.licences_of(self.graphs)

    def licences_of(self, graphs: Iterable[Graph]) -> tuple[str, ...]:
        """Return the licences of what stands in *graphs*; none, where one of them does not say."""
        found: set[str] = set()
        for each in set(graphs) - COMPUTED:
            said = self.of_graphs.get(each, ())
            if not said:
                return ()
            found.update(said)
        return tuple(sorted(found))


async def read_colophon(store: Store) -> Colophon:
    """Read what *store* says of itself; raises what `Store.query` raises."""
    said = (await ask(store, QUERIES.text("colophon"))).bindings
    named = (await ask(store, QUERIES.text("named_graphs"))).bindings
    graphs: set[Graph] = {_iri(each["graph"]) for each in named}
    is_apart = isinstance(store, OwnStore) and not store.profile.default_graph_is_union
    if is_apart and (await ask(store, "SELECT ?s { ?s ?p ?o } LIMIT 1")).bindings:
        graphs.add(None)
    by_graph: dict[Graph, dict[str, Described]] = {}
    of_named = {each["dataset"] for each in said if "graph" in each}
    for each in said:
        if "graph" in each or each["dataset"] not in of_named:
            graph = _iri(each["graph"]) if "graph" in each else None
            graphs.add(graph)
            _take(by_graph.setdefault(graph, {}), each)
    datasets: dict[str, Described] = {}
    for each in said:
        _take(datasets, each)
    return Colophon(
        frozenset(graphs),
        datasets,
        {graph: tuple(_of_itself(graph, found)) for graph, found in by_graph.items()},
    )


def _of_itself(graph: Graph, found: Mapping[str, Described]) -> Iterable[str]:
    if graph is not None and graph in found:
        return found[graph].licences
    return next(iter(found.values())).licences if len(found) == 1 else ()


def _take(datasets: dict[str, Described], said: Solution) -> None:
    iri = _iri(said["dataset"])
    datasets.setdefault(iri, Described(iri)).take(_iri(said["property"]), said["value"])


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _best(texts: Mapping[str, str]) -> str:
    return next((texts[each] for each in ("en", "", *sorted(texts)) if each in texts), "")
