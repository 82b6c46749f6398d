"""What things are called: labels from the data, in English and Japanese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import pyoxigraph as ox

from defgraph.namespaces import PREFIXES, RDFS, SKOS, shorten

_NAMING: Final = (RDFS + "label", SKOS + "prefLabel", PREFIXES["dcterms"] + "title")
"""The properties that name a thing, the one that goes before the others first."""

_STANDARD: Final = {
    "dcat:landingPage": "landing page",
    "dcterms:created": "created",
    "dcterms:creator": "creator",
    "dcterms:description": "description",
    "dcterms:identifier": "identifier",
    "dcterms:isPartOf": "is part of",
    "dcterms:issued": "issued",
    "dcterms:license": "licence",
    "dcterms:modified": "modified",
    "dcterms:publisher": "publisher",
    "dcterms:source": "source",
    "dcterms:spatial": "place",
    "dcterms:subject": "subject",
    "dcterms:title": "title",
    "foaf:page": "page",
    "org:hasMember": "has as a member",
    "org:hasPost": "has as a post",
    "org:heldBy": "is held by",
    "org:holds": "holds",
    "org:member": "member",
    "org:memberOf": "is a member of",
    "org:organization": "organisation",
    "org:postIn": "is a post in",
    "org:role": "role",
    "owl:sameAs": "is the same as",
    "rdf:type": "is a",
    "rdfs:comment": "comment",
    "rdfs:isDefinedBy": "is defined by",
    "rdfs:label": "label",
    "rdfs:seeAlso": "see also",
    "schema:creativeWorkStatus": "status",
    "sh:class": "class of values",
    "sh:construct": "query",
    "sh:datatype": "datatype",
    "sh:declare": "declares",
    "sh:maxCount": "at most",
    "sh:message": "message",
    "sh:minCount": "at least",
    "sh:namespace": "namespace",
    "sh:nodeKind": "kind of node",
    "sh:path": "path",
    "sh:pattern": "pattern",
    "sh:prefix": "prefix",
    "sh:prefixes": "prefixes",
    "sh:select": "query",
    "sh:targetClass": "judges each",
    "skos:altLabel": "other name",
    "skos:broadMatch": "broader match",
    "skos:broader": "broader",
    "skos:closeMatch": "close match",
    "skos:editorialNote": "editorial note",
    "skos:exactMatch": "exact match",
    "skos:hiddenLabel": "is also searched as",
    "skos:inScheme": "in scheme",
    "skos:narrowMatch": "narrower match",
    "skos:narrower": "narrower",
    "skos:note": "note",
    "skos:prefLabel": "name",
    "skos:related": "related",
    "skos:relatedMatch": "related match",
    "skos:scopeNote": "scope note",
    "skos:topConceptOf": "top concept of",
    "void:linkPredicate": "property of the links",
    "void:subset": "has as a part",
    "void:triples": "statements",
}
"""What properties of standards are called where the data has no label for them."""


@dataclass(frozen=True, slots=True)
class Name:
    """One thing as a page names it; *label* and *japanese* are empty where the data has none."""

    iri: str
    short: str
    label: str = ""
    language: str = ""
    japanese: str = ""

    @property
    def best(self) -> str:
        """The label, or the short form of the IRI where there is none."""
        return self.label or self.short


Labels: TypeAlias = Mapping[str, str]
"""What one thing is called, by language tag; an empty one stands for none."""


def name_of(iri: str, labels: Labels) -> Name:
    """Choose among *labels*: English goes first, then text without a language."""
    preferred = ("en", "en-GB", "en-US", "", *sorted(labels))
    language = next((each for each in preferred if each in labels), "")
    japanese = "" if language == "ja" else labels.get("ja", "")
    return Name(iri, shorten(iri), labels.get(language, ""), language, japanese)


class Names:
    """The names of things by the labels that some quads give them."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        found: dict[str, list[tuple[int, str, str]]] = {}
        for quad in quads:
            predicate = quad.predicate.value
            if (
                predicate in _NAMING
                and isinstance(quad.subject, ox.NamedNode)
                and isinstance(quad.object, ox.Literal)
            ):
                label = (_NAMING.index(predicate), quad.object.language or "", quad.object.value)
                found.setdefault(quad.subject.value, []).append(label)
        self._labels = {
            iri: {language: text for _, language, text in sorted(labels, reverse=True)}
            for iri, labels in found.items()
        }

    def __getitem__(self, iri: str) -> Name:
        return name_of(iri, self._labels.get(iri, {}))

    def of_property(self, iri: str) -> Name:
        """Return what a property is called, which may be known from its standard."""
        name = self[iri]
        return name if name.label else replace(name, label=_STANDARD.get(name.short, ""))
