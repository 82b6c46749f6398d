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


def test_it_discovers_an_endpoint(shipped):
    assert values(comunica(LABELS, f"{shipped}sparql"), "label") == ["New Zealand"]


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
