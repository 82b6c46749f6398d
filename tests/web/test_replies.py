"""What is decided for every answer to a query: kept answers, validators, compression."""

import gzip

import brotli
import pytest
from fastapi.testclient import TestClient

from defgraph.settings import Settings
from defgraph.web import create_app

SELECT = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
SMALL = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(client, query=SELECT, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", params={"query": query}, headers=named)


def without_id(answer):
    """What was answered, but for the id that each request has of its own."""
    own = answer.headers["x-request-id"]
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.content.replace(own.encode(), b"ID"), headers


@pytest.mark.parametrize("accept_encoding", ["identity", "gzip", "br, gzip;q=0.5"])
@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (SELECT, "*/*"),
        (SELECT, "text/csv"),
        (CONSTRUCT, "application/n-triples"),
        (CONSTRUCT, "application/ld+json"),
        (SMALL, "application/sparql-results+xml"),
        ("nonsense", "*/*"),
        (SELECT, "image/png"),
        ("SELECT (NOW() AS ?now) {} LIMIT 0", "*/*"),
    ],
)
def test_the_short_path_answers_what_the_application_answers(
    client, query, accept, accept_encoding
):
    headers = {"Accept": accept, "Accept-Encoding": accept_encoding}
    short = client.get("/sparql", params={"query": query}, headers=headers)
    whole = client.post("/sparql", data={"query": query}, headers=headers)

    assert short.status_code == whole.status_code
    assert without_id(short) == without_id(whole)


def test_an_answer_that_the_client_has_is_not_sent_again(client):
    first = ask(client)
    again = ask(client, If_None_Match=f'"other", W/{first.headers["etag"]}')

    assert again.status_code == 304
    assert again.content == b""
    for name in ("etag", "cache-control", "vary", "generation"):
        assert again.headers[name] == first.headers[name]
    assert "content-type" not in again.headers


@pytest.mark.parametrize(
    "changed", [{"Accept": "text/csv"}, {"Accept": "text/csv", "Accept_Encoding": "gzip"}]
)
def test_an_answer_in_another_form_is_sent(client, changed):
    first = ask(client, Accept_Encoding="identity")

    assert ask(client, If_None_Match=first.headers["etag"], **changed).status_code == 200


def test_what_may_be_another_next_time_has_no_validator(client):
    for query in (
        "SELECT (NOW() AS ?n) {}",
        "SELECT (RAND() AS ?n) {}",
        "SELECT (uuid() AS ?n) {}",
    ):
        assert "etag" not in ask(client, query).headers


@pytest.mark.parametrize(("name", "decode"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_a_long_answer_is_compressed(client, name, decode):
    plain = ask(client, Accept_Encoding="identity")
    with client.stream(
        "GET", "/sparql", params={"query": SELECT}, headers={"Accept-Encoding": name}
    ) as answer:
        sent = b"".join(answer.iter_raw())

    assert answer.headers["content-encoding"] == name
    assert int(answer.headers["content-length"]) == len(sent) < len(plain.content)
    assert decode(sent) == plain.content
    assert answer.headers["etag"] != plain.headers["etag"]


def test_a_short_answer_is_not_compressed(client):
    answer = ask(client, SMALL, Accept_Encoding="gzip")

    assert "content-encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["vary"]


def test_formats_are_not_mixed_up(client):
    for accept in ("application/n-triples", "application/ld+json", "application/n-triples"):
        answer = ask(client, CONSTRUCT, Accept=accept, Accept_Encoding="br")
        assert answer.headers["content-type"] == accept
        assert answer.text.startswith("<") == (accept == "application/n-triples")


def test_a_kept_answer_is_given_again(client):
    counts = client.app.state.replies.counts
    ask(client, "SELECT ?kept { ?kept ?p ?o }")
    hits = counts.hits
    ask(client, "SELECT ?kept { ?kept ?p ?o }")

    assert counts.hits == hits + 1


def test_nothing_is_kept_without_room(client):
    with TestClient(create_app(Settings(cache_mb=0), store=client.app.state.store)) as roomless:
        for _ in range(2):
            assert ask(roomless).status_code == 200
        assert roomless.app.state.replies.counts.hits == 0


def test_the_path_below_a_root_path_is_short_as_well(client):
    below = TestClient(client.app, root_path="/graph")

    assert below.get("/graph/sparql", params={"query": SMALL}).json() == {
        "head": {},
        "boolean": True,
    }
