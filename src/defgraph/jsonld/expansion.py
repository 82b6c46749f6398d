"""RDF quads as expanded JSON-LD, with nothing lost.

The algorithm is the standard's (JSON-LD 1.1 API, section 8.4), but stricter in what it takes for
a list: reading the document back must give the same dataset, so a cell that is typed, shared,
named by an IRI, or also spoken of in another graph stays an ordinary node.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from defgraph.errors import InexpressibleError
from defgraph.namespaces import RDF, XSD

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_TYPE: Final = ox.NamedNode(RDF + "type")
_FIRST: Final = ox.NamedNode(RDF + "first")
_REST: Final = ox.NamedNode(RDF + "rest")
_NIL: Final = ox.NamedNode(RDF + "nil")

# A JSON number is read back as its canonical lexical form, and exactly only up to 2**53.
_CANONICAL_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")


def expanded(quads: Iterable[ox.Quad], *, native: bool = False) -> list[dict[str, Any]]:
    """Return *quads* as expanded JSON-LD, nodes and values in the order in which they come.

    *native* is as in `value_of`.

    Raises InexpressibleError for triple terms, which JSON-LD 1.1 has no way to say.
    """
    graphs: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[ox.Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(quad)
    cells = _list_cells(graphs.values())

    document: list[dict[str, Any]] = []
    for name, members in graphs.items():
        nodes = list(_nodes(members, cells, native))
        if isinstance(name, ox.DefaultGraph):
            document.extend(nodes)
        else:
            document.append({"@id": _identifier(name), "@graph": nodes})
    return document


def value_of(term: Term, *, native: bool = False) -> dict[str, Any]:
    """Return *term* as it stands in the place of a value.

    With *native*, integers and booleans become JSON's own where that keeps their lexical form.
    """
    return _literal(term, native) if isinstance(term, ox.Literal) else {"@id": _identifier(term)}


Cells: TypeAlias = dict[ox.BlankNode, tuple[Term, Term]]


def _nodes(quads: Iterable[ox.Quad], cells: Cells, native: bool) -> Iterator[dict[str, Any]]:
    """The nodes of one graph; list cells are written where the list is used."""
    nodes: dict[Term, dict[str, Any]] = {}
    for quad in quads:
        if quad.subject in cells:
            continue
        node = nodes.setdefault(quad.subject, {"@id": _identifier(quad.subject)})
        value = _value(quad.object, cells, native)
        if quad.predicate == _TYPE and "@id" in value:
            node.setdefault("@type", []).append(value["@id"])
        else:
            node.setdefault(quad.predicate.value, []).append(value)
    yield from nodes.values()


def _value(term: Term, cells: Cells, native: bool) -> dict[str, Any]:
    if isinstance(term, ox.BlankNode) and term in cells:
        items = []
        rest: Term = term
        while isinstance(rest, ox.BlankNode):
            first, rest = cells[rest]
            items.append(_value(first, cells, native))
        return {"@list": items}
    return value_of(term, native=native)


def _literal(literal: ox.Literal, native: bool) -> dict[str, Any]:
    if literal.language is not None:
        tagged = {"@value": literal.value, "@language": literal.language}
        return tagged | ({"@direction": str(literal.direction)} if literal.direction else {})
    datatype = literal.datatype.value
    if datatype == XSD + "string":
        return {"@value": literal.value}
    if native and datatype == XSD + "boolean" and literal.value in {"true", "false"}:
        return {"@value": literal.value == "true"}
    if native and datatype == XSD + "integer" and _CANONICAL_INTEGER.fullmatch(literal.value):
        return {"@value": int(literal.value)}
    return {"@value": literal.value, "@type": datatype}


def _identifier(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    raise InexpressibleError("JSON-LD", f"{term} is a triple in the place of a term")


def _list_cells(graphs: Iterable[list[ox.Quad]]) -> Cells:
    """The cells of well-formed lists: blank nodes that say first and rest, once, and nothing else.

    A list is followed from its head, which something other than a cell's rest points to, so that
    a ring of cells is none.
    """
    quads = [quad for graph in graphs for quad in graph]
    candidates = _candidates(quads)
    cells: Cells = {}
    for quad in quads:
        if quad.predicate == _REST and quad.subject in candidates:
            continue  # not a head
        chain: Cells = {}
        node: Term = quad.object
        while isinstance(node, ox.BlankNode) and node in candidates and node not in chain:
            chain[node] = candidates[node]
            node = candidates[node][1]
        if node == _NIL:
            cells.update(chain)
    return _reached(cells, quads)


def _candidates(quads: Iterable[ox.Quad]) -> Cells:
    """What looks like a cell when seen alone."""
    described: dict[ox.BlankNode, list[ox.Quad]] = {}
    uses: Counter[object] = Counter()
    homes: dict[object, set[object]] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode):
            described.setdefault(quad.subject, []).append(quad)
        for node in (quad.subject, quad.object):
            homes.setdefault(node, set()).add(quad.graph_name)
        uses[quad.object] += 1
        uses[quad.graph_name] += 2  # a graph cannot be named by a cell
    cells: Cells = {}
    for node, about in described.items():
        said = {quad.predicate: quad.object for quad in about}
        says_only_that = said.keys() == {_FIRST, _REST} and len(about) == len(said)
        if says_only_that and uses[node] == 1 and len(homes[node]) == 1:
            cells[node] = said[_FIRST], said[_REST]
    return cells


def _reached(cells: Cells, quads: Iterable[ox.Quad]) -> Cells:
    """Those of *cells* that something outside leads to; lists that only hold each other do not."""
    reached: Cells = {}
    waiting: list[Term] = [quad.object for quad in quads if quad.subject not in cells]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ox.BlankNode) and node in cells:
            reached[node] = cells[node]
            waiting.extend(cells[node])
    return reached
