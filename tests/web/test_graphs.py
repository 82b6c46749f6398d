"""Whole graphs over HTTP: SPARQL 1.1 Graph Store HTTP Protocol."""

import pyoxigraph as ox
import pytest

from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import GRAPH

STATES = {"graph": GRAPH + "states"}
NO_GRAPH = {"graph": GRAPH + "none"}


# Reading (section 5.2)


@pytest.mark.parametrize("each", RDF_FORMATS, ids=lambda each: each.name)
def test_a_graph_in_each_format(client, each):
    by_accept = client.get("/graphs", params=STATES, headers={"Accept": each.media_type})
    by_name = client.get("/graphs", params={**STATES, "format": each.name})

    assert by_accept.status_code == 200
    assert by_accept.headers["content-type"] == each.content_type
    assert by_accept.content == by_name.content
    form = ox.RdfFormat.from_media_type(each.media_type)
    assert len(list(ox.parse(by_accept.content, format=form))) == 8


def test_turtle_is_the_usual_format_and_the_generation_is_told(client):
    answer = client.get("/graphs", params=STATES)

    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert answer.headers["generation"] == "1"
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_any_page_may_read(client):
    answer = client.get("/graphs", params=STATES, headers={"Origin": "https://other.example"})

    assert answer.headers["access-control-allow-origin"] == "*"


def test_head_tells_what_get_does(client):
    answer = client.head("/graphs", params=STATES)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("form", ["turtle", "rdfxml", "jsonld"])
def test_an_unknown_graph_is_a_404(client, method, form):
    answer = client.request(method, "/graphs", params={**NO_GRAPH, "format": form})

    assert answer.status_code == 404


def test_what_cannot_be_given_is_a_406(client):
    answer = client.get("/graphs", params=STATES, headers={"Accept": "image/png"})

    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["offered"]


@pytest.mark.parametrize(
    "url",
    [
        "/graphs",
        "/graphs?format=turtle",
        "/graphs?default&graph=urn:a",
        "/graphs?graph=urn:a&graph=urn:b",
        "/graphs?default=urn:a",
        "/graphs?default&default",
        "/graphs?graph=",
        "/graphs?graph=states",
        "/graphs?graph=urn:a%20b",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_must_mean_one_graph(client, method, url):
    assert client.request(method, url).status_code == 400


def test_the_problem_says_how_to_name_a_graph(client):
    assert "/graphs?graph=IRI" in client.get("/graphs").json()["detail"]


# What the client has already, and how it is sent


def test_a_graph_that_the_client_has_is_a_304(client):
    first = client.get("/graphs", params=STATES)

    again = client.get("/graphs", params=STATES, headers={"If-None-Match": first.headers["etag"]})
    other = {"If-None-Match": first.headers["etag"], "Accept": "application/n-triples"}

    assert again.status_code == 304
    assert again.content == b""
    assert client.get("/graphs", params=STATES, headers=other).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_graph_is_compressed(application_over, encoding):
    made = ox.Store()
    made.extend(
        ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(n), ox.NamedNode("urn:g"))
        for n in range(1000)
    )
    with application_over(made) as client:
        answer = client.get("/graphs?graph=urn:g", headers={"Accept-Encoding": encoding})

    assert answer.headers["content-encoding"] == encoding
    assert len(list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))) == 1000
