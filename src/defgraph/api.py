"""The graph in Python: ``g = defgraph.open()``, without a server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from defgraph import loading, sources
from defgraph.engine.evaluation import evaluate
from defgraph.errors import QueryEvaluationError
from defgraph.namespaces import PREFIXES, expand
from defgraph.results import Solutions, solutions
from defgraph.terms import triple_to_rdflib

if TYPE_CHECKING:
    import rdflib

Result: TypeAlias = "Solutions | bool | rdflib.Graph"


def open(data: Path | str | Iterable[Path | str] | None = None) -> Defgraph:
    """Open the shipped dataset, or the Turtle at *data* with the same ontology.

    *data* is a file, a folder or several of them. Raises a SourceError that says which file cannot
    be taken, and where in it.
    """
    if data is None:
        return Defgraph(loading.load())
    paths = [data] if isinstance(data, str | Path) else list(data)
    return Defgraph(loading.load(sources.data_at(paths)))


class Defgraph:
    """A dataset to ask, hand to RDFLib, or write out."""

    def __init__(self, dataset: ox.Store) -> None:
        self.dataset = dataset

    def query(self, text: str) -> Result:
        """Answer a SPARQL query; our prefixes need no declaration.

        SELECT gives :class:`~defgraph.results.Solutions`: a sequence of one dict a solution, with
        Python values. ASK gives a bool, CONSTRUCT and DESCRIBE a ``rdflib.Graph``. The default
        graph is the union of the named graphs.

        Raises QuerySyntaxError, QueryRefusedError (SERVICE) and QueryEvaluationError.
        """
        results = evaluate(self.dataset, text)
        try:
            if isinstance(results, ox.QueryBoolean):
                return bool(results)
            if isinstance(results, ox.QuerySolutions):
                return solutions(results)
            return _rdflib_graph(results)
        except (RuntimeError, ValueError, OSError) as error:
            raise QueryEvaluationError(str(error)) from error

    def rdflib(self) -> rdflib.Dataset:
        """Return a copy as an RDFLib Dataset: named graphs kept, default graph their union."""
        import rdflib

        copy = rdflib.Dataset(default_union=True)
        _bind(copy)
        for quad in self.dataset:
            graph = (
                rdflib.URIRef(quad.graph_name.value)
                if isinstance(quad.graph_name, ox.NamedNode)
                else copy.default_graph.identifier
            )
            copy.graph(graph).add(triple_to_rdflib(quad.triple))
        return copy

    def export(self, format: str = "turtle", graph: str | None = None) -> bytes:  # noqa: A002
        """Write the dataset, or the named graph *graph*, in the format of this name.

        Raises UnknownFormatError and UnknownGraphError.
        """
        from defgraph.export import export

        return export(self.dataset, format, graph)

    def document(self, thing: str) -> dict[str, Any]:
        """Return what is said of *thing* (an IRI or a prefixed name) as plain JSON, in JSON-LD.

        Its parts are nested in it: an agreement's provisions and its signing, and the claims about
        each. Raises UnknownThingError.
        """
        from defgraph.jsonld import document

        return document(self.dataset, expand(thing))


def _rdflib_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    import rdflib

    graph = rdflib.Graph()
    _bind(graph)
    for triple in triples:
        try:
            graph.add(triple_to_rdflib(triple))
        except TypeError as error:
            raise QueryEvaluationError("the answer holds a triple term of RDF 1.2") from error
    return graph


def _bind(graph: rdflib.Graph) -> None:
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri, replace=True)
