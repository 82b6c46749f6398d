"""SPARQLWrapper, RDFLib's stores and pandas ask and write without being told anything special."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd
import pytest
import rdflib
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    N3,
    POST,
    POSTDIRECTLY,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)

NZ = URIRef("https://w3id.org/defgraph/id/state/nz")
LABELS = "SELECT ?label { state:nz rdfs:label ?label } ORDER BY ?label"
TOKEN = "secret"


@pytest.mark.parametrize(
    ("method", "request_method"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
)
@pytest.mark.parametrize("format_", [JSON, XML])
def test_sparqlwrapper_selects(shipped, method, request_method, format_):
    client = SPARQLWrapper(f"{shipped}sparql")
    client.setMethod(method)
    client.setRequestMethod(request_method)
    client.setReturnFormat(format_)
    client.setQuery(LABELS)

    found = client.query()._convertJSON() if format_ == JSON else client.query().convert()

    if format_ == JSON:
        labels = [each["label"]["value"] for each in found["results"]["bindings"]]
    else:
        labels = [each.firstChild.data for each in found.getElementsByTagName("literal")]
    assert labels == ["New Zealand", "ニュージーランド"]


@pytest.mark.parametrize("format_", [TURTLE, N3])
def test_sparqlwrapper_constructs(shipped, format_):
    client = SPARQLWrapper(f"{shipped}sparql")
    client.setReturnFormat(format_)
    client.setQuery("CONSTRUCT WHERE { state:nz rdfs:label ?label }")

    graph = rdflib.Graph().parse(data=client.query().convert(), format="turtle")

    assert Literal("New Zealand", lang="en") in set(graph.objects(NZ, RDFS.label))


def test_sparqlwrapper_reads_a_table(shipped):
    client = SPARQLWrapper(f"{shipped}sparql")
    client.setReturnFormat(CSV)
    client.setQuery(LABELS)

    assert client.query().convert().decode().split() == [
        "label",
        "New",
        "Zealand",
        "ニュージーランド",
    ]


def test_rdflibs_store_is_a_graph(shipped):
    graph = rdflib.Graph(SPARQLStore(f"{shipped}sparql", returnFormat="json"))

    assert (NZ, RDFS.label, Literal("New Zealand", lang="en")) in graph
    assert URIRef("https://w3id.org/defgraph/def/State") in set(graph.objects(NZ, RDF.type))
    assert (
        len(
            list(
                graph.query(
                    "SELECT ?s { ?s a def:Agreement }",
                    initNs={"def": "https://w3id.org/defgraph/def/"},
                )
            )
        )
        > 2
    )


def test_rdflibs_store_writes_with_a_token(plain):
    store = SPARQLUpdateStore(
        f"{plain}sparql",
        f"{plain}update",
        returnFormat="json",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    graph = rdflib.Graph(store, identifier=URIRef("http://example.com/g"))
    triple = (URIRef("http://example.com/s"), RDFS.label, Literal("naïve", lang="fr"))

    graph.add(triple)
    assert triple in graph
    assert len(graph) == 1
    graph.remove(triple)

    assert triple not in graph


def test_rdflib_parses_an_iri(shipped):
    graph = rdflib.Graph().parse(f"{shipped}id/state/nz")

    assert Literal("New Zealand", lang="en") in set(graph.objects(NZ, RDFS.label))


def test_pandas_reads_a_query_as_a_table(shipped):
    url = f"{shipped}sparql?{urlencode({'query': 'SELECT ?s ?n { ?s def:cowCode ?n }', 'format': 'csv'})}"

    table = pd.read_csv(url)

    assert [*table.columns] == ["s", "n"]
    assert table.n[table.s == str(NZ)].tolist() == [920]
