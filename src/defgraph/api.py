"""The graph in Python: ``g = defgraph.open()``, without a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, overload

import pyoxigraph as ox

from defgraph import loading, sources
from defgraph.engine.evaluation import evaluate
from defgraph.errors import NotAcceptableError, QueryEvaluationError
from defgraph.namespaces import PREFIXES, expand
from defgraph.results import Solutions, solutions
from defgraph.terms import triple_to_rdflib

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
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
        Python values. ASK gives a bool, CONSTRUCT and DESCRIBE a ``rdflib.Graph``, which a notebook
        shows as Turtle. The default graph is the union of the named graphs.

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

    @overload
    def frame(self, text: str, library: Literal["polars"] = ...) -> pl.DataFrame: ...
    @overload
    def frame(self, text: str, library: Literal["pandas"]) -> pd.DataFrame: ...
    def frame(
        self, text: str, library: Literal["polars", "pandas"] = "polars"
    ) -> pl.DataFrame | pd.DataFrame:
        """Answer a SELECT query as a data frame with real types: see :mod:`defgraph.analysis`.

        Raises what `query` does, NotAcceptableError for another form of query, and
        ExtraNeededError where the library is not installed.
        """
        from defgraph.analysis import frames

        found = self.query(text)
        if not isinstance(found, Solutions):
            raise NotAcceptableError(["the answer of 'query'; a frame holds what SELECT finds"])
        return frames.pandas_frame(found) if library == "pandas" else frames.polars_frame(found)

    def graphml(self) -> bytes:
        """Return the network of agreements as GraphML: see :mod:`defgraph.analysis.network`."""
        from defgraph.analysis import QUERIES, network

        return network.graphml(
            self._found(QUERIES.text("parties")), self._found(QUERIES.text("agreements"))
        )

    def geojson(self) -> bytes:
        """Return the states as GeoJSON: see :mod:`defgraph.analysis.geography`."""
        from defgraph.analysis import QUERIES, geography

        return geography.geojson(self._found(QUERIES.text("states")))

    def tables(self) -> Mapping[str, bytes]:
        """Return a CSV table for each class by its name: see :mod:`defgraph.analysis.tables`."""
        from defgraph.analysis import QUERIES, tables

        classes = tables.names(self._found(QUERIES.text("classes")))
        return {
            name: tables.table(self._found(QUERIES.about("things", [iri])))
            for name, iri in classes.items()
        }

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

    def _found(self, text: str) -> Solutions:
        return cast(Solutions, self.query(text))

    def _repr_html_(self) -> str:
        """What a notebook shows of it."""
        graphs = sum(1 for _ in self.dataset.named_graphs())
        return f"<p>A dataset of {len(self.dataset):,} quads in {graphs:,} named graphs</p>"


def _rdflib_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    from defgraph.notebooks import ShownGraph

    graph = ShownGraph()
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
