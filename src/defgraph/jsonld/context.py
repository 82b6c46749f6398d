"""The published JSON-LD context, derived from the ontology.

``ontology/context.jsonld`` is what this module makes of ``ontology/*.ttl``; a test compares the
two. After a change of the ontology write it anew::

    python -m defgraph.jsonld

Every class and property of ours is a term by its local name. Values of object properties are IRIs,
and stand in an array unless the property is functional; where the ontology names one datatype, the
value needs none in JSON. What OWL does not say stands in the tables below.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from defgraph import sources, turtle
from defgraph.namespaces import DEF, ONTOLOGY, OWL, PREFIXES, RDFS, XSD

FILE_NAME: Final = "context.jsonld"

# Text in several languages: {"en": "...", "ja": "..."}; a set where a language may have several.
_IN_LANGUAGES: Final = {"@container": "@language"}
_SETS_IN_LANGUAGES: Final = {"@container": ["@language", "@set"]}
_LINK: Final = {"@type": "@id"}
_LINKS: Final = {"@type": "@id", "@container": "@set"}
_TERMS: Final = {"@type": "@vocab", "@container": "@set"}

# Terms of ours whose values OWL leaves open.
_OURS: Final[dict[str, dict[str, Any]]] = {
    "aboutProperty": {"@type": "@vocab"},
    "aboutSubject": _LINK,
    "date": {"@type": "xsd:date"},
    "notStated": _TERMS,
    "officialTitle": _IN_LANGUAGES,
    "wording": _IN_LANGUAGES,
}

# Terms for properties that are not ours, and second terms for ours.
_FURTHER: Final[dict[str, dict[str, Any]]] = {
    "altLabel": {"@id": "skos:altLabel", **_SETS_IN_LANGUAGES},
    "broader": {"@id": "skos:broader", **_LINKS},
    "claims": {"@reverse": "def:aboutSubject", **_LINKS},
    "closeMatch": {"@id": "skos:closeMatch", **_LINKS},
    "created": {"@id": "dcterms:created", "@type": "xsd:date"},
    "creator": {"@id": "dcterms:creator", **_LINKS},
    "dateMonth": {"@id": "def:date", "@type": "xsd:gYearMonth"},
    "dateYear": {"@id": "def:date", "@type": "xsd:gYear"},
    "definition": {"@id": "skos:definition", **_IN_LANGUAGES},
    "description": {"@id": "dcterms:description", **_IN_LANGUAGES},
    "document": {"@reverse": "foaf:primaryTopic", "@type": "@id"},
    "editorialNote": {"@id": "skos:editorialNote", **_SETS_IN_LANGUAGES},
    "end": {"@id": "oa:end"},
    "exactMatch": {"@id": "skos:exactMatch", **_LINKS},
    "example": {"@id": "skos:example", **_SETS_IN_LANGUAGES},
    "identifier": {"@id": "dcterms:identifier"},
    "inScheme": {"@id": "skos:inScheme", **_LINKS},
    "isDefinedBy": {"@id": "rdfs:isDefinedBy", **_LINK},
    "isPartOf": {"@id": "dcterms:isPartOf", **_LINKS},
    "label": {"@id": "rdfs:label", **_IN_LANGUAGES},
    "license": {"@id": "dcterms:license", **_LINK},
    "page": {"@id": "foaf:page", **_LINKS},
    "prefLabel": {"@id": "skos:prefLabel", **_IN_LANGUAGES},
    "publisher": {"@id": "dcterms:publisher", **_LINKS},
    "related": {"@id": "skos:related", **_LINKS},
    "scopeNote": {"@id": "skos:scopeNote", **_SETS_IN_LANGUAGES},
    "seeAlso": {"@id": "rdfs:seeAlso", **_LINKS},
    "spatial": {"@id": "dcterms:spatial", **_LINKS},
    "start": {"@id": "oa:start"},
    "subClassOf": {"@id": "rdfs:subClassOf", **_LINKS},
    "subPropertyOf": {"@id": "rdfs:subPropertyOf", **_LINKS},
    "title": {"@id": "dcterms:title", **_IN_LANGUAGES},
    "topConceptOf": {"@id": "skos:topConceptOf", **_LINKS},
}

# JSON writes these itself, so their terms take no datatype.
_JSON_TYPES: Final = frozenset(XSD + name for name in ("string", "integer", "boolean"))


def derive(ontology: Iterable[ox.Quad]) -> dict[str, Any]:
    """Return the context for *ontology*: keywords, prefixes, then the terms by name.

    Raises ValueError when one name would stand for two things.
    """
    dataset = ox.Dataset(ontology)
    ours = {term.value.removeprefix(DEF): term for term in _terms(dataset)}
    names = [*ours, *_FURTHER, *PREFIXES, "included"]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"these names would stand for two things: {', '.join(twice)}")
    terms = {name: _definition(dataset, term, name) for name, term in ours.items()} | _FURTHER
    return {
        "@version": 1.1,
        "id": "@id",
        "type": "@type",
        "included": "@included",
        **PREFIXES,
        **dict(sorted(terms.items(), key=lambda term: (term[0].casefold(), term[0]))),
    }


def written(context: dict[str, Any]) -> str:
    """The text of the published file: one term a line."""
    lines = (
        f"    {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in context.items()
    )
    return '{\n  "@context": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def shipped() -> str:
    """The text that ``ontology/context.jsonld`` has to have."""
    quads = (quad for file in sources.ontology_files() for quad in turtle.parse(file.path))
    return written(derive(quads))


def rewrite() -> None:
    """Write the file anew, whole or not at all."""
    target = sources.folder("ontology") / FILE_NAME
    fresh = target.with_suffix(".jsonld.new")
    fresh.write_text(shipped(), encoding="utf-8")
    fresh.replace(target)


def _terms(ontology: ox.Dataset) -> set[ox.NamedNode]:
    """The classes and properties that the ontology defines itself."""
    return {
        quad.subject
        for quad in ontology.quads_for_object(ox.NamedNode(ONTOLOGY))
        if quad.predicate.value == RDFS + "isDefinedBy"
        and isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(DEF)
    }


def _definition(ontology: ox.Dataset, term: ox.NamedNode, name: str) -> str | dict[str, Any]:
    values: dict[str, set[str]] = {}
    for quad in ontology.quads_for_subject(term):
        if isinstance(quad.object, ox.NamedNode):
            values.setdefault(quad.predicate.value, set()).add(quad.object.value)
    kinds = {kind.removeprefix(OWL) for kind in values.get(PREFIXES["rdf"] + "type", ())}
    iri = f"def:{name}"
    if name in _OURS:
        return {"@id": iri, **_OURS[name]}
    if "ObjectProperty" in kinds:
        return {"@id": iri, **(_LINK if "FunctionalProperty" in kinds else _LINKS)}
    datatypes = {each for each in values.get(RDFS + "range", ()) if each.startswith(XSD)}
    if "DatatypeProperty" in kinds and len(datatypes) == 1 and not datatypes & _JSON_TYPES:
        return {"@id": iri, "@type": f"xsd:{datatypes.pop().removeprefix(XSD)}"}
    return iri if "Class" in kinds else {"@id": iri}
