"""The terms of the ontology, as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, ask
from defgraph.documents.names import Name, Names
from defgraph.errors import UnknownThingError
from defgraph.namespaces import DEF, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, SKOS
from defgraph.store.protocol import Store

_KINDS: Final = {
    "Class": "Classes",
    "ObjectProperty": "Object properties",
    "DatatypeProperty": "Datatype properties",
    "AnnotationProperty": "Annotation properties",
}
_RELATIONS: Final = {
    RDFS + "subClassOf": "is a kind of",
    RDFS + "subPropertyOf": "implies",
    RDFS + "domain": "of",
    RDFS + "range": "value",
    OWL + "inverseOf": "inverse of",
    OWL + "equivalentClass": "same as",
    OWL + "equivalentProperty": "same as",
    PREFIXES["dcterms"] + "isPartOf": "module",
}
_CHARACTERS: Final = {
    OWL + "FunctionalProperty": "has at most one value",
    OWL + "InverseFunctionalProperty": "each value belongs to one thing",
    OWL + "SymmetricProperty": "symmetric",
    OWL + "AsymmetricProperty": "asymmetric",
    OWL + "TransitiveProperty": "transitive",
    OWL + "IrreflexiveProperty": "irreflexive",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A class or a property; *notes* are definitions, scope notes and examples in English."""

    name: Name
    fragment: str
    definition: str
    japanese: str
    notes: tuple[str, ...]
    relations: tuple[tuple[str, tuple[Name, ...]], ...]
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology: what it is called, what it is about, and its terms by kind."""

    name: Name
    descriptions: tuple[tuple[str, str], ...]
    version: str
    sections: tuple[tuple[str, tuple[Term, ...]], ...]
    generation: int | None

    @property
    def size(self) -> int:
        """How many terms it has."""
        return sum(len(terms) for _, terms in self.sections)


async def read_vocabulary(store: Store) -> Vocabulary:
    """Read the ontology from *store*; raises UnknownThingError where it holds none."""
    found = await ask(store, QUERIES.about("terms", [ONTOLOGY]))
    header = await ask(store, QUERIES.about("header", [ONTOLOGY]))
    if not header.bindings:
        raise UnknownThingError(ONTOLOGY)
    labels = await ask(store, QUERIES.text("term_labels"))
    names = Names(
        ox.Quad(each["thing"], each["property"], each["name"])  # type: ignore[arg-type]
        for each in labels.bindings
    )
    said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for each in (*found.bindings, *header.bindings):
        term, predicate, value = each["term"], each["property"], each["value"]
        if isinstance(value, ox.NamedNode | ox.Literal):
            said.setdefault(_iri(term), {}).setdefault(_iri(predicate), []).append(value)
    ontology = said.pop(ONTOLOGY)
    return Vocabulary(
        name=names[ONTOLOGY],
        descriptions=tuple(
            (value.language or "", value.value)
            for value in ontology.get(PREFIXES["dcterms"] + "description", ())
            if isinstance(value, ox.Literal)
        ),
        version=next((v.value for v in ontology.get(OWL + "versionInfo", ())), ""),
        sections=tuple(
            (heading, _terms_of(OWL + kind, said, names)) for kind, heading in _KINDS.items()
        ),
        generation=found.generation,
    )


def _terms_of(
    kind: str, said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]], names: Names
) -> tuple[Term, ...]:
    return tuple(
        _term(iri, about, names)
        for iri, about in sorted(said.items())
        if ox.NamedNode(kind) in about.get(RDF + "type", ())
    )


def _term(iri: str, about: dict[str, list[ox.NamedNode | ox.Literal]], names: Names) -> Term:
    definitions = about.get(SKOS + "definition", [])
    notes = [*about.get(SKOS + "scopeNote", []), *about.get(SKOS + "example", [])]
    related: dict[str, list[Name]] = {}
    for predicate, relation in _RELATIONS.items():
        for value in about.get(predicate, ()):
            if isinstance(value, ox.NamedNode):
                related.setdefault(relation, []).append(names[value.value])
    types = {value.value for value in about.get(RDF + "type", ())}
    return Term(
        name=names[iri],
        fragment=iri.removeprefix(DEF),
        definition=_in("en", definitions),
        japanese=_in("ja", definitions),
        notes=tuple(v.value for v in notes if isinstance(v, ox.Literal) and v.language != "ja"),
        relations=tuple((relation, tuple(each)) for relation, each in related.items()),
        characters=tuple(words for each, words in _CHARACTERS.items() if each in types),
    )


def _in(language: str, values: Iterable[ox.NamedNode | ox.Literal]) -> str:
    found = (v.value for v in values if isinstance(v, ox.Literal) and v.language == language)
    return next(found, "")


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
