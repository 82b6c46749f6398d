"""RDF quads as expanded JSON-LD, with nothing lost.

The algorithm is the standard's (JSON-LD 1.1 API, section 8.4), but stricter in what it takes for
a list: reading the document back must give the same dataset, so a cell that is typed, shared,
named by an IRI, or also spoken of in another graph stays an ordinary node.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox

from defgraph.errors import InexpressibleError
from defgraph.namespaces import RDF, XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_TYPE: Final = ox.NamedNode(RDF + "type")
_FIRST: Final = ox.NamedNode(RDF + "first")
_REST: Final = ox.NamedNode(RDF + "rest")
_NIL: Final = ox.NamedNode(RDF + "nil")

# A JSON number is read back as its canonical lexical form, and exactly only up to 2**53.
_CANONICAL_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")


def expanded(quads: Iterable[ox.Quad], *, native: bool = False) -> list[dict[str, Any]]:
    """Return *quads* as expanded JSON-LD, nodes and values in the order in which they come.

    With *native*, integers and booleans become JSON's own where that keeps their lexical form.
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


Cells = dict[ox.BlankNode, tuple[Term, Term]]


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
    return _literal(term, native) if isinstance(term, ox.Literal) else {"@id": _identifier(term)}


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
    graphs = list(graphs)
    described: dict[Term, list[ox.Quad]] = {}
    uses: Counter[Term] = Counter()
    homes: dict[Term, set[int]] = {}
    for number, quads in enumerate(graphs):
        for quad in quads:
            described.setdefault(quad.subject, []).append(quad)
            uses[quad.object] += 1
            # A graph's name is a use of its own, outside every graph.
            uses[quad.graph_name] += 2
            homes.setdefault(quad.subject, set()).add(number)
            homes.setdefault(quad.object, set()).add(number)

    def cell(node: Term) -> tuple[Term, Term] | None:
        about = {quad.predicate: quad.object for quad in described.get(node, ())}
        plain = isinstance(node, ox.BlankNode) and uses[node] == 1 and len(homes[node]) == 1
        if plain and about.keys() == {_FIRST, _REST} and len(described[node]) == 2:
            return about[_FIRST], about[_REST]
        return None

    cells: Cells = {}
    for quad in (quad for quads in graphs for quad in quads):
        if quad.predicate == _REST and cell(quad.subject):
            continue  # not a head
        chain: Cells = {}
        node: Term = quad.object
        while isinstance(node, ox.BlankNode) and node not in chain and (found := cell(node)):
            chain[node] = found
            node = found[1]
        if node == _NIL:
            cells.update(chain)

    # Lists that only hold each other would be written nowhere.
    reached: Cells = {}
    waiting = [quad.object for quads in graphs for quad in quads if quad.subject not in cells]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ox.BlankNode) and node in cells:
            reached[node] = cells[node]
            waiting.extend(cells[node])
    return reached
