"""What holds for every answer, and when something breaks."""

import asyncio

import pytest
from fastapi.testclient import TestClient

import defgraph
from defgraph.errors import (
    DeadlineExceededError,
    DefgraphError,
    MemoryExceededError,
    QueryTooLongError,
    ResultTooLargeError,
    StoreError,
)
from defgraph.settings import Settings
from defgraph.web import create_app
from defgraph.web.problems import STATUS, problem, status_of


class BrokenStore:
    """A store whose engine is gone."""

    state = None

    def __init__(self, error):
        self.error = error

    async def query(self, text, *, accept, default_graphs=None, named_graphs=None):
        await asyncio.sleep(0)
        raise self.error


def broken_client(error):
    app = create_app(Settings(), store=BrokenStore(error))
    return TestClient(app, raise_server_exceptions=False)


def every_error():
    """The tree of errors, walked from its root."""
    waiting = [DefgraphError]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(each.__subclasses__())


@pytest.mark.parametrize(
    "path", ["/", "/sparql?query=ASK%20{}", "/healthz", "/static/style.css", "/no"]
)
def test_every_answer_is_kept_from_running_what_it_holds(client, path):
    answer = client.get(path)

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'" if path == "/" else "default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_health(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": defgraph.__version__, "generation": 1}


def test_the_server_is_alive_whatever_its_store_does():
    answer = broken_client(StoreError("no memory")).get("/healthz")

    assert answer.status_code == 200


def test_the_server_is_ready_if_its_store_answers():
    answer = broken_client(StoreError("no memory")).get("/readyz")

    assert answer.status_code == 500
    assert answer.json()["title"] == "StoreError"


def test_an_unknown_path_is_a_404_problem(client):
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/sparql?query=ASK%20{}", "/"])
def test_an_unexpected_error_is_a_500_problem_without_a_traceback(path):
    answer = broken_client(ZeroDivisionError("secret")).get(path)

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_body_over_the_limit_is_a_413(client):
    store = client.app.state.store
    small = TestClient(create_app(Settings(max_request_bytes=20), store=store))
    headers = {"Content-Type": "application/sparql-query"}

    fits = small.post("/sparql", content="ASK {}", headers=headers)
    too_large = small.post("/sparql", content="ASK {} # is too long", headers=headers)
    endless = small.post("/sparql", content=iter([b"ASK {} "] * 100), headers=headers)

    assert [each.status_code for each in (fits, too_large, endless)] == [200, 200, 413]
    assert "20 bytes" in endless.json()["detail"]


@pytest.mark.parametrize("error", list(every_error()), ids=lambda each: each.__name__)
def test_every_error_has_a_status(error):
    made = error.__new__(error)

    assert status_of(made) >= 400
    assert problem(made)["title"] == error.__name__


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DeadlineExceededError(10), 504),
        (MemoryExceededError(1024), 507),
        (QueryTooLongError(65536), 413),
        (ResultTooLargeError(1000), 413),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_limit_is_told_with_its_name_and_value(error, status):
    answer = broken_client(error).post("/sparql", data={"query": "ASK {}"})

    assert answer.status_code == status
    assert (answer.json()["limit"], answer.json()["value"]) == (error.limit, error.value)


def test_the_statuses_are_of_our_errors():
    assert set(STATUS) <= set(every_error())
