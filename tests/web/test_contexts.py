"""The context is what JSON-LD of ours is read with, and its documents fulfil their schemas."""

import json

import jsonschema_rs
import pyoxigraph as ox
import pytest
from pyld import jsonld

from defgraph.jsonld import context
from defgraph.jsonld.schemas import NAMES, schema
from defgraph.namespaces import BASE


@pytest.mark.parametrize("path", ["/context.jsonld", "/context/1.0.0.jsonld"])
def test_the_context_is_served_to_any_page(client, path):
    answer = client.get(path)

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "max-age" in answer.headers["cache-control"]
    assert answer.json() == {"@context": context()}


@pytest.mark.parametrize("path", ["/context.jsonld", "/schema/state.json"])
def test_who_has_it_is_told_so(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = client.get(path, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.content == first.content


@pytest.mark.parametrize("path", ["/context/9.9.9.jsonld", "/schema/nothing.json"])
def test_what_there_is_not_is_a_404_that_names_what_there_is(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json()["known"]


@pytest.mark.parametrize("name", NAMES)
def test_every_document_of_a_class_fulfils_its_schema(shipped_client, name):
    served = shipped_client.get(f"/schema/{name}.json").json()
    jsonschema_rs.meta.validate(served)
    validator = jsonschema_rs.validator_for(served)
    query = f"SELECT DISTINCT ?s {{ ?s a def:{name.title()} FILTER (ISIRI(?s)) }}"
    found = shipped_client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    iris = found.text.split()[1:]

    assert iris
    for iri in iris:
        path = iri.replace(BASE + "id/", "/doc/")
        document = json.loads(shipped_client.get(f"{path}.jsonld").content)
        wrong = next(validator.iter_errors(document), None)
        assert wrong is None, f"{iri}: {wrong}"


def canonical(content, form):
    found = ox.Dataset(
        ox.Quad(each.subject, each.predicate, each.object)
        for each in ox.parse(content, format=form)
    )
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.mark.parametrize(
    "path",
    [
        *("state/nz", "state/ad", "state/nl", "agreement/jp-nz-acsa-2025", "place/tokyo"),
        *("person/judith-collins", "post/jp-defence-minister", "organisation/defgraph"),
    ],
)
def test_pyld_reads_the_triples_of_a_document(shipped_client, path):
    document = shipped_client.get(f"/doc/{path}.jsonld").json()
    read = jsonld.to_rdf(document, {"format": "application/n-quads"}).encode()
    served = shipped_client.get(f"/doc/{path}.nt").content

    assert "@reverse" in document
    assert canonical(read, ox.RdfFormat.N_QUADS) == canonical(served, ox.RdfFormat.N_TRIPLES)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Person"},
        {"label": "New Zealand"},
        {"partyTo": "agreement:a"},
        {"@reverse": [3]},
        {"included": [{"id": 3}]},
        {"document": None},
    ],
)
def test_a_schema_refuses_what_is_not_so(shipped_client, change):
    document = shipped_client.get("/doc/state/nz.jsonld").json()
    validator = jsonschema_rs.validator_for(schema("state"))

    assert validator.is_valid(document)
    assert not validator.is_valid(document | change)


def test_a_document_is_an_object_that_a_program_reads_easily(shipped_client):
    document = shipped_client.get("/doc/state/nz.jsonld").json()

    assert document["id"] == "state:nz"
    assert document["label"]["en"] == "New Zealand"
    assert document["isoAlpha3"] == "NZL"
    assert {"id", "label"} <= document["hasForce"][0].keys()
    assert document["claims"][0]["hasSpan"][0]["inSegment"]["identifier"]
