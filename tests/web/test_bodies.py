"""Bodies of requests: compressed ones, and those that are too large however they are sent."""

import gzip
import tracemalloc
import zlib

import pytest
from fastapi.testclient import TestClient

from defgraph.settings import Settings
from defgraph.web import create_app

QUERY = {"Content-Type": "application/sparql-query"}
GZIP = {**QUERY, "Content-Encoding": "gzip"}
ASK = b"ASK { state:jp a def:State }"


@pytest.fixture
def limited(client):
    """The same store behind an application that takes bodies of 1,000,000 bytes."""
    app = create_app(Settings(max_request_bytes=1_000_000), store=client.app.state.store)
    return TestClient(app)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", " x-gzip "])
def test_a_body_may_be_gzip(client, encoding):
    headers = {**QUERY, "Content-Encoding": encoding}

    answer = client.post("/sparql", content=gzip.compress(ASK), headers=headers)

    assert answer.json()["boolean"] is True


def test_gzip_may_come_in_several_members_and_small_pieces(client):
    body = gzip.compress(ASK[:9]) + gzip.compress(b"") + gzip.compress(ASK[9:])

    answer = client.post("/sparql", content=iter([bytes([b]) for b in body]), headers=GZIP)

    assert answer.json()["boolean"] is True


@pytest.mark.parametrize(
    "body",
    [ASK, gzip.compress(ASK)[:-1], gzip.compress(ASK) + b"rest", zlib.compress(ASK), b""],
    ids=["plain", "cut", "rest", "zlib", "empty"],
)
def test_what_is_no_gzip_is_a_400(client, body):
    answer = client.post("/sparql", content=body, headers=GZIP)

    assert answer.status_code == 400
    assert "gzip" in answer.json()["detail"]


def test_another_encoding_is_a_415(client):
    answer = client.post("/sparql", content=ASK, headers={**QUERY, "Content-Encoding": "br"})

    assert answer.status_code == 415
    assert "send gzip" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (ASK, "The body is no gzip ("),
        (gzip.compress(ASK)[:-1], f"gzip that ends too early, after {len(ASK)} bytes of text"),
        (gzip.compress(ASK) + b"rest", f"broken gzip, after {len(ASK)} bytes of text ("),
    ],
    ids=["plain", "cut", "rest"],
)
def test_of_broken_gzip_it_is_told_how_far_it_could_be_read(client, body, detail):
    assert detail in client.post("/sparql", content=body, headers=GZIP).json()["detail"]


def test_a_gzip_bomb_is_a_413_and_stays_small(limited):
    bomb = gzip.compress(bytes(200_000_000), compresslevel=9)
    bomb += bomb  # and another, should the first be swallowed

    tracemalloc.start()
    answer = limited.post("/sparql", content=bomb, headers=GZIP)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert answer.status_code == 413
    assert (answer.json()["limit"], answer.json()["value"]) == (
        "DEFGRAPH_MAX_REQUEST_BYTES",
        1_000_000,
    )
    assert peak < 20_000_000


def test_gzip_that_goes_on_and_holds_nothing_is_a_413(limited):
    body = (gzip.compress(b"") * 1000 for _ in range(1000))

    answer = limited.post("/sparql", content=body, headers=GZIP)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "; charset=utf-8",
        ';charset="UTF-8"',
        "; charset*=utf-8''utf-8",
        ';a="; charset=latin-1"',
        ";" * 20_000,
        ";charset",
        f";charset*{'9' * 5_000}*=a",
        ';a="' * 5_000,
    ],
    ids=range(9),
)
def test_parameters_of_a_media_type_are_passed_over(client, parameters):
    headers = {"Content-Type": f"application/sparql-query{parameters}"}

    answer = client.post("/sparql", content=ASK, headers=headers)

    assert answer.json()["boolean"] is True


@pytest.mark.parametrize("parameter", ["charset=latin-1", 'a=b ;Charset = "utf-16"'])
def test_another_charset_is_a_400(client, parameter):
    headers = {"Content-Type": f"application/sparql-query; {parameter}"}

    answer = client.post("/sparql", content=ASK, headers=headers)

    assert answer.status_code == 400
    assert "UTF-8" in answer.json()["detail"]


def test_a_body_that_is_declared_too_long_is_not_read(limited):
    def body():
        yield b"ASK {}"
        pytest.fail("the body was read")

    answer = limited.post("/sparql", content=body(), headers={**QUERY, "Content-Length": "1000001"})

    assert answer.status_code == 413
