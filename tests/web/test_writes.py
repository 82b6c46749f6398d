"""Writes over HTTP: updates and whole graphs, through the processes that a server has."""

import gzip
import json
import sys

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from defgraph import loading
from defgraph.engine.limits import Limits
from defgraph.engine.profile import PLAIN, Profile
from defgraph.media_types import GRAPH_FORMATS
from defgraph.namespaces import GRAPH, INFERRED_GRAPH
from defgraph.settings import Settings
from defgraph.store.forked import ForkedStore
from defgraph.web import create_app

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

TOKEN = {"Authorization": "Bearer secret"}
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
ONE = b"<urn:a> <urn:b> 1 ."
TWO = b"<urn:a> <urn:b> 2 ."
WRONG = "INSERT DATA { GRAPH graph:x { agreement:x a def:Agreement ; def:hasParty person:p } }"
LIMITS = Limits(timeout_s=60)


def serving(dataset=None, **options):
    store = ForkedStore(dataset, is_writable=True, workers=2, limits=LIMITS, **options)
    app = create_app(Settings(token="secret", max_upload_bytes=100_000), store=store)
    return TestClient(app, headers=TOKEN)


@pytest.fixture(scope="module")
def running():
    with serving(profile=PLAIN) as client:
        yield client


@pytest.fixture
def plain(running):
    """A plain store that holds nothing."""
    assert running.post("/update", content="DROP ALL", headers=UPDATE).status_code == 200
    return running


@pytest.fixture(scope="module")
def shipped():
    with serving(loading.load(), profile=Profile(gate="defgraph.admission")) as client:
        yield client


def holds(client, pattern):
    answer = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"})
    return answer.json()["boolean"]


def generation(client):
    return int(client.get("/sparql?query=ASK%20{}").headers["generation"])


# Updates (SPARQL 1.1 Protocol, 2.2)


def test_an_update_as_the_body(plain):
    before = generation(plain)

    answer = plain.post("/update", content="INSERT DATA { <urn:a> <urn:b> 1, 2 }", headers=UPDATE)

    assert answer.status_code == 200
    assert answer.json() == {"generation": before + 1, "added": 2, "deleted": 0}
    assert answer.headers["generation"] == str(before + 1)
    assert holds(plain, "<urn:a> <urn:b> 2")


def test_an_update_as_a_form(plain):
    answer = plain.post("/update", data={"update": "INSERT DATA { <urn:a> <urn:b> 1 }"})

    assert answer.status_code == 200
    assert holds(plain, "<urn:a> <urn:b> 1")


def test_an_update_that_changes_nothing_keeps_the_generation(plain):
    before = generation(plain)

    answer = plain.post("/update", content="CLEAR ALL", headers=UPDATE)

    assert answer.json() == {"generation": before, "added": 0, "deleted": 0}


def test_a_request_describes_the_dataset_of_an_update(plain):
    plain.post(
        "/update",
        content="INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } <urn:a> <urn:b> 2 }",
        headers=UPDATE,
    )

    plain.post(
        "/update",
        params={"using-graph-uri": "urn:g"},
        content="INSERT { <urn:found> <urn:b> ?o } WHERE { ?s <urn:b> ?o }",
        headers=UPDATE,
    )

    assert holds(plain, "<urn:found> <urn:b> 1")
    assert not holds(plain, "<urn:found> <urn:b> 2")


@pytest.mark.parametrize(
    ("params", "headers", "body", "status"),
    [
        ({}, UPDATE, "INSERT DATA {\n <urn:a> nope:b 1 }", 400),
        ({}, UPDATE, " ", 400),
        ({}, UPDATE, b"INSERT DATA { <urn:a> <urn:b> '\xff' }", 400),
        ({"query": "ASK {}"}, UPDATE, "CLEAR ALL", 400),
        ({"update": "CLEAR ALL"}, UPDATE, "CLEAR ALL", 400),
        ({"using-graph-uri": "g"}, UPDATE, "CLEAR ALL", 400),
        ({}, {"Content-Type": "text/plain"}, "CLEAR ALL", 415),
        ({}, {"Content-Type": "application/sparql-query"}, "CLEAR ALL", 415),
        ({}, UPDATE, "LOAD <http://127.0.0.1:9/>", 403),
        ({}, UPDATE, "INSERT {} WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ({}, UPDATE, "#" * 100_001, 413),
    ],
)
def test_an_update_that_is_not_taken_changes_nothing(plain, params, headers, body, status):
    plain.put("/graphs?default", content=ONE, headers=TURTLE)

    answer = plain.post("/update", params=params, content=body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert holds(plain, "<urn:a> <urn:b> 1")


def test_a_syntax_error_has_line_and_column(plain):
    text = "INSERT DATA {\n <urn:a> nope:b 1 }"

    answer = plain.post("/update", content=text, headers=UPDATE)

    assert (answer.json()["line"], answer.json()["column"]) == (2, 10)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_an_update_is_posted(plain, method):
    assert plain.request(method, "/update?update=CLEAR%20ALL").status_code == 405


# Graphs (SPARQL 1.1 Graph Store HTTP Protocol)


def test_a_graph_from_its_making_to_its_end(plain):
    graph = {"graph": "urn:g"}

    steps = [
        plain.get("/graphs", params=graph),
        plain.put("/graphs", params=graph, content=ONE, headers=TURTLE),
        plain.put("/graphs", params=graph, content=TWO, headers=TURTLE),
        plain.post("/graphs", params=graph, content=ONE, headers=TURTLE),
        plain.get("/graphs", params={**graph, "format": "ntriples"}),
        plain.delete("/graphs", params=graph),
        plain.head("/graphs", params=graph),
        plain.delete("/graphs", params=graph),
    ]

    assert [each.status_code for each in steps] == [404, 201, 204, 204, 200, 204, 404, 404]
    assert len(steps[4].text.splitlines()) == 2
    numbers = [int(steps[at].headers["generation"]) for at in (1, 2, 3, 4, 5)]
    assert numbers == [numbers[0] + each for each in (0, 1, 2, 2, 3)]


def test_the_default_graph_is_always_there(plain):
    steps = [
        plain.get("/graphs?default"),
        plain.put("/graphs?default", content=ONE, headers=TURTLE),
        plain.post("/graphs?default=", content=TWO, headers=TURTLE),
        plain.get("/graphs?default&format=ntriples"),
        plain.delete("/graphs?default"),
        plain.delete("/graphs?default"),
    ]

    assert [each.status_code for each in steps] == [200, 204, 204, 200, 204, 204]
    assert len(steps[3].text.splitlines()) == 2


def test_posting_makes_a_graph_too(plain):
    answer = plain.post("/graphs?graph=urn:new", content=ONE, headers=TURTLE)

    assert answer.status_code == 201


@pytest.mark.parametrize("each", GRAPH_FORMATS, ids=lambda each: each.name)
def test_a_graph_is_sent_and_taken_in_each_format(plain, each):
    form = ox.RdfFormat.from_media_type(each.media_type)
    triple = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:x:p"), ox.Literal("é日本"))
    headers = {"Content-Type": each.content_type}

    plain.put("/graphs?graph=urn:g", content=ox.serialize([triple], format=form), headers=headers)
    answer = plain.get("/graphs?graph=urn:g", headers={"Accept": each.media_type})

    assert [quad.triple for quad in ox.parse(answer.content, format=form)] == [triple]


def test_an_upload_may_be_gzip(plain):
    headers = {**TURTLE, "Content-Encoding": "gzip"}

    plain.put("/graphs?graph=urn:g", content=gzip.compress(ONE), headers=headers)

    assert holds(plain, "GRAPH <urn:g> { <urn:a> <urn:b> 1 }")


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(
    ("url", "headers", "body", "status"),
    [
        ("/graphs", TURTLE, ONE, 400),
        ("/graphs?default&graph=urn:g", TURTLE, ONE, 400),
        ("/graphs?graph=g", TURTLE, ONE, 400),
        ("/graphs?graph=urn:g", TURTLE, b"<urn:a>\n <urn:b>", 400),
        ("/graphs?graph=urn:g", {**TURTLE, "Content-Encoding": "gzip"}, ONE, 400),
        ("/graphs?graph=urn:g", {"Content-Type": "application/rdf+xml"}, ONE, 400),
        ("/graphs?graph=urn:g", {"Content-Type": "text/turtle; charset=latin-1"}, ONE, 400),
        ("/graphs?graph=urn:g", {"Content-Type": "text/csv"}, ONE, 415),
        ("/graphs?graph=urn:g", {"Content-Type": "application/n-quads"}, ONE, 415),
        ("/graphs?graph=urn:g", {}, ONE, 415),
        ("/graphs?graph=urn:g", TURTLE, b"#" * 100_001, 413),
        (
            "/graphs?graph=urn:g",
            {**TURTLE, "Content-Encoding": "gzip"},
            gzip.compress(b"#" * 100_000_000),
            413,
        ),
    ],
    ids=[
        "none", "two", "relative", "turtle", "gzip", "xml", "charset", "csv", "nquads", "untyped",
        "large", "bomb",
    ],
)  # fmt: skip
def test_an_upload_that_is_not_taken_changes_nothing(  # noqa: PLR0917 - one row of the table
    plain, method, url, headers, body, status
):
    before = generation(plain)

    answer = plain.request(method, url, content=body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert generation(plain) == before


def test_a_syntax_error_in_an_upload_has_its_line(plain):
    answer = plain.put("/graphs?graph=urn:g", content=b"<urn:a>\n <urn:b>\n !", headers=TURTLE)

    assert answer.json()["title"] == "DataSyntaxError"
    assert answer.json()["line"] == 3


def test_a_body_that_comes_in_pieces_is_limited_too(plain):
    answer = plain.put("/graphs?graph=urn:g", content=iter([ONE] * 10_000), headers=TURTLE)

    assert answer.status_code == 413
    assert answer.json()["limit"] == "DEFGRAPH_MAX_UPLOAD_BYTES"


def test_an_answer_to_a_write_is_for_no_page_of_another_origin(plain):
    headers = {**TURTLE, "Origin": "https://other.example"}

    answer = plain.put("/graphs?graph=urn:g", content=ONE, headers=headers)

    assert answer.status_code == 201
    assert "access-control-allow-origin" not in answer.headers


# The gate of the shapes


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("image/png", "application/problem+json"),
    ],
)
def test_what_the_shapes_refuse_is_a_422_with_the_report(shipped, accept, content_type):
    before = generation(shipped)

    answer = shipped.post("/update", content=WRONG, headers={**UPDATE, "Accept": accept})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == content_type
    assert "agreement-party" in answer.text
    assert generation(shipped) == before
    if "json" in content_type:
        report = json.loads(answer.text)
        assert (report["status"], report["conforms"]) == (422, False)
        assert report["results"][0]["graphs"] == [GRAPH + "x"]


def test_a_graph_that_the_shapes_refuse_is_a_422(shipped):
    states = {"graph": GRAPH + "reference/states"}

    emptied = shipped.delete("/graphs", params=states)

    assert emptied.status_code == 422
    assert shipped.get("/graphs", params=states).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_the_inferred_graph_is_not_written_to(shipped, method):
    answer = shipped.request(
        method, "/graphs", params={"graph": INFERRED_GRAPH}, content=ONE, headers=TURTLE
    )

    assert answer.status_code == 409
    assert answer.json()["title"] == "InferredGraphError"


def test_what_conforms_is_published_with_what_follows(shipped):
    state = (
        "INSERT DATA { GRAPH graph:x { state:xx a def:State ; rdfs:label 'X'@en ; "
        "def:hasForce force:xx . force:xx a def:ArmedForce ; rdfs:label 'F'@en } }"
    )

    answer = shipped.post("/update", content=state, headers=UPDATE)

    assert answer.status_code == 200, answer.text
    assert answer.json()["added"] > 5
    assert holds(shipped, "GRAPH graph:inferred { force:xx def:forceOf state:xx }")
