"""The one place that knows the SHACL engine, which is pySHACL.

Another engine is another `run`: from a data graph and a shapes graph to results.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from defgraph.errors import ShapeError
from defgraph.terms import from_rdflib, triple_to_rdflib
from defgraph.validation.paths import read
from defgraph.validation.report import SH, VIOLATION, Result, Term

_LOGGERS: Final = ("rdflib.term", "pyshacl-validate")


def run(data_graph: Iterable[ox.Triple], shapes_graph: Iterable[ox.Triple]) -> list[Result]:
    """Validate *data_graph* against *shapes_graph*; neither is changed, nothing is fetched.

    Raises ShapeError when a shape cannot be used.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    with _quiet():
        data, shapes = _DataGraph(data_graph), _graph(tuple(shapes_graph))
        try:
            _, report, text = pyshacl.validate(
                data, shacl_graph=shapes, inplace=True, allow_infos=True, allow_warnings=True
            )
        except ReportableRuntimeError as exc:
            raise ShapeError(str(exc)) from exc
        if not isinstance(report, rdflib.Graph):
            raise ShapeError(text)
        found = ox.Dataset(
            ox.Quad(*(from_rdflib(term) for term in triple))  # type: ignore[arg-type]
            for triple in report
        )
    return list(_results(found))


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
    return prepareQuery(text)


@lru_cache(maxsize=4)
def _graph(triples: tuple[ox.Triple, ...]) -> rdflib.Graph:
    """The same shapes judge one dataset after another; pySHACL only reads them."""
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple_to_rdflib(triple))
    return graph


def _results(report: ox.Dataset) -> Iterator[Result]:
    """The results that the report itself has; those nested as ``sh:detail`` explain one of them."""
    for quad in report:
        if quad.predicate.value == SH + "result" and isinstance(quad.object, ox.BlankNode):
            yield _result(quad.object, report)


def _result(node: ox.BlankNode, report: ox.Dataset) -> Result:
    about: dict[str, list[Term]] = {}
    for quad in report.quads_for_subject(node):
        if not isinstance(quad.object, ox.Triple):
            about.setdefault(quad.predicate.value.removeprefix(SH), []).append(quad.object)

    def one(name: str) -> Term | None:
        return min(about[name], key=_english_first) if name in about else None

    path, shape = one("resultPath"), one("sourceShape")
    focus_node, component, message = (
        one("focusNode"),
        one("sourceConstraintComponent"),
        one("resultMessage"),
    )
    severity = one("resultSeverity")
    if focus_node is None or component is None or isinstance(shape, ox.Literal | None):
        raise ShapeError("the engine reported a result without focus node, component or shape")
    return Result(
        focus_node=focus_node,
        path=None if isinstance(path, ox.Literal | None) else read(path, report),
        value=one("value"),
        component=component.value,
        shape=shape,
        severity=severity.value if severity else VIOLATION,
        message=message.value if message else "",
    )


def _english_first(term: Term) -> tuple[bool, str]:
    language = term.language if isinstance(term, ox.Literal) else None
    return language not in {"en", None}, str(term)


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
