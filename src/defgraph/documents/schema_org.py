"""What search engines are told of a thing: its document in the words of schema.org.

Only what the dataset says is said, and only of what schema.org has a type for: a state, an
agreement, a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from defgraph.documents.colophon import Described
from defgraph.documents.reading import Document
from defgraph.documents.sameness import SAMENESS
from defgraph.namespaces import BASE, DEF, ID, PREFIXES, RDF, RDFS, SKOS

Node: TypeAlias = dict[str, Any]

# What search engines for datasets take for a description.
_SHORTEST: Final = 50
_LONGEST: Final = 5000
_TYPES: Final = {"State": "Country", "Agreement": "Legislation", "Person": "Person"}
_MAKERS: Final = {"organisation/": "Organization", "person/": "Person"}
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
        },
    }
    if document.licences:
        made["mainEntityOfPage"]["license"] = [{"@id": each} for each in document.licences]
    for ours, name in _NAMES.items():
        if texts := [_text(v) for v in said.get(ours, ()) if isinstance(v, ox.Literal)]:
            made[name] = [*made.get(name, []), *texts]
    if codes := [_code(name, v) for p, name in _IDENTIFIERS.items() for v in said.get(p, ())]:
        made["identifier"] = codes
    if same := sorted({v.value for p in SAMENESS for v in said.get(p, ()) if _is_foreign(v)}):
        made["sameAs"] = [{"@id": each} for each in same]
    return made


def dataset(
    whole: Described,
    base: str,
    *,
    makers: Mapping[str, str],
    dumps: Mapping[str, str],
) -> Node | None:
    """Return the *whole* dataset, served at *base*, as a schema.org Dataset.

    It has what search engines for datasets ask for: name, description, licence, creator, and
    *dumps*, the media types by the addresses, as its distributions. *makers* are what its creators
    are called. None where the dataset has no name or says too little or too much of what it is.
    """
    if not whole.title or not _SHORTEST <= len(whole.description) <= _LONGEST:
        return None
    told: Node = {
        "@context": {
            "@vocab": PREFIXES["schema"],
            **{name: {"@type": "@id"} for name in ("contentUrl", "license", "url")},
        },
        "@id": whole.iri,
        "@type": "Dataset",
        "name": whole.title,
        "description": whole.description,
        "url": base,
        "isAccessibleForFree": True,
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
    further: dict[str, object] = {
        "license": _one_or_all(whole.licences),
        "creator": _one_or_all([_maker(each, makers[each]) for each in whole.creators]),
        "inLanguage": sorted(each for each in whole.titles if each),
    }
    return told | {name: value for name, value in further.items() if value}


def _maker(iri: str, name: str) -> Node:
    kind = next((made for ours, made in _MAKERS.items() if iri.startswith(ID + ours)), None)
    return {"@id": iri, **({"@type": kind} if kind else {}), "name": name, "url": iri}


def _one_or_all(values: list[Any]) -> object:
    return values[0] if len(values) == 1 else values


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
