"""What editors of queries ask an endpoint for, to complete from it: as sib-swiss/sparql-editor does."""

import pytest

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
