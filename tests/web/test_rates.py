"""A client may use so much of the server, and then waits until it may again."""

import time

import anyio
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from defgraph.settings import Settings
from defgraph.web import create_app, rates
from defgraph.web.rates import Buckets, RateLimit, client_of

WRONG = "/sparql?query=SELECT"
RIGHT = "/sparql?query=ASK%7B%7D"
AMOUNTS = st.floats(min_value=0, max_value=100)


@pytest.fixture
def limited(client):
    """The application with such settings, asked from an address."""

    def made(host="192.0.2.1", **settings):
        app = create_app(Settings(**settings), store=client.app.state.store)
        return TestClient(app, client=(host, 50000))

    return made


class TestBuckets:
    def test_who_never_asked_waits_for_nothing(self):
        assert Buckets(60).wait_s("a", 0) == 0

    def test_a_bucket_holds_what_comes_in_two_minutes(self):
        buckets = Buckets(60)

        buckets.take("a", 119, 0)
        assert buckets.wait_s("a", 0) == 0
        buckets.take("a", 11, 0)

        assert buckets.wait_s("a", 0) == 10
        assert buckets.wait_s("a", 4) == 6
        assert buckets.wait_s("a", 10) == 0
        assert buckets.wait_s("b", 0) == 0

    def test_a_bucket_holds_no_more_than_it_holds(self):
        buckets = Buckets(60)
        buckets.take("a", 1, 0)

        buckets.take("a", 130, 10_000)

        assert buckets.wait_s("a", 10_000) == 10

    @given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=50))
    def test_nobody_has_more_than_comes_and_one_request_beyond(self, requests):
        """Each request comes some time after the one before, and takes some time."""
        buckets, now, used, most = Buckets(60), 0.0, 0.0, 0.0

        for pause, amount in requests:
            now += pause
            if buckets.wait_s("a", now) == 0:
                buckets.take("a", amount, now)
                used, most = used + amount, max(most, amount)

        assert used <= 120 + now + most + 1e-6

    def test_what_is_known_of_clients_is_bounded(self, monkeypatch):
        monkeypatch.setattr(rates, "MAX_CLIENTS", 3)
        buckets = Buckets(60)
        buckets.take("greedy", 1000, 0)

        for name in "abc":
            buckets.take("greedy", 0, 0)
            buckets.take(name, 1, 0)

        assert len(buckets) == 3
        assert buckets.wait_s("greedy", 0) > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "", True),
        ("testclient", "testclient", True),
    ],
)
def test_a_client_is_an_address_or_a_network_of_64_bits(one, other, same):
    assert (client_of(one) == client_of(other)) is same


def test_there_is_no_limit_unless_there_is_one(client):
    assert {client.get(WRONG).status_code for _ in range(200)} == {400}


def test_too_many_errors_are_a_429_that_says_how_long_to_wait(limited):
    running = limited(client_errors_per_minute=1)

    answers = [running.get(WRONG) for _ in range(4)]

    assert [each.status_code for each in answers] == [400, 400, 400, 429]
    problem = answers[-1].json()
    assert problem["title"] == "TooManyErrorsError"
    assert (problem["limit"], problem["value"]) == ("DEFGRAPH_CLIENT_ERRORS_PER_MINUTE", 1)
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert answers[-1].headers["access-control-allow-origin"] == "*"


def test_right_requests_are_refused_as_well_and_are_no_errors_themselves(limited):
    running = limited(client_errors_per_minute=1)
    right = [running.get(RIGHT) for _ in range(9)]
    for _ in range(3):
        running.get(WRONG)

    assert {each.status_code for each in right} == {200}
    assert running.get(RIGHT).status_code == 429


def test_others_are_not_refused(limited):
    running = limited(client_errors_per_minute=1)
    for _ in range(4):
        running.get(WRONG)

    other = TestClient(running.app, client=("192.0.2.2", 50000))

    assert other.get(RIGHT).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_who_watches_over_the_server_is_never_refused(limited, path):
    running = limited(client_errors_per_minute=1)
    for _ in range(4):
        running.get(WRONG)

    assert running.get(path).status_code == 200


def exchange(app, *, body_after_s=0.0):
    """Send one request to an application, and return the status of its answer."""
    statuses = []

    async def receive():
        await anyio.sleep(body_after_s)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        statuses.append(message.get("status"))

    scope = {"type": "http", "method": "GET", "path": "/sparql", "headers": []}
    scope["client"] = ("192.0.2.1", 1)
    anyio.run(app, scope, receive, send)
    return statuses[0]


def working(for_s):
    async def app(_scope, receive, send):
        await receive()
        await anyio.sleep(for_s)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


def test_seconds_of_processing_are_used_up():
    app = RateLimit(working(0.01), seconds=0.001, errors=None)

    assert [exchange(app), exchange(app)] == [200, 429]


def test_waiting_for_a_slow_client_is_no_processing():
    app = RateLimit(working(0), seconds=60, errors=None)

    exchange(app, body_after_s=0.2)

    left, _ = app.seconds._left["192.0.2.1"]
    assert 120 - left < 0.1


def test_an_application_that_fails_has_made_an_error():
    async def failing(_scope, _receive, _send):
        raise ZeroDivisionError

    app = RateLimit(failing, seconds=None, errors=1)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            exchange(app)
    assert app.errors.wait_s("192.0.2.1", time.monotonic()) > 0
