"""What the dataset holds: its graphs, kinds of things, sources and claims, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph.namespaces import (
    ALIGNMENTS_GRAPH,
    DEF,
    INFERRED_GRAPH,
    LINKS_GRAPHS,
    ONTOLOGY_GRAPH,
    QUESTIONS_GRAPH,
    RDF,
    SKOS,
)

_TYPE: Final = ox.NamedNode(RDF + "type")
_NOT_DATA: Final = frozenset({INFERRED_GRAPH, ONTOLOGY_GRAPH, ALIGNMENTS_GRAPH, QUESTIONS_GRAPH})
_CONCEPTS: Final = SKOS + "inScheme"


@dataclass(frozen=True, slots=True)
class Source:
    """One source, and how much of it is in the dataset."""

    iri: str
    segments: int
    spans: int
    claims: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts; classes, modalities and graphs by IRI, the most frequent first."""

    quads: int
    graphs: dict[str, int]
    classes: dict[str, int]
    sources: tuple[Source, ...]
    modalities: dict[str, int]
    claims: int
    links: int


def statistics(store: ox.Store) -> Statistics:
    """Count what *store* holds.

    A class counts the things that the data, or a scheme of the ontology, says to be of it; what is
    only inferred is left out, or every thing would count once for each superclass.
    """
    modalities = Counter(
        quad.object.value
        for quad in _asserted(store, DEF + "hasModality")
        if isinstance(quad.object, ox.NamedNode)
    )
    linked = sum(
        isinstance(quad.graph_name, ox.NamedNode)
        and quad.graph_name.value.startswith(LINKS_GRAPHS)
        and quad.predicate.value.startswith(SKOS)
        for quad in store
    )
    claims = _instances(store, "Claim")
    return Statistics(
        quads=len(store),
        graphs=_ranked(Counter(_name(quad.graph_name) for quad in store)),
        classes=_ranked(_classes(store)),
        sources=tuple(_source(store, iri) for iri in sorted(_instances(store, "Source"))),
        modalities=_ranked(modalities),
        claims=len(claims),
        links=linked,
    )


def _classes(store: ox.Store) -> Counter[str]:
    in_schemes = {quad.subject for quad in _asserted(store, _CONCEPTS)}
    things = {
        (quad.subject, quad.object.value)
        for quad in store.quads_for_pattern(None, _TYPE, None, None)
        if isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(DEF)
        and (_name(quad.graph_name) not in _NOT_DATA or quad.subject in in_schemes)
        and _name(quad.graph_name) != INFERRED_GRAPH
    }
    return Counter(kind for _, kind in things)


def _source(store: ox.Store, iri: str) -> Source:
    source = ox.NamedNode(iri)
    segments = {
        quad.subject for quad in _asserted(store, DEF + "segmentOf") if quad.object == source
    }
    spans = {
        quad.subject for quad in _asserted(store, DEF + "inSegment") if quad.object in segments
    }
    claims = {quad.subject for quad in _asserted(store, DEF + "hasSpan") if quad.object in spans}
    return Source(iri, len(segments), len(spans), len(claims))


def _instances(store: ox.Store, kind: str) -> set[str]:
    quads = store.quads_for_pattern(None, _TYPE, ox.NamedNode(DEF + kind), None)
    return {
        quad.subject.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and _name(quad.graph_name) != INFERRED_GRAPH
    }


def _asserted(store: ox.Store, predicate: str) -> list[ox.Quad]:
    quads = store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)
    return [quad for quad in quads if _name(quad.graph_name) != INFERRED_GRAPH]


def _name(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    """The IRI of a graph; the default graph has none."""
    return graph.value if isinstance(graph, ox.NamedNode) else ""


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
