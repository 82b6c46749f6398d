"""What an endpoint says of itself, as SPARQL 1.1 Service Description has it.

Only what is so is said: whether the default graph is the union of the named ones, that other
endpoints can be asked only where the operator allows any, that no IRI is ever fetched by never
naming that feature, and what is written only where something is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph.documents.sizes import Sizes
from defgraph.engine.profile import Profile
from defgraph.media_types import GRAPH_FORMATS, RDF_FORMATS, RESULT_FORMATS, Format
from defgraph.namespaces import PREFIXES, XSD

SD: Final = "http://www.w3.org/ns/sparql-service-description#"

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "trig": "TriG",
    "nquads": "N-Quads",
}
_ENTAILMENT: Final = "http://www.w3.org/ns/entailment/"
_SIMPLE: Final = ox.NamedNode(_ENTAILMENT + "Simple")
_OWL: Final = ox.NamedNode(_ENTAILMENT + "OWL-RDF-Based")
_OWL_2_RL: Final = ox.NamedNode("http://www.w3.org/ns/owl-profile/RL")
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_DCAT_SERVES: Final = ox.NamedNode(PREFIXES["dcat"] + "servesDataset")
_SEE_ALSO: Final = ox.NamedNode(PREFIXES["rdfs"] + "seeAlso")
_SPARQL_ENDPOINT: Final = ox.NamedNode(PREFIXES["void"] + "sparqlEndpoint")
_TRIPLES: Final = ox.NamedNode(PREFIXES["void"] + "triples")


@dataclass(frozen=True, slots=True)
class Service:
    """What is known of an endpoint and its dataset; None where another engine has it."""

    endpoint: str  # the IRI where queries are asked
    holdings: str  # the dataset, as VoID calls it
    description: str  # where that stands
    update_endpoint: str | None  # where updates are done, if anything is written
    profile: Profile | None
    sizes: Sizes | None


def service_of(endpoint: str) -> ox.NamedNode:
    """Return what the service at *endpoint* is called."""
    return ox.NamedNode(f"{endpoint}#service")


def described(service: Service) -> list[ox.Triple]:
    """Return the description of *service*; its other parts are named by fragments of the endpoint.

    The service itself has no name: clients look for one that has the URL which they asked, however
    that was written, or for a blank node, and take no other for a description of what they asked.
    """
    query = ox.BlankNode("service")
    dataset, default = (
        ox.NamedNode(f"{service.endpoint}#{part}") for part in ("dataset", "default-graph")
    )
    made = [
        *_service(query, service.endpoint, ("SPARQL10Query", "SPARQL11Query")),
        *_values(query, "resultFormat", _formats((*RESULT_FORMATS, *RDF_FORMATS))),
        *_values(query, "feature", map(_sd, _features(service.profile))),
        *_values(query, "defaultEntailmentRegime", [_SIMPLE]),
        *_values(query, "defaultDataset", [dataset]),
        ox.Triple(query, _DCAT_SERVES, ox.NamedNode(service.holdings)),
        ox.Triple(ox.NamedNode(service.holdings), _SPARQL_ENDPOINT, ox.NamedNode(service.endpoint)),
        ox.Triple(ox.NamedNode(service.holdings), _SEE_ALSO, ox.NamedNode(service.description)),
        ox.Triple(dataset, _TYPE, _sd("Dataset")),
        *_values(dataset, "defaultGraph", [default]),
        ox.Triple(default, _TYPE, _sd("Graph")),
    ]
    if service.update_endpoint is not None:
        update = ox.NamedNode(f"{service.endpoint}#update-service")
        made += _service(update, service.update_endpoint, ("SPARQL11Update",))
        made += _values(update, "inputFormat", _formats(GRAPH_FORMATS))
    if service.sizes is not None:
        inferred = service.profile.inferred_graph if service.profile is not None else None
        made.append(ox.Triple(default, _TRIPLES, _count(service.sizes.default)))
        for number, (iri, size) in enumerate(service.sizes.named.items(), start=1):
            named = ox.NamedNode(f"{dataset.value}-graph-{number}")
            made += _values(dataset, "namedGraph", [named])
            made += _named_graph(named, iri, size, is_inferred=iri == inferred)
    return made


def _service(
    node: ox.NamedNode | ox.BlankNode, endpoint: str, languages: Iterable[str]
) -> Iterator[ox.Triple]:
    yield ox.Triple(node, _TYPE, _sd("Service"))
    yield from _values(node, "endpoint", [ox.NamedNode(endpoint)])
    yield from _values(node, "supportedLanguage", map(_sd, languages))


def _features(profile: Profile | None) -> Iterator[str]:
    if profile is not None and profile.default_graph_is_union:
        yield "UnionDefaultGraph"
    if profile is not None and profile.services:
        yield "BasicFederatedQuery"


def _named_graph(
    node: ox.NamedNode, iri: str, size: int, *, is_inferred: bool
) -> Iterator[ox.Triple]:
    graph = ox.NamedNode(iri)
    yield ox.Triple(node, _TYPE, _sd("NamedGraph"))
    yield from _values(node, "name", [graph])
    yield from _values(node, "graph", [graph])
    yield ox.Triple(graph, _TYPE, _sd("Graph"))
    yield ox.Triple(graph, _TRIPLES, _count(size))
    if is_inferred:
        yield from _values(node, "entailmentRegime", [_OWL])
        yield from _values(node, "supportedEntailmentProfile", [_OWL_2_RL])


def _values(
    subject: ox.NamedNode | ox.BlankNode, name: str, values: Iterable[ox.NamedNode]
) -> Iterator[ox.Triple]:
    return (ox.Triple(subject, _sd(name), value) for value in values)


def _formats(formats: Iterable[Format]) -> Iterator[ox.NamedNode]:
    return (ox.NamedNode(_FORMATS + _FORMAT_NAMES[each.name]) for each in formats)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))
