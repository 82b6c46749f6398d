"""What all clients together have the server hold is bounded: bodies, and answers not yet read."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from defgraph.settings import Settings
from defgraph.web import create_app
from defgraph.web.connections.congestion import SHORT_BYTES
from defgraph.web.http.in_flight import SLOW_RATE, InFlight, claim_of, give_claim
from defgraph.web.http.refusals import TooMuchInFlightError

QUERY = {"Content-Type": "application/sparql-query"}
LONG = f"SELECT ('{'a' * (SHORT_BYTES - 600)}' AS ?x) ?s ?o {{ ?s ?p ?o }}"


class Reader:
    """A client that has *unsent* bytes to read yet, which it reads at some rate."""

    def __init__(self, in_flight, unsent, rate):
        self.in_flight, self.unsent, self.speed = in_flight, unsent, rate
        in_flight.readers.add(self)

    def unsent_bytes(self):
        return self.unsent

    def rate(self, now):
        return self.speed

    def leave(self):
        self.unsent = 0


@pytest.fixture
def in_flight():
    return InFlight(1000)


@pytest.fixture
def limited(client):
    """The same store behind an application that holds hardly anything."""
    settings = Settings(max_in_flight_bytes=SHORT_BYTES, max_query_bytes=100_000)
    application = create_app(settings, store=client.app.state.store)
    return TestClient(application, headers={"Accept-Encoding": "identity"})


def test_bodies_of_several_requests_have_a_limit_together(in_flight):
    first, second = give_claim({}, in_flight), give_claim({}, in_flight)
    first.body(600)
    second.body(400)

    with pytest.raises(TooMuchInFlightError) as refused:
        second.body(1)

    assert (refused.value.value, refused.value.retry_after_s) == (1000, 1)
    second.release()
    first.body(400)


def test_one_request_alone_may_have_more(in_flight):
    alone = give_claim({}, in_flight)

    alone.body(5000)
    alone.answer(5000)

    with pytest.raises(TooMuchInFlightError):
        give_claim({}, in_flight).body(1)


def test_what_is_released_is_free_for_others(in_flight):
    scope = {}
    claim = give_claim(scope, in_flight)
    claim.body(900)

    claim_of(scope).release()

    assert in_flight.claimed_bytes == 0
    assert claim_of({}) is None


def test_slow_readers_make_room_the_slowest_first(in_flight):
    readers = [Reader(in_flight, 300, rate) for rate in (50, 10, SLOW_RATE)]

    give_claim({}, in_flight).answer(400)

    assert [each.unsent for each in readers] == [300, 0, 300]


@pytest.mark.parametrize("rate", [SLOW_RATE, None])
def test_those_who_read_are_not_left(in_flight, rate):
    reader = Reader(in_flight, 900, rate)

    with pytest.raises(TooMuchInFlightError):
        give_claim({}, in_flight).answer(400)

    assert reader.unsent == 900


def test_a_body_makes_nobody_leave(in_flight):
    reader = Reader(in_flight, 900, 0)

    with pytest.raises(TooMuchInFlightError):
        give_claim({}, in_flight).body(400)

    assert reader.unsent == 900


def test_a_long_answer_is_a_503_where_there_is_no_room(limited):
    reader = Reader(limited.app.state.in_flight, SHORT_BYTES, None)

    refused = limited.get("/sparql", params={"query": LONG})
    short = limited.get("/sparql", params={"query": "ASK {}"})
    reader.unsent = 0
    answered = limited.get("/sparql", params={"query": LONG})

    assert (refused.status_code, short.status_code, answered.status_code) == (503, 200, 200)
    assert refused.json()["title"] == "TooMuchInFlightError"
    assert refused.json()["limit"] == "DEFGRAPH_MAX_IN_FLIGHT_BYTES"
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["access-control-allow-origin"] == "*"
    assert int(answered.headers["content-length"]) > SHORT_BYTES


def test_a_body_is_a_503_where_there_is_no_room(limited):
    reader = Reader(limited.app.state.in_flight, SHORT_BYTES, None)

    refused = limited.post("/sparql", content="ASK {}", headers=QUERY)
    reader.unsent = 0

    assert refused.status_code == 503
    assert limited.post("/sparql", content="ASK {}", headers=QUERY).status_code == 200


def test_nothing_is_held_once_all_is_answered(limited):
    for query in (LONG, "ASK {}", "no query"):
        limited.post("/sparql", content=query, headers=QUERY)

    assert limited.app.state.in_flight.claimed_bytes == 0
    assert not limited.app.state.in_flight.readers
    assert limited.app.state.in_flight.has_room(SHORT_BYTES)
