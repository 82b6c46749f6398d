"""RDF as Turtle that a person reads and git compares: the same graph gives the same text.

The layout is that of RDFLib's ``longturtle``: ``PREFIX`` lines, one object a line where there are
several, a line of its own for the closing dot. Unlike that writer, this one keeps every lexical
form (``0.10``, ``"1"^^xsd:boolean``, a double's last digits), comes to an end on lists that run in
a circle, and orders blank nodes by what they say, so that one more shape moves no other.
``docs/decisions`` has the comparison.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import pyoxigraph as ox

from defgraph.namespaces import OWL, PREFIXES, RDF, RDFS, XSD

Subject: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

_TYPE: Final = ox.NamedNode(RDF + "type")
_FIRST: Final = ox.NamedNode(RDF + "first")
_REST: Final = ox.NamedNode(RDF + "rest")
_NIL: Final = ox.NamedNode(RDF + "nil")
_ONTOLOGY: Final = ox.NamedNode(OWL + "Ontology")
_FIRST_PREDICATES: Final = (RDF + "type", RDFS + "label")

_INDENT: Final = "    "
_LOCAL_NAME: Final = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
_DIGITS: Final = re.compile(r"(\d+)")
# Turtle has more bare numbers (01, +1, .5), but RDFLib rewrites those as it reads them.
_BARE: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    XSD + "double": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?[eE][+-]?[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES: Final = {"\\": "\\\\", "\t": "\\t", "\b": "\\b", "\r": "\\r", "\f": "\\f"}
_TO_ESCAPE: Final = re.compile(r"[\\\x00-\x09\x0b-\x1f\x7f]")


def write(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return *triples* as Turtle, with those of *prefixes* that it uses.

    The text depends on the graph alone: not on the order of the triples, nor on the labels of
    blank nodes (RDFC-1.0). Time grows steeply with blank nodes that nothing tells apart.
    """
    return _Writer(triples, prefixes).document()


class _Writer:
    """One graph on its way to being text."""

    def __init__(self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> None:
        self._properties: dict[Subject, dict[ox.NamedNode, list[Term]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for triple in _canonical_blank_nodes(triples):
            if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
                raise TypeError("a triple term of RDF 1.2 cannot be written as RDF 1.1")
            self._properties[triple.subject][triple.predicate].append(triple.object)
        self._labels = self._label_blank_nodes()
        self._prefix_of = {iri: name for name, iri in sorted(prefixes.items(), reverse=True)}
        self._used: dict[str, str] = {}

    def document(self) -> str:
        """The prefixes that are used, then a block a subject: ontologies first, then by name."""
        named = sorted(
            (s for s in self._properties if isinstance(s, ox.NamedNode)),
            key=lambda s: (
                _ONTOLOGY not in self._properties[s].get(_TYPE, []),
                _natural(s.value),
            ),
        )
        blocks = [self._block(subject, self._iri(subject)) for subject in named]
        blank = [s for s in self._properties if isinstance(s, ox.BlankNode)]
        blocks += sorted(self._block(s, self._labels[s]) for s in blank if s in self._labels)
        header = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(self._used.items()))
        return "\n".join([header, *blocks] if header else blocks)

    # -- blank nodes ---------------------------------------------------------------------------

    def _label_blank_nodes(self) -> dict[ox.BlankNode, str]:
        """Label the blank nodes that cannot be written where they are used; ``[]`` if unused."""
        uses: Counter[Term] = Counter(
            term
            for properties in self._properties.values()
            for objects in properties.values()
            for term in objects
            if isinstance(term, ox.BlankNode)
        )
        subjects = [s for s in self._properties if isinstance(s, ox.BlankNode)]
        shared = {n for n in uses if isinstance(n, ox.BlankNode) and uses[n] > 1}
        reached: set[Subject] = set()
        self._reach([s for s in self._properties if uses[s] != 1], shared, reached)
        for node in sorted(subjects, key=lambda node: _natural(node.value)):
            if node not in reached:  # only used within a circle of blank nodes: cut it here
                shared.add(node)
                self._reach([node], shared, reached)
        labels = {
            node: f"_:b{number}"
            for number, node in enumerate(sorted(shared, key=lambda node: _natural(node.value)))
        }
        labels.update({node: "[]" for node in subjects if not uses[node]})
        return labels

    def _reach(
        self, start: Iterable[Subject], shared: set[ox.BlankNode], reached: set[Subject]
    ) -> None:
        """Add to *reached* what is written inside the blocks of *start*."""
        waiting = list(start)
        while waiting:
            subject = waiting.pop()
            if subject in reached or subject not in self._properties:
                continue
            reached.add(subject)
            waiting += [
                term
                for objects in self._properties[subject].values()
                for term in objects
                if isinstance(term, ox.BlankNode) and term not in shared
            ]

    def _list_items(self, head: ox.BlankNode) -> list[Term] | None:
        """The items of the well-formed list that begins at *head*, None if it is no such list."""
        items: list[Term] = []
        node: Term = head
        while node != _NIL:
            if not isinstance(node, ox.BlankNode) or node in self._labels:
                return None
            properties = self._properties.get(node, {})
            first, rest = properties.get(_FIRST, []), properties.get(_REST, [])
            if len(properties) != 2 or len(first) != 1 or len(rest) != 1:
                return None
            items.append(first[0])
            node = rest[0]
        return items

    # -- text ----------------------------------------------------------------------------------

    def _block(self, subject: Subject, name: str) -> str:
        return f"{name}\n{self._predicates(subject, 1)}.\n"

    def _predicates(self, subject: Subject, depth: int) -> str:
        properties = self._properties[subject]
        return "".join(
            f"{_INDENT * depth}{self._verb(predicate)}"
            f"{self._objects(properties[predicate], depth)} ;\n"
            for predicate in sorted(properties, key=_predicate_order)
        )

    def _verb(self, predicate: ox.NamedNode) -> str:
        return "a" if predicate == _TYPE else self._iri(predicate)

    def _objects(self, objects: list[Term], depth: int) -> str:
        if len(objects) == 1:
            return f" {self._term(objects[0], depth)}"
        inner = depth + 1
        texts = [(_object_order(term), self._term(term, inner)) for term in objects]
        return "".join(f"\n{_INDENT * inner}{text} ," for _, text in sorted(texts))[:-2]

    def _term(self, term: Term, depth: int) -> str:
        if isinstance(term, ox.NamedNode):
            return "()" if term == _NIL else self._iri(term)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if term in self._labels:
            return self._labels[term]
        items = self._list_items(term)
        if items is not None:
            inner = _INDENT * (depth + 1)
            lines = "".join(f"{inner}{self._term(item, depth + 1)}\n" for item in items)
            return f"(\n{lines}{_INDENT * depth})"
        if term not in self._properties:
            return "[]"
        return f"[\n{self._predicates(term, depth + 1)}{_INDENT * depth}]"

    def _iri(self, node: ox.NamedNode) -> str:
        iri = node.value
        for end in range(len(iri), 0, -1):
            if iri[end - 1] in "/#:" and (prefix := self._prefix_of.get(iri[:end])) is not None:
                if not _LOCAL_NAME.fullmatch(iri[end:]):
                    break
                self._used[prefix] = iri[:end]
                return f"{prefix}:{iri[end:]}"
        return f"<{iri}>"

    def _literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(literal.value):
            return literal.value
        text = _quoted(literal.value)
        if literal.language:
            return f"{text}@{literal.language}"
        return text if datatype == XSD + "string" else f"{text}^^{self._iri(literal.datatype)}"


def _canonical_blank_nodes(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def _predicate_order(predicate: ox.NamedNode) -> tuple[object, ...]:
    iri = predicate.value
    if iri in _FIRST_PREDICATES:
        return (_FIRST_PREDICATES.index(iri), iri)
    return (len(_FIRST_PREDICATES), iri)


def _object_order(term: Term) -> tuple[object, ...]:
    """IRIs, then literals, then blank nodes, which sort by what is written for them."""
    if isinstance(term, ox.NamedNode):
        return (0, _natural(term.value))
    if isinstance(term, ox.Literal):
        return (1, term.language or "", term.datatype.value, _natural(term.value))
    return (2,)


def _natural(text: str) -> tuple[tuple[int | str, ...], str]:
    """Order names as people do: S2 before S10."""
    parts = _DIGITS.split(text)
    parts_with_numbers = (int(p) if i % 2 else p for i, p in enumerate(parts))
    return (tuple(parts_with_numbers), text)


def _quoted(text: str) -> str:
    escaped = _TO_ESCAPE.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04X}"), text)
    if "\n" not in escaped:
        return '"' + escaped.replace('"', '\\"') + '"'
    # In a long string a quotation mark needs no escape, but three of them or a last one do.
    escaped = re.sub(r'"{3,}|"+\Z', lambda m: '\\"' * len(m[0]), escaped)
    return f'"""{escaped}"""'
