"""One thing as a JSON document: what is said of it, its parts inside it, and on whose word."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from defgraph.errors import UnknownThingError
from defgraph.jsonld.compaction import compact
from defgraph.jsonld.expansion import Term, value_of
from defgraph.namespaces import DEF, INFERRED_GRAPH, RDF, RDFS, SKOS

Subject: TypeAlias = ox.NamedNode | ox.BlankNode
Statement: TypeAlias = tuple[ox.NamedNode, Term]

_TYPE: Final = ox.NamedNode(RDF + "type")
_NAMES: Final = (ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "prefLabel"))
_CLAIM: Final = ox.NamedNode(DEF + "Claim")
_ABOUT_SUBJECT: Final = ox.NamedNode(DEF + "aboutSubject")
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)

# A part says of which whole it is; in the document the whole has the part.
_PARTS: Final = {
    ox.NamedNode(DEF + has): ox.NamedNode(DEF + of)
    for has, of in {
        "hasAgreementEvent": "ofAgreement",
        "hasProvision": "provisionOf",
        "hasSegment": "segmentOf",
        "hasTenure": "ofPerson",
    }.items()
}
# What these point to is described where it is pointed to, not only named.
_NESTED: Final = frozenset(
    ox.NamedNode(DEF + name)
    for name in ("hasCondition", "hasSpan", "hasTreatySeriesEntry", "inSegment")
)


def document(store: ox.Store, iri: str) -> dict[str, Any]:
    """Return what the dataset says of the thing named *iri* as plain JSON, with our context.

    Its parts are nested in it (an agreement's provisions, with what they permit and under which
    condition, and its signing), each with the claims that evidence it; whatever else it points to
    comes with its kind and its names. Inferred statements are left out.

    Raises UnknownThingError.
    """
    try:
        thing = ox.NamedNode(iri)
    except ValueError:
        raise UnknownThingError(iri) from None
    node = _Description(store).whole(thing)
    if node.keys() == {"@id"}:
        raise UnknownThingError(iri)
    return compact([node])


class _Description:
    """The dataset as nested nodes of expanded JSON-LD."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._open: list[Subject] = []  # what is being described, from the outermost

    def whole(self, thing: ox.NamedNode) -> dict[str, Any]:
        """Describe *thing* with its parts and the claims about both."""
        node = self._with_claims(thing)
        for has, of in _PARTS.items():
            if parts := self._pointing(of, thing):
                node[has.value] = [self._with_claims(part, (of, thing)) for part in parts]
        return node

    def _with_claims(self, thing: Subject, without: Statement | None = None) -> dict[str, Any]:
        node = self._described(thing, without)
        claims = [
            self._described(claim, (_ABOUT_SUBJECT, thing))
            for claim in self._pointing(_ABOUT_SUBJECT, thing)
            if _CLAIM in self._types(claim)
        ]
        if claims:
            node["@reverse"] = {_ABOUT_SUBJECT.value: claims}
        return node

    def _described(self, thing: Subject, without: Statement | None = None) -> dict[str, Any]:
        """Everything that is said of *thing*, but for the statement that led to it."""
        self._open.append(thing)
        node: dict[str, Any] = value_of(thing)
        for predicate, value in self._said_of(thing):
            if predicate == _TYPE and isinstance(value, ox.NamedNode):
                node.setdefault("@type", []).append(value.value)
            elif (predicate, value) != without:
                node.setdefault(predicate.value, []).append(self._value(predicate, value))
        self._open.pop()
        return node

    def _value(self, predicate: ox.NamedNode, value: Term) -> dict[str, Any]:
        if isinstance(value, ox.NamedNode | ox.BlankNode) and value not in self._open:
            if predicate in _NESTED or isinstance(value, ox.BlankNode):
                return self._described(value)
            if not value.value.startswith(DEF):  # a term of the ontology is known by its name
                return self._named(value)
        return value_of(value, native=True)

    def _named(self, thing: ox.NamedNode) -> dict[str, Any]:
        """Only what kind of thing it is, and what it is called."""
        node: dict[str, Any] = value_of(thing)
        names = [
            (predicate, name) for predicate, name in self._said_of(thing) if predicate in _NAMES
        ]
        for predicate, name in names:
            node.setdefault(predicate.value, []).append(value_of(name))
        if names:
            node["@type"] = [kind.value for kind in self._types(thing)]
        return node

    def _types(self, thing: Subject) -> list[ox.NamedNode]:
        return [
            value
            for predicate, value in self._said_of(thing)
            if predicate == _TYPE and isinstance(value, ox.NamedNode)
        ]

    def _said_of(self, thing: Subject) -> list[Statement]:
        """What is asserted of *thing* in any graph, in one order."""
        quads = self._store.quads_for_pattern(thing, None, None, None)
        said = {(q.predicate, q.object) for q in quads if q.graph_name != _INFERRED}
        return sorted(said, key=lambda each: (each[0].value, _language(each[1]), str(each[1])))

    def _pointing(self, predicate: ox.NamedNode, thing: Subject) -> list[Subject]:
        """Whatever is asserted to point to *thing* by *predicate*, in one order."""
        quads = self._store.quads_for_pattern(None, predicate, thing, None)
        found = {q.subject for q in quads if q.graph_name != _INFERRED}
        return sorted((s for s in found if not isinstance(s, ox.Triple)), key=str)


def _language(term: Term) -> str:
    return (term.language or "") if isinstance(term, ox.Literal) else ""
