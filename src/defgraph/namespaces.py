"""The IRIs of defgraph and the prefixes that queries, Turtle and tables write them with.

One prefix a kind of thing (``state:nz``), since ``id:state/nz`` is not a legal prefixed name.
A prefix belongs to one namespace everywhere: in the files, in queries, in exports, in messages.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/defgraph/"
DEF: Final = BASE + "def/"
ID: Final = BASE + "id/"
DOC: Final = BASE + "doc/"
GRAPH: Final = BASE + "graph/"
SHAPE: Final = BASE + "shape/"
ONTOLOGY: Final = BASE + "ontology"

LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
"""Of ontology, data, shapes and documentation."""

ONTOLOGY_GRAPH: Final = GRAPH + "ontology"
ALIGNMENTS_GRAPH: Final = GRAPH + "alignments"
INFERRED_GRAPH: Final = GRAPH + "inferred"
QUESTIONS_GRAPH: Final = GRAPH + "questions"
VOID_GRAPH: Final = GRAPH + "void"
"""What the dataset holds, in the words of VoID."""

DATASET: Final = VOID_GRAPH + "#dataset"
"""The dataset as a whole, as its descriptions (VoID, DCAT, schema.org) call it."""

LINKS_GRAPHS: Final = GRAPH + "links/"

KINDS: Final = (
    "activity",
    "agreement",
    "certainty",
    "claim",
    "collaboration",
    "concern",
    "condition",
    "cooperation",
    "discussion",
    "enumeration",
    "force",
    "initiative",
    "intention",
    "meeting",
    "modality",
    "module",
    "organisation",
    "person",
    "place",
    "portfolio",
    "post",
    "prefix",
    "provision",
    "question",
    "quotation",
    "reference",
    "relationship",
    "resource",
    "scheme",
    "segment",
    "signing",
    "source",
    "span",
    "state",
    "tenure",
    "topic",
    "trend",
    "undertaking",
)
"""Kinds of things: each has the namespace ``id/{kind}/`` and the kind as its prefix."""

_OURS = {
    "def": DEF,
    "graph": GRAPH,
    "shape": SHAPE,
    **{kind: f"{ID}{kind}/" for kind in KINDS},
}

_STANDARD = {
    "cmns-pts": "https://www.omg.org/spec/Commons/PartiesAndSituations/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "fibo-fnd-agr-agr": "https://spec.edmcouncil.org/fibo/ontology/FND/Agreements/Agreements/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

PREFIXES: Final = MappingProxyType(dict(sorted({**_OURS, **_STANDARD}.items())))
"""Every prefix that is known without being declared."""

RDF: Final = _STANDARD["rdf"]
RDFS: Final = _STANDARD["rdfs"]
OWL: Final = _STANDARD["owl"]
SKOS: Final = _STANDARD["skos"]
XSD: Final = _STANDARD["xsd"]

_LOCAL_NAME = re.compile(r"[\w](?:[\w.-]*[\w-])?")


def sparql_prologue() -> str:
    """Every prefix as a SPARQL declaration, one a line."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def expand(name: str) -> str:
    """Return the IRI that *name* stands for: ``state:nz``, ``<https://...>`` or an IRI as it is.

    A name whose prefix is none of ours is returned unchanged: it is an IRI already.
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def shorten(iri: str) -> str:
    """Return *iri* as a prefixed name where one of our prefixes fits, else in angle brackets."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _PREFIX_OF.get(iri[:end])
    local = iri[end:]
    if prefix is not None and _LOCAL_NAME.fullmatch(local):
        return f"{prefix}:{local}"
    return f"<{iri}>"


_PREFIX_OF = {iri: name for name, iri in PREFIXES.items()}
