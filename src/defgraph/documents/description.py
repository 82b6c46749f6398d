"""A document as people read it: facts by label, each with its evidence; what points here; links.

A fact is evidenced by the claims that hold the same statement. What is claimed, but does not stand
as a fact, is kept apart: somebody is only reported to say, expect, intend or fear it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from defgraph.documents.names import Name, Names
from defgraph.documents.reading import Document
from defgraph.namespaces import (
    BASE,
    DEF,
    INFERRED_GRAPH,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SKOS,
    XSD,
    shorten,
)

_TYPE: Final = RDF + "type"
_NAMING: Final = frozenset({RDFS + "label", SKOS + "prefLabel", PREFIXES["dcterms"] + "title"})
_IDENTIFIER: Final = PREFIXES["dcterms"] + "identifier"
_DEFINING: Final = (SKOS + "definition", PREFIXES["dcterms"] + "description", RDFS + "comment")
_LINKING: Final = frozenset(
    {
        *(SKOS + kind + "Match" for kind in ("exact", "close", "broad", "narrow", "related")),
        OWL + "sameAs",
        RDFS + "seeAlso",
        PREFIXES["foaf"] + "page",
    }
)
_VOWELS: Final = frozenset("aeiouAEIOU")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a page shows it: *name* is there for an IRI, *note* for a datatype."""

    kind: Literal["iri", "literal", "blank"]
    text: str
    name: Name | None = None
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A claim that holds a statement: on whose word, in which way, in which segments."""

    claim: Name
    modality: Name | None
    speakers: tuple[Name, ...]
    segments: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, the claims that evidence it, and the graphs that it stands in."""

    value: Value
    evidence: tuple[Evidence, ...]
    graphs: tuple[Name, ...]
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class Property:
    """All that the thing has of one property."""

    name: Name
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What somebody claims of the thing, and what does not stand as a fact."""

    property: Name
    value: Value
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Pointing:
    """What has the thing as a value of one property."""

    name: Name
    subjects: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """A page of a document, made presentable."""

    name: Name
    sentence: str
    definitions: tuple[Value, ...]
    properties: tuple[Property, ...]
    claimed: tuple[Claimed, ...]
    pointing: tuple[Pointing, ...]
    links: tuple[Property, ...]


def describe(document: Document) -> Description:
    """Return *document* as people read it."""
    return _Describer(document).description()


Key: TypeAlias = tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]


class _Describer:
    """Turns the quads of a document into what a page shows."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._thing = ox.NamedNode(document.iri)
        self._names = Names((*document.labels, *document.own))
        self._said: dict[ox.NamedNode | ox.BlankNode | ox.Triple, dict[str, list[Term]]] = {}
        for quad in (*document.own, *document.evidence):
            values = self._said.setdefault(quad.subject, {}).setdefault(quad.predicate.value, [])
            if quad.object not in values:
                values.append(quad.object)
        self._evidence: dict[Key, list[Evidence]] = {}
        self._claims: list[tuple[Key, Evidence]] = []
        for claim, said in self._said.items():
            if self._thing in said.get(DEF + "aboutSubject", ()):
                self._take(claim, said)

    def description(self) -> Description:
        facts = list(self._facts())
        stated = {(fact_property, term) for fact_property, term, _ in facts}
        hidden = {_TYPE, *_NAMING, *_DEFINING}
        shown = [each for each in facts if each[0] not in hidden]
        return Description(
            name=self._names[self._document.iri],
            sentence=self._sentence(),
            definitions=tuple(
                fact.value for defining in _DEFINING for p, _, fact in facts if p == defining
            ),
            properties=tuple(self._properties(s for s in shown if not _is_link(s[0], s[1]))),
            claimed=tuple(
                Claimed(self._names.of_property(key[0]), self._value(key[1]), evidence)
                for key, evidence in self._claims
                if key not in stated
            ),
            pointing=tuple(self._pointing()),
            links=tuple(self._properties(s for s in shown if _is_link(s[0], s[1]))),
        )

    def _take(self, claim: Term, said: dict[str, list[Term]]) -> None:
        """Remember the statement that *claim* holds."""
        spans = said.get(DEF + "hasSpan", [])
        segments = dict.fromkeys(
            segment
            for span in spans
            for segment in self._of(span, DEF + "inSegment")
            if isinstance(segment, ox.NamedNode)
        )
        modalities = _iris(said.get(DEF + "hasModality", ()))
        evidence = Evidence(
            claim=self._names[claim.value] if isinstance(claim, ox.NamedNode) else Name("", ""),
            modality=self._names[modalities[0]] if modalities else None,
            speakers=tuple(self._names[iri] for iri in _iris(said.get(DEF + "hasSpeaker", ()))),
            segments=tuple(map(self._segment, segments)),
        )
        for held in _iris(said.get(DEF + "aboutProperty", ())):
            for value in said.get(DEF + "aboutValue", ()):
                self._evidence.setdefault((held, value), []).append(evidence)
                self._claims.append(((held, value), evidence))

    def _of(self, subject: Term, predicate: str) -> list[Term]:
        if isinstance(subject, ox.Literal):
            return []
        return self._said.get(subject, {}).get(predicate, [])

    def _segment(self, segment: ox.NamedNode) -> Name:
        identifiers = [t.value for t in self._of(segment, _IDENTIFIER) if isinstance(t, ox.Literal)]
        name = self._names[segment.value]
        return Name(name.iri, name.short, identifiers[0] if identifiers else name.best)

    def _facts(self) -> Iterator[tuple[str, Term, Fact]]:
        own = [quad for quad in self._document.own if quad.subject == self._thing]
        own.sort(key=lambda quad: (_rank(quad.predicate.value), _order(quad.object)))
        for (predicate, term), quads in groupby(own, lambda q: (q.predicate.value, q.object)):
            graphs = sorted(
                q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)
            )
            stated = [each for each in graphs if each != INFERRED_GRAPH]
            yield (
                predicate,
                term,
                Fact(
                    self._value(term),
                    tuple(self._evidence.get((predicate, term), ())),
                    tuple(self._names[each] for each in stated),
                    is_inferred=bool(graphs) and not stated,
                ),
            )

    def _properties(self, facts: Iterable[tuple[str, Term, Fact]]) -> Iterator[Property]:
        for predicate, group in groupby(facts, lambda each: each[0]):
            members = tuple(fact for _, _, fact in group)
            yield Property(self._names.of_property(predicate), members)

    def _pointing(self) -> Iterator[Pointing]:
        found = {(q.predicate.value, q.subject) for q in self._document.pointing}
        ordered = sorted(found, key=lambda each: (_rank(each[0]), _order(each[1])))
        for predicate, group in groupby(ordered, lambda each: each[0]):
            yield Pointing(
                self._names.of_property(predicate), tuple(self._value(s) for _, s in group)
            )

    def _value(self, term: Term) -> Value:
        if isinstance(term, ox.NamedNode):
            return Value("iri", term.value, self._names[term.value])
        if isinstance(term, ox.Literal):
            datatype = term.datatype.value
            note = "" if term.language or datatype == XSD + "string" else shorten(datatype)
            return Value("literal", term.value, language=term.language or "", note=note)
        inside = self._said.get(term, {})
        parts = [
            f"{self._names[p].best}: {self._text(v)}" for p in sorted(inside) for v in inside[p]
        ]
        return Value("blank", "; ".join(parts) or "(something without a name)")

    def _text(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self._names[term.value].best
        return term.value if isinstance(term, ox.Literal) else "…"

    def _sentence(self) -> str:
        name = self._names[self._document.iri].best
        types = [
            quad
            for quad in self._document.own
            if quad.subject == self._thing and quad.predicate.value == _TYPE
        ]
        stated = [q for q in types if q.graph_name != ox.NamedNode(INFERRED_GRAPH)] or types
        kinds = sorted(
            {
                self._names[q.object.value].label
                for q in stated
                if isinstance(q.object, ox.NamedNode)
            }
            - {""}
        )
        name = f"“{name}”" if name.endswith((".", "?", "!")) else name
        is_what = " and ".join(f"{_article(kind)} {kind}" for kind in kinds)
        return f"{name} is {is_what}." if is_what else ""


Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def _article(noun: str) -> str:
    return "an" if noun[:1] in _VOWELS else "a"


def _is_link(predicate: str, term: Term) -> bool:
    is_foreign = isinstance(term, ox.NamedNode) and not term.value.startswith(BASE)
    return is_foreign and predicate in _LINKING


def _iris(terms: Iterable[Term]) -> list[str]:
    return [term.value for term in terms if isinstance(term, ox.NamedNode)]


def _rank(predicate: str) -> tuple[bool, str]:
    """Say where a property stands: what our words say goes before names and notes."""
    return not predicate.startswith(DEF), predicate


def _order(term: Term) -> tuple[str, str]:
    language = (term.language or "") if isinstance(term, ox.Literal) else ""
    return language, str(term)
