"""pySHACL, the reference: slow, pure Python, and the judge of the other engine in the tests."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import pyoxigraph as ox
import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from defgraph.errors import ShapeError
from defgraph.terms import from_rdflib, triple_to_rdflib

_LOGGERS: Final = ("rdflib.term", "pyshacl-validate")


def report(data_graph: Iterable[ox.Triple], shapes_graph: tuple[ox.Triple, ...]) -> ox.Dataset:
    """Return the report graph of *data_graph* by *shapes_graph*.

    Raises ShapeError when a shape cannot be used.
    """
    with _quiet():
        data, shapes = _DataGraph(data_graph), _graph(shapes_graph)
        try:
            _, found, text = pyshacl.validate(
                data, shacl_graph=shapes, inplace=True, allow_infos=True, allow_warnings=True
            )
        except (ReportableRuntimeError, NotImplementedError) as exc:
            raise ShapeError(str(exc)) from exc
        if not isinstance(found, rdflib.Graph):
            raise ShapeError(text)
        return ox.Dataset(
            ox.Quad(*(from_rdflib(term) for term in triple))  # type: ignore[arg-type]
            for triple in found
        )


class _DataGraph(rdflib.Graph):
    """A graph that parses a constraint's query once, not for each focus node.

    Parsing was three quarters of the time of a validation of the shipped dataset.
    """

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        super().__init__(bind_namespaces="none")
        for triple in triples:
            self.add(triple_to_rdflib(triple))

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> rdflib.query.Result:  # noqa: ANN401
        """Answer as any RDFLib graph does."""
        if isinstance(query_object, str):
            query_object = _prepared(query_object)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    try:
        return prepareQuery(text)
    except Exception as exc:  # rdflib says "unknown prefix" so
        raise ShapeError(str(exc)) from exc


@lru_cache(maxsize=4)
def _graph(triples: tuple[ox.Triple, ...]) -> rdflib.Graph:
    """The same shapes judge one dataset after another; pySHACL only reads them."""
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple_to_rdflib(triple))
    return graph


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the libraries would tell a developer from whoever only wants the report."""
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    for name in levels:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
