"""The package `shacl`: SHACL in Rust, over twenty times as fast as pySHACL on our shapes.

It takes text and gives text. Where it does otherwise than pySHACL, that is made good here: blank
nodes get their names back, a property shape without a path is refused, and a SPARQL constraint of a
property shape that names no value has none.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import pyoxigraph as ox
import shacl

from defgraph.errors import ShapeError
from defgraph.namespaces import RDF
from defgraph.validation.report import SH

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_N_TRIPLES: Final = "ntriples"
_IS_PROPERTY_SHAPE: Final = (ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "PropertyShape"))
_VALUE: Final = re.compile(r"[?$]value\b")


def report(data_graph: Iterable[ox.Triple], shapes_graph: tuple[ox.Triple, ...]) -> ox.Dataset:
    """Return the report graph of *data_graph* by *shapes_graph*.

    Raises ShapeError when a shape cannot be used.
    """
    shapes = _compiled(shapes_graph)
    blank_nodes = _BlankNodes("0", first=len(shapes.blank_nodes.numbers))
    data = _n_triples(data_graph, blank_nodes)
    try:
        found = shapes.compiled.validate_text(data, _N_TRIPLES, allow_warnings=True)
    except ValueError as exc:
        raise ShapeError(str(exc)) from exc
    names = blank_nodes.names() | shapes.blank_nodes.names()
    graph = ox.Dataset(_renamed(found.serialize(_N_TRIPLES), names))
    for quad in list(_not_asked_for(graph, shapes.without_value)):
        graph.remove(quad)
    return graph


class _BlankNodes:
    """The blank nodes of a document, numbered in the order in which it first names them.

    `shacl` counts them so itself, first those of the shapes graph, then on with those of the data
    graph. Its report says ``0_b7`` for blank node 7 if it is one of the data, else ``1_b7``.
    """

    def __init__(self, scope: str, *, first: int = 0) -> None:
        self.numbers: dict[ox.BlankNode, int] = {}
        self._scope, self._first = scope, first

    def numbered(self, node: ox.BlankNode) -> ox.BlankNode:
        """The name of *node* in the document."""
        number = self.numbers.setdefault(node, self._first + len(self.numbers))
        return ox.BlankNode(f"b{number}")

    def names(self) -> dict[ox.BlankNode, ox.BlankNode]:
        """The blank nodes by what a report calls them."""
        return {ox.BlankNode(f"{self._scope}_b{n}"): node for node, n in self.numbers.items()}


@dataclass(frozen=True, slots=True)
class _Shapes:
    """A shapes graph, read once for all the datasets that it is to judge."""

    compiled: shacl.Shapes
    blank_nodes: _BlankNodes
    without_value: frozenset[_Node]  # the constraints whose query names no value


@lru_cache(maxsize=4)
def _compiled(shapes_graph: tuple[ox.Triple, ...]) -> _Shapes:
    _require_paths(shapes_graph)
    blank_nodes = _BlankNodes("1")
    try:
        compiled = shacl.Shapes.from_text(_n_triples(shapes_graph, blank_nodes), _N_TRIPLES)
    except ValueError as exc:
        raise ShapeError(str(exc)) from exc
    without_value = frozenset(
        triple.subject
        for triple in shapes_graph
        if triple.predicate.value == SH + "select" and not _VALUE.search(_text(triple.object))
    )
    return _Shapes(compiled, blank_nodes, without_value)


def _require_paths(shapes_graph: tuple[ox.Triple, ...]) -> None:
    """A property shape has a path (SHACL 2.3.1); without this, one that has none would be mute."""
    with_path = {t.subject for t in shapes_graph if t.predicate.value == SH + "path"}
    declared = {t.object for t in shapes_graph if t.predicate.value == SH + "property"} | {
        t.subject for t in shapes_graph if (t.predicate, t.object) == _IS_PROPERTY_SHAPE
    }
    for shape in declared - with_path:
        raise ShapeError(f"the property shape {shape} has no sh:path")


def _text(term: _Node) -> str:
    return term.value if isinstance(term, ox.Literal) else ""


def _n_triples(triples: Iterable[ox.Triple], blank_nodes: _BlankNodes) -> str:
    numbered = (_numbered(triple, blank_nodes) for triple in triples)
    text = io.BytesIO()
    ox.serialize(numbered, text, format=ox.RdfFormat.N_TRIPLES)
    return text.getvalue().decode()


def _numbered(triple: ox.Triple, blank_nodes: _BlankNodes) -> ox.Triple:
    subject, object_ = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = blank_nodes.numbered(subject)
    if isinstance(object_, ox.BlankNode):
        object_ = blank_nodes.numbered(object_)
    elif isinstance(object_, ox.Triple):
        object_ = _numbered(object_, blank_nodes)
    elif subject is triple.subject:
        return triple
    return ox.Triple(subject, triple.predicate, object_)


def _renamed(report: str, names: dict[ox.BlankNode, ox.BlankNode]) -> Iterator[ox.Quad]:
    """Read a report; the blank nodes that are its own get names that no other graph has."""
    for quad in ox.parse(report, format=ox.RdfFormat.N_TRIPLES):
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, ox.BlankNode):
            subject = names.setdefault(subject, ox.BlankNode())
        if isinstance(object_, ox.BlankNode):
            object_ = names.setdefault(object_, ox.BlankNode())
        yield ox.Quad(subject, quad.predicate, object_)


def _not_asked_for(report: ox.Dataset, constraints: frozenset[_Node]) -> Iterator[ox.Quad]:
    """The values that a result has only because the query of its constraint names none.

    A node shape then has the focus node as value; a property shape does not, since the focus node
    is no value of its path.
    """
    for quad in report:
        if quad.predicate.value == SH + "sourceConstraint" and quad.object in constraints:
            about = list(report.quads_for_subject(quad.subject))
            if any(other.predicate.value == SH + "resultPath" for other in about):
                yield from (other for other in about if other.predicate.value == SH + "value")
