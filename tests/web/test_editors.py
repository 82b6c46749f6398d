"""What editors of queries ask an endpoint for, to complete from it: as sib-swiss/sparql-editor does."""

import sys

import pytest
import rdflib
from fastapi.testclient import TestClient

from defgraph.namespaces import DATASET, DEF, VOID_GRAPH
from defgraph.namespaces import PREFIXES as PREFIXES_OF
from defgraph.settings import Settings
from defgraph.web.app import create_app
from defgraph.web.stores import store_for

PREFIXES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX void: <http://rdfs.org/ns/void#>
"""


def solutions(client, query):
    answer = client.get("/sparql", params={"query": PREFIXES + query, "format": "json"})
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in each.items()} for each in found]


@pytest.fixture(scope="module")
def served():
    if sys.platform != "linux":
        pytest.skip("a dataset describes itself where there are zygotes, on Linux")
    settings = Settings(workers=1)
    with TestClient(create_app(settings, store=store_for(settings))) as running:
        yield running


def test_classes_and_their_properties_are_completed_from_void(served):
    found = solutions(
        served,
        """
        SELECT DISTINCT ?class ?property ?objectClass WHERE {
          ?classPartition void:class ?class ; void:propertyPartition ?partition .
          ?partition void:property ?property .
          OPTIONAL { ?partition void:classPartition [ void:class ?objectClass ] }
        }""",
    )

    pairs = {
        (each["class"].removeprefix(DEF), each["property"].removeprefix(DEF)) for each in found
    }
    assert {("Agreement", "hasParty"), ("State", "isoAlpha3"), ("Claim", "hasSpeaker")} <= pairs
    for name, property_ in sorted(pairs)[::20]:
        query = f"SELECT ?s {{ ?s a <{DEF}{name}> ; <{property_ if ':' in property_ else DEF + property_}> ?o }} LIMIT 1"
        assert solutions(served, query), (name, property_)


def test_what_the_graph_counts_is_so_and_the_well_known_place_says_the_same(served):
    (counted,) = solutions(
        served, f"SELECT ?n {{ GRAPH <{VOID_GRAPH}> {{ <{DATASET}> void:triples ?n }} }}"
    )
    (there,) = solutions(
        served,
        "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o "
        f"{{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{VOID_GRAPH}>) }} }}",
    )
    told = rdflib.Graph().parse(data=served.get("/.well-known/void").text, format="turtle")

    assert counted == there
    triples = rdflib.URIRef(PREFIXES_OF["void"] + "triples")
    assert [str(each) for each in told.objects(rdflib.URIRef(DATASET), triples)] == [counted["n"]]
    assert (
        len(
            set(
                told.objects(
                    rdflib.URIRef(DATASET), rdflib.URIRef(PREFIXES_OF["void"] + "dataDump")
                )
            )
        )
        == 12
    )


def test_every_question_is_an_example_for_this_endpoint(shipped_client):
    examples = solutions(
        shipped_client,
        """
        SELECT DISTINCT ?example ?target ?query WHERE {
          ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; schema:target ?target ;
            sh:select|sh:ask|sh:construct|sh:describe ?query
        }""",
    )

    assert len(examples) == 29
    assert {each["target"] for each in examples} == {"https://w3id.org/defgraph/sparql"}


@pytest.mark.parametrize("prefix", ["def", "state", "skos"])
def test_the_prefixes_are_declared(shipped_client, prefix):
    declared = solutions(
        shipped_client,
        "SELECT DISTINCT ?prefix ?iri WHERE { [] sh:namespace ?iri ; sh:prefix ?prefix }",
    )

    assert prefix in {each["prefix"] for each in declared}
