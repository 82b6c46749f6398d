"""The dumps in the words of DCAT: each file a distribution, with its size and its sum.

As DCAT 3 has it (sections 6.6 to 6.9): the dataset and each named graph is a ``dcat:Dataset``, a
file a ``dcat:Distribution`` of it, the endpoint a ``dcat:DataService`` that serves the dataset. It
is the dataset that VoID describes, so its dumps are named in the words of VoID, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph.documents.colophon import Colophon, Described
from defgraph.documents.service import service_of
from defgraph.media_types import Format
from defgraph.namespaces import PREFIXES, RDF, XSD

SPDX: Final = "http://spdx.org/rdf/terms#"

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_TYPE: Final = ox.NamedNode(RDF + "type")


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file to download."""

    name: str
    form: Format
    graph: str | None  # the IRI of the one that it holds; None: all of them
    size: int
    sha256: str
    is_compressed: bool


@dataclass(frozen=True, slots=True)
class Catalogued:
    """A dataset at a server whose first page is *base*, and what it says of itself."""

    dataset: str
    base: str
    colophon: Colophon
    distributions: tuple[Distribution, ...]


def described(of: Catalogued) -> list[ox.Triple]:
    """Return the description of the dataset's dumps and of the endpoint that serves it."""
    dataset, endpoint = ox.NamedNode(of.dataset), ox.NamedNode(f"{of.base}sparql")
    service = service_of(endpoint.value)
    made = [
        *_dataset(dataset, of.colophon.licences),
        *_said(dataset, of.colophon.whole(of.base)),
        ox.Triple(dataset, _term("void", "sparqlEndpoint"), endpoint),
        ox.Triple(service, _TYPE, _term("dcat", "DataService")),
        ox.Triple(service, _term("dcat", "endpointURL"), endpoint),
        ox.Triple(service, _term("dcat", "endpointDescription"), endpoint),
        ox.Triple(service, _term("dcat", "servesDataset"), dataset),
    ]
    for graph in sorted({each.graph for each in of.distributions if each.graph is not None}):
        made += _dataset(ox.NamedNode(graph), of.colophon.licences_of([graph]))
        made += _said(ox.NamedNode(graph), of.colophon.datasets.get(graph))
        made.append(ox.Triple(dataset, _term("void", "subset"), ox.NamedNode(graph)))
    for each in of.distributions:
        part = dataset if each.graph is None else ox.NamedNode(each.graph)
        made += _distribution(part, each, of)
    return made


def _said(dataset: ox.NamedNode, described: Described | None) -> Iterator[ox.Triple]:
    if described is None:
        return
    for name, texts in (("title", described.titles), ("description", described.descriptions)):
        for language, each in texts.items():
            yield ox.Triple(
                dataset, _term("dcterms", name), ox.Literal(each, language=language or None)
            )
    for creator in described.creators:
        yield ox.Triple(dataset, _term("dcterms", "creator"), ox.NamedNode(creator))


def _dataset(dataset: ox.NamedNode, licences: Iterable[str]) -> Iterator[ox.Triple]:
    yield ox.Triple(dataset, _TYPE, _term("dcat", "Dataset"))
    yield ox.Triple(dataset, _TYPE, _term("void", "Dataset"))
    for each in licences:
        yield ox.Triple(dataset, _term("dcterms", "license"), ox.NamedNode(each))


def _distribution(dataset: ox.NamedNode, file: Distribution, of: Catalogued) -> Iterable[ox.Triple]:
    address = ox.NamedNode(f"{of.base}dumps/{file.name}")
    node = ox.NamedNode(f"{of.base}dumps/#{file.name}")
    checksum = ox.NamedNode(f"{node.value}-sha256")
    yield ox.Triple(dataset, _term("dcat", "distribution"), node)
    yield ox.Triple(dataset, _term("void", "dataDump"), address)
    yield ox.Triple(node, _TYPE, _term("dcat", "Distribution"))
    yield ox.Triple(node, _term("dcat", "downloadURL"), address)
    yield ox.Triple(node, _term("dcat", "accessURL"), address)
    yield ox.Triple(node, _term("dcat", "mediaType"), _media_type(file.form.media_type))
    if file.is_compressed:
        yield ox.Triple(node, _term("dcat", "compressFormat"), _media_type("application/gzip"))
    yield ox.Triple(node, _term("dcat", "byteSize"), _literal(str(file.size), "nonNegativeInteger"))
    colophon = of.colophon
    licences = colophon.licences if file.graph is None else colophon.licences_of([file.graph])
    for each in licences:
        yield ox.Triple(node, _term("dcterms", "license"), ox.NamedNode(each))
    yield ox.Triple(node, _spdx("checksum"), checksum)
    yield ox.Triple(checksum, _TYPE, _spdx("Checksum"))
    yield ox.Triple(checksum, _spdx("algorithm"), _spdx("checksumAlgorithm_sha256"))
    yield ox.Triple(checksum, _spdx("checksumValue"), _literal(file.sha256, "hexBinary"))


def _media_type(media_type: str) -> ox.NamedNode:
    return ox.NamedNode(_MEDIA_TYPES + media_type)


def _term(prefix: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES[prefix] + name)


def _spdx(name: str) -> ox.NamedNode:
    return ox.NamedNode(SPDX + name)


def _literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))
