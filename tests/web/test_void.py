"""VoID at its well-known place."""

import re

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import DATASET, PREFIXES
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app

WHERE = "/.well-known/void"
SAMPLE = """
PREFIX ex: <http://example.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
GRAPH ex:one { ex:a a ex:C ; ex:p 1 , 2 . ex:b a ex:C , ex:D }
GRAPH ex:two { ex:a a ex:C ; skos:exactMatch <http://www.wikidata.org/entity/Q664> }
"""


@pytest.fixture
def small():
    dataset = ox.Store()
    dataset.load(SAMPLE.encode(), format=ox.RdfFormat.TRIG)
    return TestClient(create_app(Settings(), store=InProcessStore(dataset)))


def told(answer):
    assert answer.status_code == 200, answer.text
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.from_media_type(answer.headers["content-type"]))
    return store


def rows(store, names, pattern):
    prefixes = {"void": PREFIXES["void"], "ex": "http://example.org/"}
    found = store.query(f"SELECT {names} WHERE {{ {pattern} }}", prefixes=prefixes)
    return {tuple(term.value for term in each) for each in found}


def test_each_graph_and_the_whole_are_counted(small):
    store = told(small.get(WHERE))

    assert rows(
        store, "?part ?n", "?part void:triples ?n FILTER EXISTS { ?part a void:Dataset }"
    ) == {
        ("http://testserver/.well-known/void#dataset", "6"),
        ("http://example.org/one", "5"),
        ("http://example.org/two", "2"),
    }
    assert rows(
        store, "?class ?n", "ex:one void:classPartition [ void:class ?class ; void:entities ?n ]"
    ) == {
        ("http://example.org/C", "2"),
        ("http://example.org/D", "1"),
    }
    assert ("http://example.org/p", "2") in rows(
        store,
        "?property ?n",
        "ex:one void:propertyPartition [ void:property ?property ; void:triples ?n ]",
    )
    assert rows(store, "?whole ?endpoint", "?whole void:sparqlEndpoint ?endpoint") == {
        ("http://testserver/.well-known/void#dataset", "http://testserver/sparql")
    }


def test_links_are_counted_by_what_they_lead_to(small):
    store = told(small.get(WHERE))

    found = rows(
        store,
        "?n ?space",
        "ex:two void:subset [ void:triples ?n ; void:objectsTarget/void:uriSpace ?space ]",
    )
    assert found == {("1", "http://www.wikidata.org/entity/")}


@pytest.mark.parametrize("each", RDF_FORMATS, ids=lambda each: each.name)
def test_every_format_says_the_same(client, each):
    answer = client.get(WHERE, headers={"Accept": each.media_type})

    assert answer.headers["content-type"] == each.content_type
    assert set(told(answer)) == set(told(client.get(WHERE)))


def test_it_leads_to_its_other_formats(client):
    first = client.get(WHERE)

    links = re.findall(r'<(\S+)>; rel="alternate"; type="(\S+)"', first.headers["link"])

    assert [media_type for _, media_type in links] == [each.media_type for each in RDF_FORMATS]
    for address, media_type in links:
        answer = client.get(address)
        assert answer.headers["content-type"].startswith(media_type)
        assert set(told(answer)) == set(told(first))


def test_it_is_not_sent_again_to_whoever_has_it(small):
    first = small.get(WHERE)

    again = small.get(WHERE, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304


def test_links_to_addresses_that_end_in_a_slash_are_of_one_target(client_of):
    links = (
        "state:jp skos:exactMatch <https://sws.geonames.org/1/> , <https://sws.geonames.org/2/> ."
    )
    with client_of(links=links) as client:
        found = rows(
            told(client.get(WHERE)),
            "?n ?space",
            "?set void:linkPredicate ?p ; void:triples ?n ; void:objectsTarget/void:uriSpace ?space",
        )

    assert found == {("2", "https://sws.geonames.org/")}


def test_an_empty_dataset_holds_nothing():
    with TestClient(create_app(Settings(), store=InProcessStore(ox.Store()))) as empty:
        store = told(empty.get(WHERE))

    assert rows(store, "?part ?n", "?part void:triples ?n") == {
        ("http://testserver/.well-known/void#dataset", "0")
    }


def test_what_can_be_downloaded_is_there(client):
    store = told(client.get(WHERE))

    dumps = {each for (each,) in rows(store, "?dump", "?dataset void:dataDump ?dump")}
    assert len(dumps) == 2 * len(RDF_FORMATS)
    for each in dumps:
        assert client.get(each).status_code == 200


def test_nothing_is_promised_that_cannot_be_downloaded(small):
    assert not rows(told(small.get(WHERE)), "?dump", "?dataset void:dataDump ?dump")
    assert "/dumps/" not in small.get("/sitemap.xml").text
    assert "dumps/" not in small.get("/").text


def test_the_service_description_and_void_name_each_other(shipped_client):
    service, holdings = (told(shipped_client.get(path)) for path in ("/sparql", WHERE))

    served = service.query(
        "SELECT ?dataset ?description { ?service dcat:servesDataset ?dataset ; sd:endpoint ?endpoint."
        " ?dataset void:sparqlEndpoint ?endpoint ; rdfs:seeAlso ?description }",
        prefixes={
            **PREFIXES,
            "sd": "http://www.w3.org/ns/sparql-service-description#",
        },
    )
    ((dataset, description),) = ((each[0].value, each[1].value) for each in served)
    assert dataset == DATASET
    assert description == f"http://testserver{WHERE}"
    assert rows(holdings, "?endpoint", f"<{DATASET}> void:sparqlEndpoint ?endpoint") == {
        ("http://testserver/sparql",)
    }


def test_the_graph_of_a_dataset_that_has_none_leads_to_the_well_known_place(shipped_client):
    for path, format_name in (("/graph/void", None), ("/graph/void.nt", "ntriples")):
        answer = shipped_client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=False)

        assert answer.status_code == 303
        query = f"?format={format_name}" if format_name else ""
        assert answer.headers["Location"] == f"/.well-known/void{query}"
        followed = told(shipped_client.get(path, headers={"Accept": "text/turtle"}))
        assert rows(followed, "?endpoint", f"<{DATASET}> void:sparqlEndpoint ?endpoint")


def test_a_dataset_that_is_not_ours_has_no_graph_of_ours(small):
    assert small.get("/graph/void").status_code == 404


def test_as_a_page_it_is_what_the_dataset_says_of_itself(shipped_client):
    for path in ("/graph/void", "/graph/void.html"):
        page = shipped_client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)

        assert page.status_code == 200
        assert '<h1 id="name">defgraph: a knowledge graph of defence cooperation</h1>' in page.text
