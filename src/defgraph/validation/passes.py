"""The two passes over a dataset: the whole, then each source's graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph import sources, turtle
from defgraph.namespaces import (
    ALIGNMENTS_GRAPH,
    DEF,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDFS,
    SKOS,
)
from defgraph.sources import SourceFile
from defgraph.validation.engine import Engine, run
from defgraph.validation.paths import Inverse, Predicate, in_sparql
from defgraph.validation.report import Place, Report, Result, Term

_TYPE: Final = ox.NamedNode(RDF + "type")
_SOURCE: Final = ox.NamedNode(DEF + "Source")
_ONTOLOGY: Final = ox.NamedNode(ONTOLOGY_GRAPH)
_ALIGNMENTS: Final = ox.NamedNode(ALIGNMENTS_GRAPH)
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)
_NAMES: Final = (ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "prefLabel"))


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes graphs of the two passes."""

    dataset: tuple[ox.Triple, ...]
    source: tuple[ox.Triple, ...]


@cache
def shipped_shapes() -> Shapes:
    """The shapes that come with the ontology. Raises a SourceError for a file that is broken."""
    return Shapes(dataset=_read(sources.shape_files()), source=_read(sources.source_shape_files()))


def validate(
    store: ox.Store,
    *,
    files: Iterable[SourceFile] = (),
    shapes: Shapes | None = None,
    engine: Engine | None = None,
) -> Report:
    """Judge the dataset in *store* by *shapes*, the shipped ones by default.

    *files* tell which file a graph comes from, so that results can name it. The types that only
    inference gives are left out: a state's property given to a person would otherwise make the
    person a state, and nothing would be wrong.

    Raises ShapeError when a shape cannot be used.
    """
    shapes = shapes or shipped_shapes()
    found = run(_dataset(store), shapes.dataset, engine=engine)
    if shapes.source:
        for graph in _source_graphs(store):
            found += run(_source(store, graph), shapes.source, engine=engine)
    places = {file.graph_name: Place(file.graph_name, str(file.path)) for file in files}
    described = {_described(result, store, places) for result in found}
    return Report(tuple(sorted(described, key=_order)))


def _read(files: Iterable[Path]) -> tuple[ox.Triple, ...]:
    return tuple(quad.triple for file in files for quad in turtle.parse(file))


def _dataset(store: ox.Store) -> set[ox.Triple]:
    return {
        quad.triple
        for quad in store
        if quad.graph_name != _ALIGNMENTS
        and not (quad.graph_name == _INFERRED and quad.predicate == _TYPE)
    }


def _source_graphs(store: ox.Store) -> list[ox.NamedNode]:
    """The named graphs that hold a source."""
    found = {quad.graph_name for quad in store.quads_for_pattern(None, _TYPE, _SOURCE, None)}
    return sorted((name for name in found - {_INFERRED} if isinstance(name, ox.NamedNode)), key=str)


def _source(store: ox.Store, graph: ox.NamedNode) -> set[ox.Triple]:
    """One source's graph, the ontology, and of everything else only what kind of thing it is."""
    kinds = store.quads_for_pattern(None, _TYPE, None, None)
    return {
        *(quad.triple for quad in store.quads_for_pattern(None, None, None, graph)),
        *(quad.triple for quad in store.quads_for_pattern(None, None, None, _ONTOLOGY)),
        *(q.triple for q in kinds if q.graph_name not in {_INFERRED, _ALIGNMENTS}),
    }


def _described(result: Result, store: ox.Store, places: dict[str, Place]) -> Result:
    """Add what the dataset tells about the nodes: their names, and where they come from."""
    graphs = sorted({name.value for name in _graphs(result, store)})
    return replace(
        result,
        places=tuple(places.get(name, Place(name)) for name in graphs),
        focus_label=_label(result.focus_node, store),
        value_label=_label(result.value, store),
    )


def _graphs(result: Result, store: ox.Store) -> set[ox.NamedNode]:
    """The graphs that make the faulty statement; else those that say what the focus node is."""
    node, value = result.focus_node, result.value
    patterns: list[tuple[Term | None, ox.NamedNode | None, Term | None]] = []
    match result.path:
        case Predicate(iri) if value is not None:
            patterns.append((node, ox.NamedNode(iri), value))
        case Predicate(iri):
            patterns.append((node, ox.NamedNode(iri), None))
        case Inverse(Predicate(iri)):
            patterns.append((value, ox.NamedNode(iri), node))
    patterns += [(node, _TYPE, None), (node, None, None)]
    for subject, predicate, object_ in patterns:
        if isinstance(subject, ox.NamedNode | ox.BlankNode):
            quads = store.quads_for_pattern(subject, predicate, object_, None)
            stated = {q.graph_name for q in quads} - {_INFERRED}
            if names := {name for name in stated if isinstance(name, ox.NamedNode)}:
                return names
    return set()


def _label(node: Term | None, store: ox.Store) -> str | None:
    """A name of *node*, in English if there is one."""
    if not isinstance(node, ox.NamedNode | ox.BlankNode):
        return None
    names = [
        quad.object
        for predicate in _NAMES
        for quad in store.quads_for_pattern(node, predicate, None, None)
        if isinstance(quad.object, ox.Literal)
    ]
    best = min(names, key=lambda name: (name.language != "en", str(name)), default=None)
    return best.value if best else None


def _order(result: Result) -> tuple[str, ...]:
    path = in_sparql(result.path, str) if result.path else ""
    return (
        str(result.focus_node),
        path,
        str(result.value or ""),
        result.component,
        str(result.shape),
        result.message,
    )
