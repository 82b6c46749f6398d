"""What search engines are told of a thing: its document in the words of schema.org.

Only what the dataset says is said, and only of what schema.org has a type for: a state, an
agreement, a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from defgraph.documents.reading import Document
from defgraph.documents.sameness import SAMENESS
from defgraph.namespaces import BASE, DATASET, DEF, LICENSE, PREFIXES, RDF, RDFS, SKOS

Node: TypeAlias = dict[str, Any]

_DESCRIPTION: Final = (
    "Which states agreed what with whom on defence, who signed, what an agreement permits, and "
    "what people say, intend or fear about it. Every statement names its source, the speaker on "
    "whose word it stands, and the characters of the text that say so."
)
_TYPES: Final = {"State": "Country", "Agreement": "Legislation", "Person": "Person"}
_NAMES: Final = {
    RDFS + "label": "name",
    SKOS + "altLabel": "alternateName",
    DEF + "acronym": "alternateName",
}
_IDENTIFIERS: Final = {
    DEF + "isoAlpha2": "ISO 3166-1 alpha-2",
    DEF + "isoAlpha3": "ISO 3166-1 alpha-3",
    DEF + "isoNumeric": "ISO 3166-1 numeric",
    DEF + "m49Code": "UN M49",
}


def schema_org(document: Document, address: str) -> Node | None:
    """Return what *document* says as JSON-LD of schema.org; None where it has no type for that.

    *address* is where the page stands. The context is in it, and is no document to be fetched.
    """
    thing = ox.NamedNode(document.iri)
    said: dict[str, list[ox.NamedNode | ox.Literal]] = {}
    for quad in sorted(document.own, key=str):
        values = said.setdefault(quad.predicate.value, [])
        if (
            quad.subject == thing
            and isinstance(quad.object, ox.NamedNode | ox.Literal)
            and quad.object not in values
        ):
            values.append(quad.object)
    kinds = {each.value for each in said.get(RDF + "type", ())}
    kind = next((made for ours, made in _TYPES.items() if DEF + ours in kinds), None)
    if kind is None:
        return None
    made: Node = {
        "@context": {"@vocab": PREFIXES["schema"]},
        "@id": document.iri,
        "@type": kind,
        "mainEntityOfPage": {
            "@id": address,
            "@type": "WebPage",
            "url": {"@id": address},
            "license": {"@id": LICENSE},
        },
    }
    for ours, name in _NAMES.items():
        if texts := [_text(v) for v in said.get(ours, ()) if isinstance(v, ox.Literal)]:
            made[name] = [*made.get(name, []), *texts]
    if codes := [_code(name, v) for p, name in _IDENTIFIERS.items() for v in said.get(p, ())]:
        made["identifier"] = codes
    if same := sorted({v.value for p in SAMENESS for v in said.get(p, ()) if _is_foreign(v)}):
        made["sameAs"] = [{"@id": each} for each in same]
    return made


def dataset(base: str, dumps: Mapping[str, str], version: str) -> Node:
    """Return the whole dataset, served at *base*, as a schema.org Dataset.

    It has what search engines for datasets ask for: name, description, licence, creator, and
    *dumps*, the media types by the addresses, as its distributions.
    """
    return {
        "@context": {
            "@vocab": PREFIXES["schema"],
            **{name: {"@type": "@id"} for name in ("contentUrl", "license", "url")},
        },
        "@id": DATASET,
        "@type": "Dataset",
        "name": "defgraph: a knowledge graph of defence cooperation",
        "description": _DESCRIPTION,
        "url": base,
        "license": LICENSE,
        "creator": {"@type": "Organization", "name": "The defgraph authors", "url": BASE},
        "version": version,
        "isAccessibleForFree": True,
        "inLanguage": ["en", "ja"],
        "keywords": ["defence cooperation", "international agreements", "RDF", "SPARQL"],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": address.rpartition("/")[2],
                "contentUrl": address,
                "encodingFormat": media_type,
            }
            for address, media_type in dumps.items()
        ],
    }


def as_script(node: Node) -> str:
    """Return *node* as text that can stand in a script element: nothing in it ends the element."""
    text = json.dumps(node, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _text(value: ox.Literal) -> Node | str:
    return {"@value": value.value, "@language": value.language} if value.language else value.value


def _code(name: str, value: ox.NamedNode | ox.Literal) -> Node:
    return {"@type": "PropertyValue", "propertyID": name, "value": value.value}


def _is_foreign(value: ox.NamedNode | ox.Literal) -> bool:
    return isinstance(value, ox.NamedNode) and not value.value.startswith(BASE)
