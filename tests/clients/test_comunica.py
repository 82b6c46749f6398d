"""Comunica finds out by itself what it is led to, asks it, and joins it with another endpoint."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / ".bin" / "comunica-sparql"

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(not PROGRAM.exists(), reason="Comunica is not installed: make clients"),
    pytest.mark.xdist_group("comunica"),
]

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
NZ = "https://w3id.org/defgraph/id/state/nz"
LABELS = f'SELECT ?label {{ <{NZ}> <{LABEL}> ?label FILTER(LANG(?label) = "en") }}'


def comunica(query, *sources):
    asked = [PROGRAM, *sources, query, "-t", "application/sparql-results+json", "--lenient"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)["results"]["bindings"]


def values(found, name):
    return [each[name]["value"] for each in found]


@pytest.mark.parametrize("path", ["sparql", "sparql?", "sparql?format=turtle"])
def test_it_discovers_an_endpoint(shipped, path):
    # It takes a URL that ends with /sparql for an endpoint; of others, the description tells it.
    assert values(comunica(LABELS, f"{shipped}{path}"), "label") == ["New Zealand"]


def test_a_program_is_given_the_address_and_no_more(shipped):
    program = f"""
        const {{ QueryEngine }} = require('@comunica/query-sparql');
        new QueryEngine().queryBindings({json.dumps(LABELS)}, {{ sources: ['{shipped}sparql'] }})
          .then((found) => found.toArray())
          .then((found) => console.log(JSON.stringify(found.map((each) => each.get('label').value))));
    """

    done = subprocess.run(
        ["node", "-e", program], cwd=HERE, capture_output=True, text=True, check=True, timeout=120
    )

    assert json.loads(done.stdout) == ["New Zealand"]


def test_the_description_alone_tells_it_where_to_ask(shipped):
    program = f"""
        const {{ ActorRdfMetadataExtractSparqlService: Actor }} =
          require('@comunica/actor-rdf-metadata-extract-sparql-service');
        const {{ StreamParser }} = require('n3');
        const url = '{shipped}sparql';
        const bus = {{ subscribe() {{}} }};
        fetch(url, {{ headers: {{ accept: 'text/turtle' }} }}).then((answer) => answer.text())
          .then((turtle) => {{
            const metadata = new StreamParser({{ baseIRI: url }});
            metadata.end(turtle);
            const actor = new Actor({{ name: 'sd', bus, inferHttpsEndpoint: true }});
            return actor.run({{ metadata, url }});
          }})
          .then((found) => console.log(JSON.stringify(found.metadata)));
    """

    done = subprocess.run(
        ["node", "-e", program], cwd=HERE, capture_output=True, text=True, check=True, timeout=120
    )

    found = json.loads(done.stdout)
    assert found["sparqlService"] == f"{shipped}sparql"
    assert found["unionDefaultGraph"] is True
    assert "http://www.w3.org/ns/formats/SPARQL_Results_JSON" in found["resultFormats"]


def test_it_reads_a_document(shipped):
    assert values(comunica(LABELS, f"{shipped}doc/state/nz.ttl"), "label") == ["New Zealand"]


def test_it_reads_the_document_of_an_iri_by_its_graphs(shipped):
    found = comunica(LABELS.replace("{", "{ GRAPH ?g {", 1) + " }", f"{shipped}id/state/nz")

    assert values(found, "label") == ["New Zealand"]


def test_it_joins_two_endpoints(shipped, plain):
    notes = f"INSERT DATA {{ <{NZ}> <http://example.com/note> 'an ally' }}"
    headers = {"Authorization": "Bearer secret", "Content-Type": "application/sparql-update"}
    written = httpx2.post(f"{plain}update", content=notes, headers=headers, trust_env=False)
    assert written.status_code == 200

    found = comunica(
        f"SELECT ?label ?note {{ ?state <{LABEL}> ?label ; <http://example.com/note> ?note "
        'FILTER(LANG(?label) = "en") }',
        f"{shipped}sparql",
        f"{plain}sparql",
    )

    assert (values(found, "label"), values(found, "note")) == (["New Zealand"], ["an ally"])


def test_a_service_clause_asks_an_endpoint_that_the_operator_allowed(shipped, open_server):
    with open_server(plain="1", allow_service=f"{shipped}sparql") as address:
        found = comunica(
            f"SELECT ?label {{ SERVICE <{shipped}sparql> {{ <{NZ}> <{LABEL}> ?label }} }}",
            f"sparql@{address}sparql",
        )

    assert sorted(values(found, "label")) == ["New Zealand", "ニュージーランド"]
