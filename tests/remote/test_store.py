"""The remote store against endpoints that do what endpoints do: fail, stall, lie and break off."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import logging
import socket
from collections import Counter
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from defgraph.engine.limits import Limits
from defgraph.errors import (
    DeadlineExceededError,
    EndpointError,
    NotAcceptableError,
    QueryEvaluationError,
    QueryRefusedError,
    QuerySyntaxError,
    ResultTooLargeError,
    SettingsError,
    StoreBusyError,
    StoreError,
)
from defgraph.media_types import RDF_FORMATS, by_media_type
from defgraph.negotiation import FormatChoice
from defgraph.remote.store import RemoteStore, is_address

JSON = "application/sparql-results+json"
BOTH = FormatChoice(JSON, "text/turtle")
YES = b'{"head":{},"boolean":true}'
NONE = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
HANG = object()
ENDLESSLY = object()


def response(body=b"", content_type=JSON, status="200 OK", **headers):
    """An HTTP response as bytes; headers are written with underscores."""
    named = {"Content-Type": content_type, "Content-Length": len(body)}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in named.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


class Endpoint:
    """A server that answers the questions of a start as it should, and others with *script*.

    A script is bytes to send, HANG, which waits for the client to leave, ENDLESSLY, which sends the
    bytes before it again and again, or an event to wait for; after the script the connection is
    closed.
    """

    def __init__(self, *script):
        self.script = script
        self.requests = []  # pairs of the headers and the fields of the form
        self.asked = asyncio.Event()  # what is scripted
        self.left = asyncio.Event()  # a client has closed the connection
        self.sent_bytes = 0
        self.connections = set()

    async def answer(self, reader, writer):
        self.connections.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
                body = await reader.readexactly(int(headers["content-length"]))
                fields = parse_qs(body.decode())
                self.requests.append((headers, fields))
                if fields["query"][0].startswith("ASK { "):
                    writer.write(response(YES))
                    await writer.drain()
                else:
                    await self._play(reader, writer)
                    break
        self.left.set()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _play(self, reader, writer):
        self.asked.set()
        before = b""
        for each in self.script:
            if each is HANG:
                await reader.read()
            elif isinstance(each, asyncio.Event):
                await each.wait()
            elif each is ENDLESSLY:
                while True:
                    await self._send(writer, before)
            else:
                await self._send(writer, each)
                before = each

    async def _send(self, writer, content):
        writer.write(content)
        await writer.drain()
        self.sent_bytes += len(content)


@asynccontextmanager
async def running(endpoint, **options):
    """A store that was started over *endpoint*."""
    server = await asyncio.start_server(endpoint.answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    store = RemoteStore(f"http://{host}:{port}/sparql", **options)
    try:
        await store.start()
        yield store
    finally:
        await store.close()
        server.close()
        await asyncio.gather(*endpoint.connections)


def asked(endpoint, text="SELECT * {}", accept=BOTH, *, limits=None, authorization=None, **graphs):
    async def ask():
        async with running(endpoint, limits=limits, authorization=authorization) as store:
            return await store.query(text, accept=accept, **graphs)

    return asyncio.run(ask())


def test_a_query_is_sent_as_a_form_with_one_format_that_fits_its_form():
    endpoint = Endpoint(response(b"", "text/turtle"))

    asked(endpoint, "CONSTRUCT WHERE { ?s a def:State }")

    headers, fields = endpoint.requests[-1]
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["accept"] == "text/turtle"
    assert headers["accept-encoding"] == "identity"
    prologue = "PREFIX def: <https://w3id.org/defgraph/def/>"
    assert fields == {"query": [f"{prologue} CONSTRUCT WHERE {{ ?s a def:State }}"]}


def test_the_dataset_of_the_protocol_is_handed_on():
    endpoint = Endpoint(response(NONE))

    asked(endpoint, default_graphs=["http://a", "http://b"], named_graphs=["http://c"])

    _, fields = endpoint.requests[-1]
    assert fields["default-graph-uri"] == ["http://a", "http://b"]
    assert fields["named-graph-uri"] == ["http://c"]


def test_the_bytes_of_an_answer_are_handed_on_under_our_name_of_their_format():
    body = b' {"head": {"vars": []}, "results": {"bindings": []}}\n'

    answer = asked(Endpoint(response(body, "application/json; charset=UTF-8")))

    assert (answer.media_type, answer.body, answer.generation) == (JSON, body, None)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", QueryRefusedError),
        ("INSERT DATA { <http://a> <http://b> <http://c> }", QuerySyntaxError),
        ("DEFINE get:soft 'soft' SELECT * {}", QuerySyntaxError),
    ],
)
def test_what_is_refused_is_never_sent(text, error):
    endpoint = Endpoint(response(NONE))

    with pytest.raises(error):
        asked(endpoint, text)

    assert all(fields["query"][0].startswith("ASK { ") for _, fields in endpoint.requests)


# -- What an endpoint says is wrong -------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        ("400 Bad Request", QuerySyntaxError, "does not take this query: no dot in line 3"),
        ("500 Internal Server Error", QueryEvaluationError, "failed on it: no dot in line 3"),
        ("406 Not Acceptable", NotAcceptableError, "sparql-results"),
        ("429 Too Many Requests", StoreBusyError, "try again"),
        ("503 Service Unavailable", StoreBusyError, "try again"),
        ("401 Unauthorized", EndpointError, "DEFGRAPH_STORE_AUTHORIZATION"),
        ("403 Forbidden", EndpointError, "DEFGRAPH_STORE_AUTHORIZATION"),
        ("404 Not Found", EndpointError, "status 404: no dot in line 3"),
        ("504 Gateway Timeout", EndpointError, "status 504"),
        ("201 Created", EndpointError, "status 201"),
        ("206 Partial Content", EndpointError, "status 206"),
        ("304 Not Modified", EndpointError, "status 304"),
    ],
)
def test_a_status_other_than_200_is_an_error_with_the_words_of_the_endpoint(status, error, message):
    body = b"" if status.startswith("304") else b"no dot\n in line 3"
    endpoint = Endpoint(response(body, "text/plain", status))

    with pytest.raises(error, match=message):
        asked(endpoint)


def test_the_endpoint_says_when_to_ask_again():
    endpoint = Endpoint(response(b"", status="503 Service Unavailable", Retry_After=7))

    with pytest.raises(StoreBusyError) as caught:
        asked(endpoint)

    assert caught.value.retry_after_s == 7


def test_words_that_are_many_or_a_page_are_not_handed_on():
    long = Endpoint(response(b"x" * 10**6, "text/plain", "400 Bad Request"))
    page = Endpoint(response(b"<html>", "text/html", "400 Bad Request"))

    with pytest.raises(QuerySyntaxError) as of_many:
        asked(long)
    with pytest.raises(QuerySyntaxError) as of_page:
        asked(page)

    assert len(str(of_many.value)) < 400
    assert "html" not in str(of_page.value)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 T", "308 P"])
def test_a_redirect_is_not_followed(status):
    with socket.create_server(("127.0.0.1", 0)) as target:
        target.settimeout(0.05)
        location = f"http://127.0.0.1:{target.getsockname()[1]}/"

        with pytest.raises(EndpointError, match=f"redirects to {location}"):
            asked(Endpoint(response(b"", status=status, Location=location)))
        with pytest.raises(TimeoutError):
            target.accept()


# -- Answers that are not what was asked for, or not whole ---------------------------------------


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"content_type": "text/html"}, "'text/html', though asked for " + JSON.replace("+", ".")),
        ({"content_type": "text/csv"}, "'text/csv'"),
        ({"content_type": None}, "no Content-Type"),
        ({"content_type": JSON + ";charset=ISO-8859-1"}, "iso-8859-1"),
        ({"Content_Encoding": "gzip"}, "compressed"),
        ({"Content_Length": None}, "where its answer ends"),
        ({"X_SPARQL_MaxRows": 10000}, "only a part of the answer .X-SPARQL-MaxRows: 10000"),
        ({"X_SQL_State": "S1TAT"}, "only a part of the answer"),
    ],
)
def test_headers_that_do_not_promise_the_whole_answer_are_an_error(headers, message):
    with pytest.raises(EndpointError, match=message):
        asked(Endpoint(response(NONE, **headers)))


def test_a_compressed_bomb_is_not_unpacked():
    bomb = gzip.compress(b" " * 10**8)

    with pytest.raises(EndpointError, match="compressed"):
        asked(Endpoint(response(bomb, Content_Encoding="gzip")))


CHUNKED = response(Content_Length=None, Transfer_Encoding="chunked")


@pytest.mark.parametrize(
    "script",
    [
        [],
        [b"HTTP/1.1 200"],
        [b"SSH-2.0-hello\r\n"],
        [response(NONE, Content_Length=1000)],
        [response(NONE, Content_Length="many")],
        [CHUNKED],
        [CHUNKED, b"2e\r\n" + NONE + b"\r\n"],
        [CHUNKED, b"2e\r\n" + NONE[:20]],
        [CHUNKED, b"zz\r\n" + NONE],
    ],
)
def test_a_body_that_is_cut_is_an_error(script):
    with pytest.raises(EndpointError, match="broke off"):
        asked(Endpoint(*script))


@pytest.mark.parametrize(
    ("media_type", "whole", "cut"),
    [
        (JSON, NONE, NONE[:-10]),
        ("application/sparql-results+xml", b"<sparql><head/></sparql>\n", b"<sparql><head/> "),
        ("text/csv", b"a\r\nhttp://x\r\n", b"a\r\nhttp://"),
        ("text/tab-separated-values", b"?a\n<http://x>\n", b"?a\n<http://"),
        ("text/turtle", b"<a:a> <a:b> <a:c> .\n", b"<a:a> <a:b> <a:c> ;"),
        ("application/n-triples", b"<a:a> <a:b> <a:c> .\n", b"<a:a> <a:b>"),
        ("application/ld+json", b'[{"@id": "a:b"}]', b'[{"@id": "a:b"},'),
        ("application/rdf+xml", b"<rdf:RDF></rdf:RDF>", b"<rdf:RDF><rdf:Description/>"),
        ("application/trig", b"<a:g> { <a:a> <a:b> <a:c> }", b"<a:g> { <a:a> <a:b> <a:c> "),
        ("application/n-quads", b"<a:a> <a:b> <a:c> <a:g> .\n", b"<a:a> <a:b> <a:c> <a:"),
    ],
)
def test_a_body_must_end_as_its_format_does(media_type, whole, cut):
    text = "CONSTRUCT WHERE {}" if by_media_type(media_type) in RDF_FORMATS else "SELECT * {}"
    accept = FormatChoice(media_type, media_type)

    assert asked(Endpoint(response(whole, media_type)), text, accept).body == whole
    for body in (cut, cut + b"\r\nThe query was cancelled"):
        with pytest.raises(EndpointError, match="in the middle"):
            asked(Endpoint(response(body, media_type)), text, accept)


@pytest.mark.parametrize("body", [b"", b"\n", b"# Empty TURTLE\n", b"@prefix a: <b:> .\n# 0\n"])
def test_a_graph_may_be_empty_and_may_end_with_a_comment(body):
    answer = asked(Endpoint(response(body, "text/turtle")), "CONSTRUCT WHERE {}")

    assert answer.body == body


@pytest.mark.parametrize("media_type", [JSON, "text/csv", "text/tab-separated-values"])
def test_an_engine_that_stops_by_itself_in_good_order_gives_no_half_answer(engine, media_type):
    dataset = ox.Store()
    for number in range(400):
        node = ox.NamedNode(f"http://example.org/{number}")
        dataset.add(ox.Quad(node, node, node))
    address = engine(dataset, union=False, timeout_s=1)
    never = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d)) = STR(?g)) }"

    async def ask():
        store = RemoteStore(address)
        await store.start()
        try:
            return await store.query(never, accept=FormatChoice(media_type, None))
        finally:
            await store.close()

    with pytest.raises((EndpointError, QueryEvaluationError)):
        asyncio.run(ask())


# -- Answers that are too slow, too large, too many ----------------------------------------------

QUICKLY = Limits(timeout_s=0.2)


@pytest.mark.parametrize(
    "script",
    [
        [HANG],
        [b"HTTP/1.1 200 OK\r\n", HANG],
        [response(NONE, Content_Length=1000), HANG],
        [CHUNKED, b"1\r\n{\r\n", HANG],
    ],
)
def test_an_endpoint_that_stalls_is_left_at_the_deadline(script):
    with pytest.raises(DeadlineExceededError, match="DEFGRAPH_QUERY_TIMEOUT_S"):
        asked(Endpoint(*script), limits=QUICKLY)


def test_the_connection_is_closed_at_the_deadline():
    async def ask():
        endpoint = Endpoint(HANG)
        async with running(endpoint, limits=QUICKLY) as store:
            with pytest.raises(DeadlineExceededError):
                await store.query("SELECT * {}", accept=BOTH)
            await asyncio.wait_for(endpoint.left.wait(), 5)

    asyncio.run(ask())


def test_a_client_that_goes_away_closes_the_connection():
    async def ask():
        endpoint = Endpoint(HANG)
        async with running(endpoint) as store:
            query = asyncio.create_task(store.query("SELECT * {}", accept=BOTH))
            await endpoint.asked.wait()
            query.cancel()
            await asyncio.wait_for(endpoint.left.wait(), 5)

    asyncio.run(ask())


@pytest.mark.parametrize(
    "script",
    [
        [response(NONE, Content_Length=10**12), HANG],
        [CHUNKED, b"3e8\r\n" + b"x" * 1000 + b"\r\n", ENDLESSLY],
    ],
)
def test_an_answer_that_is_too_large_is_not_read_to_its_end(script):
    endpoint = Endpoint(*script)

    with pytest.raises(ResultTooLargeError, match="DEFGRAPH_MAX_RESULT_BYTES=10000"):
        asked(endpoint, limits=Limits(max_result_bytes=10_000))

    assert endpoint.sent_bytes < 50_000_000  # what sockets buffer, and no more


def test_more_queries_than_may_wait_are_turned_away_and_the_others_answered():
    async def ask():
        may_answer = asyncio.Event()
        endpoint = Endpoint(may_answer, response(NONE))
        async with running(endpoint, connections=1, max_waiting=2) as store:
            asks = [
                asyncio.ensure_future(store.query("SELECT * {}", accept=BOTH)) for _ in range(5)
            ]
            for first in itertools.islice(asyncio.as_completed(asks), 2):
                with pytest.raises(StoreBusyError):
                    await first
            may_answer.set()
            return await asyncio.gather(*asks, return_exceptions=True)

    outcomes = Counter(type(each).__name__ for each in asyncio.run(ask()))

    assert outcomes == {"Answer": 3, "StoreBusyError": 2}


def test_after_failures_the_next_query_is_answered():
    async def ask():
        endpoint = Endpoint()
        async with running(endpoint, connections=2, max_waiting=0, limits=QUICKLY) as store:
            for script in [[HANG], [], [CHUNKED], [response(b"", "text/html")]] * 3:
                endpoint.script = script
                with pytest.raises((EndpointError, DeadlineExceededError)):
                    await store.query("SELECT * {}", accept=BOTH)
            endpoint.script = [response(NONE)]
            return await store.query("SELECT * {}", accept=BOTH)

    assert asyncio.run(ask()).body == NONE


# -- Who asks, and whom ---------------------------------------------------------------------------


def test_the_authorization_is_sent_and_never_told():
    endpoint = Endpoint(response(b"", status="401 Unauthorized"))

    with pytest.raises(EndpointError) as caught:
        asked(endpoint, authorization="Bearer secret")

    assert {headers["authorization"] for headers, _ in endpoint.requests} == {"bearer secret"}
    assert "secret" not in str(caught.value)


def test_an_authorization_that_no_header_can_hold_is_refused_without_telling_it():
    with pytest.raises(SettingsError) as caught:
        RemoteStore("http://127.0.0.1/", authorization="Bearer secret\r\nX: y")

    assert "STORE_AUTHORIZATION" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_environments_proxy_is_not_asked(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")

    assert asked(Endpoint(response(NONE))).body == NONE


@pytest.mark.parametrize(
    "address",
    ["", "sparql", "/srv/store", "ftp://h/", "http://", "http://user:word@h/", "http://h:99999/"],
)
def test_what_is_no_address_is_told_before_anything_is_asked(address):
    with pytest.raises(SettingsError, match="DEFGRAPH_STORE"):
        RemoteStore(address)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("https://h/sparql", True), ("HTTP://h", True), ("store", False), ("http:", False)],
)
def test_an_address_is_told_from_a_folder(name, is_one):
    assert is_address(name) is is_one


# -- Start and end --------------------------------------------------------------------------------


def test_a_start_where_nobody_listens_names_the_address_and_the_reason():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/sparql"

    with pytest.raises(EndpointError, match=rf"{address} cannot be reached .Connection refused"):
        asyncio.run(RemoteStore(address).start())


def test_a_start_over_what_is_no_sparql_endpoint_fails(engine):
    no_endpoint = engine(ox.Store()).replace("/query", "/")

    with pytest.raises(EndpointError, match=no_endpoint):
        asyncio.run(RemoteStore(no_endpoint).start())


@pytest.mark.parametrize(("union", "warnings"), [(True, 0), (False, 1)])
def test_a_default_graph_that_is_empty_is_warned_of(engine, caplog, union, warnings):
    dataset = ox.Store()
    dataset.add(ox.Quad(*map(ox.NamedNode, ["http://s", "http://p", "http://o", "http://g"])))

    async def start():
        store = RemoteStore(engine(dataset, union=union))
        await store.start()
        await store.start()
        await store.close()

    with caplog.at_level(logging.WARNING, "defgraph"):
        asyncio.run(start())

    assert len(caplog.records) == warnings


def test_before_its_start_and_after_its_end_nothing_is_asked():
    async def ask():
        async with running(Endpoint(response(NONE))) as store:
            pass
        for each in (store, RemoteStore("http://127.0.0.1:9/")):
            with pytest.raises(StoreError, match="closed"):
                await each.query("ASK {}", accept=BOTH)

    asyncio.run(ask())


def test_many_queries_at_a_time_get_each_its_own_answer(engine):
    async def ask():
        store = RemoteStore(engine(ox.Store()), connections=4)
        await store.start()
        texts = [f"SELECT ({number} AS ?n) {{}}" for number in range(60)]
        answers = await asyncio.gather(*(store.query(each, accept=BOTH) for each in texts))
        await store.close()
        return [json.loads(each.body)["results"]["bindings"][0]["n"]["value"] for each in answers]

    assert asyncio.run(ask()) == [str(number) for number in range(60)]
