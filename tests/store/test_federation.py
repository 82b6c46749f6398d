"""A query asks another endpoint where the operator allows that very one, and nowhere else."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest

from defgraph.engine import tasks
from defgraph.engine.limits import Limits
from defgraph.engine.profile import PLAIN, Profile
from defgraph.errors import (
    DeadlineExceededError,
    QueryRefusedError,
    QuerySyntaxError,
    ServiceFailedError,
    StoreBusyError,
)
from defgraph.negotiation import FormatChoice
from defgraph.store.forked import ForkedStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

JSON = FormatChoice("application/sparql-results+json", "application/n-triples")
FOUND = {
    "head": {"vars": ["s"]},
    "results": {"bindings": [{"s": {"type": "uri", "value": "urn:a"}}]},
}


class Endpoint(ThreadingHTTPServer):
    """Answers by its path, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.was_asked, self.released = threading.Event(), threading.Event()

    def __getitem__(self, name):
        return f"http://127.0.0.1:{self.server_port}/{name}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self):
        self.server.asked.append(self.path)
        self.server.was_asked.set()
        if self.path == "/slow":
            self.server.released.wait(30)
        body = b"?" if self.path == "/broken" else json.dumps(FOUND).encode()
        media_type = "application/sparql-results+json"
        self.send_response({"/away": 302, "/failing": 500}.get(self.path, 200))
        if self.path == "/away":
            self.send_header("Location", self.server["ok"])
        if self.path == "/page":
            address, media_type = self.server["ok"], "text/html"
            body = f'<meta http-equiv="refresh" content="0; url={address}">'.encode()
            self.send_header("Refresh", f"0; url={address}")
            self.send_header("Link", f'<{address}>; rel="alternate"')
            self.send_header("Content-Location", address)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint():
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def dataset():
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:name"), ox.Literal("A")))
    store.add(ox.Quad(ox.NamedNode("urn:b"), ox.NamedNode("urn:name"), ox.Literal("B")))
    return store


def with_store(endpoint, scenario, *, names=("ok", "away", "failing", "broken", "slow"), **options):
    profile = Profile(
        prefixes={}, default_graph_is_union=False, services=[endpoint[each] for each in names]
    )

    async def run():
        async with ForkedStore(dataset(), profile=profile, workers=2, **options) as store:
            return await scenario(store)

    return asyncio.run(run())


def joined(service, silent=""):
    return f"SELECT ?name {{ SERVICE {silent} {service} {{ ?s ?p ?o }} ?s <urn:name> ?name }}"


async def names(store, query):
    answer = await store.query(query, accept=JSON)
    return [each["name"]["value"] for each in json.loads(answer.body)["results"]["bindings"]]


def test_an_allowed_endpoint_is_asked_and_joined(endpoint):
    async def scenario(store):
        return [await names(store, joined(f"<{endpoint['ok']}>")) for _ in range(5)]

    assert with_store(endpoint, scenario) == [["A"]] * 5
    assert endpoint.asked == ["/ok"] * 5


@pytest.mark.parametrize(
    "query",
    [
        joined("<{other}>"),
        joined("?where") + " VALUES ?where {{ <{ok}> }}",
        "PREFIX x: <{root}> " + joined("x:ok"),
        "BASE <{root}> " + joined("<ok>"),
        "ASK {{ SERVICE <{ok}> {{ ?s ?p ?o SERVICE <{other}> {{ ?s ?p ?o }} }} }}",
        "ASK {{ SERVICE <{ok}> {{ ?s ?p ?o }} SERVICE <{ok}?x> {{ ?s ?p ?o }} }}",
        r"ASK {{ \u0053ERVICE <{other}> {{ ?s ?p ?o }} }}",
    ],
)
def test_every_other_endpoint_is_refused(endpoint, query):
    query = query.replace("{ ?s ?p ?o }", "{{ ?s ?p ?o }}") if "{{" not in query else query
    text = query.replace("{ok}", endpoint["ok"]).replace("{other}", endpoint["other"])
    text = text.replace("{root}", endpoint[""]).replace("{{", "{").replace("}}", "}")

    async def scenario(store):
        with pytest.raises(QueryRefusedError, match="operator allows"):
            await store.query(text, accept=JSON)

    with_store(endpoint, scenario)
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("of_allowed", "near"),
    [
        ("http:", "HTTP:"),
        ("http:", "https:"),
        ("127.0.0.1", "localhost"),
        ("127.0.0.1", "127.1"),
        ("127.0.0.1", "127.0.0.1."),
        ("127.0.0.1", "[::ffff:127.0.0.1]"),
        ("//", "//user@"),
        ("//", "//127.0.0.1:1@"),
        ("/ok", "/OK"),
        ("/ok", "/ok/"),
        ("/ok", "/okay"),
        ("/ok", "//ok"),
        ("/ok", "/./ok"),
        ("/ok", "/x/../ok"),
        ("/ok", "/%6Fk"),
        ("/ok", r"/o\u006b"),
        ("/ok", r"/ok\u003Fx"),
        ("/ok", "/ok?"),
        ("/ok", "/ok#x"),
        ("/ok", "/ok "),
        ("/ok", ""),
    ],
)
def test_nearly_an_endpoint_that_is_allowed_is_another(endpoint, of_allowed, near):
    async def scenario(store):
        query = joined(f"<{endpoint['ok'].replace(of_allowed, near)}>")
        with pytest.raises((QueryRefusedError, QuerySyntaxError)):
            await store.query(query, accept=JSON)

    with_store(endpoint, scenario, names=["ok"])
    assert endpoint.asked == []


def test_a_redirect_is_not_followed(endpoint):
    async def scenario(store):
        with pytest.raises(ServiceFailedError, match="redirect"):
            await names(store, joined(f"<{endpoint['away']}>"))

    with_store(endpoint, scenario)
    assert endpoint.asked == ["/away"]


def test_a_page_that_leads_elsewhere_is_not_followed(endpoint):
    async def scenario(store):
        with pytest.raises(ServiceFailedError):
            await names(store, joined(f"<{endpoint['page']}>"))

    with_store(endpoint, scenario, names=["page"])
    assert endpoint.asked == ["/page"]


@pytest.mark.parametrize("name", ["failing", "broken"])
def test_an_endpoint_that_fails_is_told_unless_it_is_silent(endpoint, name):
    async def scenario(store):
        with pytest.raises(ServiceFailedError):
            await names(store, joined(f"<{endpoint[name]}>"))
        return await names(store, joined(f"<{endpoint[name]}>", "SILENT"))

    assert sorted(with_store(endpoint, scenario)) == ["A", "B"]


def test_the_deadline_holds_and_others_are_answered_meanwhile(endpoint):
    async def scenario(store):
        slow = asyncio.create_task(names(store, joined(f"<{endpoint['slow']}>")))
        await asyncio.to_thread(endpoint.was_asked.wait)
        assert await names(store, "SELECT ?name { <urn:b> <urn:name> ?name }") == ["B"]
        with pytest.raises(DeadlineExceededError):
            await slow
        assert await names(store, joined(f"<{endpoint['ok']}>")) == ["A"]

    with_store(endpoint, scenario, limits=Limits(timeout_s=1))


def test_a_client_that_goes_ends_it(endpoint):
    async def scenario(store):
        slow = asyncio.create_task(names(store, joined(f"<{endpoint['slow']}>")))
        await asyncio.to_thread(endpoint.was_asked.wait)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        assert await names(store, joined(f"<{endpoint['ok']}>")) == ["A"]

    with_store(endpoint, scenario, limits=Limits(timeout_s=60))


def test_too_many_at_once_are_told_to_come_again(endpoint):
    async def scenario(store):
        asked = [
            asyncio.create_task(names(store, joined(f"<{endpoint['slow']}>"))) for _ in range(5)
        ]
        refused, pending = set(), set(asked)
        while len(refused) < 3:  # the others wait for the endpoint
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            refused |= done
        assert all(isinstance(each.exception(), StoreBusyError) for each in refused)
        endpoint.released.set()
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert results.count(["A"]) == 2
        assert sum(isinstance(each, StoreBusyError) for each in results) == 3
        assert await names(store, joined(f"<{endpoint['ok']}>")) == ["A"]

    with_store(endpoint, scenario, limits=Limits(timeout_s=60))


def test_an_update_asks_nobody(endpoint):
    async def scenario(store):
        with pytest.raises(QueryRefusedError):
            await store.write(
                tasks.update(
                    f"INSERT {{ ?s <urn:p> 1 }}"
                    f" WHERE {{ SERVICE <{endpoint['ok']}> {{ ?s ?p ?o }} }}"
                ),
                author="test",
            )

    with_store(endpoint, scenario, is_writable=True)
    assert endpoint.asked == []


def test_without_leave_nobody_is_asked(endpoint):
    async def scenario(store):
        with pytest.raises(QueryRefusedError):
            await names(store, joined(f"<{endpoint['ok']}>"))

    with_store(endpoint, scenario, names=())
    assert PLAIN.services == ()
    assert endpoint.asked == []
