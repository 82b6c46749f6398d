"""Queries that their connection answers itself are answered as those that take the long way.

The first request with a header takes the long way, and teaches it; those after it need not. So each
request is sent again and again, and every answer must be the first one's, byte for byte, but for
the date and the request's own id.
"""

from __future__ import annotations

import json
import re
import socket
import time
from contextlib import closing, contextmanager
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import EX, TOKEN, running

from defgraph.web.direct.familiar import MAX_BYTES, MAX_KNOWN, Familiar, Header, request_in
from defgraph.web.replies import Wishes

ASK = "/sparql?query=" + quote("ASK {}")
SELECT = "/sparql?query=" + quote("SELECT * { VALUES (?a ?b) { (1 'x') (2 'y'@en) } }")
CONSTRUCT = "/sparql?query=" + quote("CONSTRUCT { <urn:a> <urn:b> 1 } WHERE {}")
JSON = "Accept: application/sparql-results+json"
# A problem names its request, so that its length may differ.
_OWN = re.compile(rb"(?i)^(?:date|x-request-id|content-length): [^\r\n]*\r\n", re.MULTILINE)
_ITS_ID = re.compile(rb'"request_id":"[^"]*"')


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(
        tmp_path_factory.mktemp("direct"),
        DEFGRAPH_TOKEN=TOKEN,
        DEFGRAPH_PLAIN="1",
        DEFGRAPH_DATA_PATHS="",
        DEFGRAPH_QUERY_TIMEOUT_S="2",
        DEFGRAPH_WORKERS="2",
        DEFGRAPH_MAX_URL_BYTES="4096",
    ) as found:
        yield found


@contextmanager
def connected(server):
    url = server.client.base_url
    with socket.create_connection((url.host, url.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def get(target, *fields, version="HTTP/1.1"):
    return "\r\n".join([f"GET {target} {version}", "Host: example.com", *fields, "", ""]).encode()


def answer_on(connection):
    """Read one answer; return its head and body, and whether the connection stays open."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return received, b"", False
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n", body, b"connection: close" not in head.lower()


def without_its_own(answer):
    head, body, stays = answer
    return _OWN.sub(b"", head), _ITS_ID.sub(b"", body), stays


def answers(server, request, times=4):
    """Send *request* so many times, over one connection while that stays open."""
    found = []
    while len(found) < times:
        with connected(server) as connection:
            stays = True
            while stays and len(found) < times:
                connection.sendall(request)
                found.append(answer_on(connection))
                stays = found[-1][2]
    return found


LAST = b"GET /robots.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def everything(server, sent):
    """Send all, and a last request once that is answered; return all that comes back by then."""
    with connected(server) as connection:
        connection.sendall(sent)
        connection.settimeout(0.5)
        found, is_last = b"", False
        try:
            while chunk := connection.recv(65536):
                found += chunk
                if not is_last:
                    is_last = True
                    connection.sendall(LAST)
        except (TimeoutError, ConnectionError):
            pass
    return _ITS_ID.sub(b"", _OWN.sub(b"", found))


@pytest.mark.parametrize(
    "request_",
    [
        get(ASK),
        get(ASK, JSON),
        get(ASK, "Accept: text/html"),
        get(ASK, "accept: */*", "ACCEPT-ENCODING: gzip, br"),
        get(SELECT, "Accept: text/csv"),
        get(SELECT, "Accept: text/tab-separated-values;q=0.5, application/sparql-results+xml"),
        get(SELECT + "&format=json"),
        get(SELECT + "&format=nothing"),
        get(SELECT, "Accept: image/png"),
        get(SELECT, "Accept: ;;;"),
        get(SELECT, "If-None-Match: *"),
        get(SELECT, 'If-None-Match: "x", W/"y"'),
        get(SELECT, "Origin: https://example.org"),
        get(SELECT, "Connection: close"),
        get(SELECT, "Connection: keep-alive"),
        get(SELECT, version="HTTP/1.0"),
        get(SELECT, "Connection: keep-alive", version="HTTP/1.0"),
        get(CONSTRUCT, "Accept: application/ld+json"),
        get(CONSTRUCT),
        get("/sparql?query="),
        get("/sparql?query=SELECT"),
        get("/sparql?query=%"),
        get("/sparql?query=%ff"),
        get(ASK + "&query=" + quote("ASK {}")),
        get(ASK + "&default-graph-uri=urn:a&named-graph-uri=urn:b"),
        get(ASK + "&default-graph-uri=a b".replace(" ", "%20")),
        get(ASK + "&unknown=1"),
        get("/sparql?query=" + "x" * 5000),
        get("/sparql?query=" + quote("SELECT * { SERVICE <http://127.0.0.1:9/> {} }")),
        get("/sparql?query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")),
        get(ASK, "X-Forwarded-For: 10.0.0.1", "X-Request-ID: of-mine"),
        get(ASK, "Authorization: Bearer wrong"),
        get(ASK, "Cookie: a=b"),
        get(ASK, "Content-Length: 0"),
        get(ASK, "Content-Length: x"),
        get(ASK, "Expect: 100-continue", "Content-Length: 0"),
        get(ASK, "Transfer-Encoding: chunked")[:-2] + b"\r\n0\r\n\r\n",
        get(ASK, "X: " + "y" * 3000),
        get(ASK, " folded: no"),
        get(ASK, "bad name: no"),
        get(ASK, "X: a\tb"),
        get("/sparql?query=ASK%20{}#x"),
        get("http://example.com" + ASK),
        get("http://other.example" + ASK),
        get("http://example.com?query=ASK%20{}"),
        get("/%73parql?query=ASK%20{}"),
        get("/sparql/?query=ASK%20{}"),
        get(ASK, "Accept: image/png", "Accept: text/csv"),
        get(ASK, "Accept:"),
        get(ASK, "Accept: */*;q=0"),
        get(ASK, "Accept: text/csv;q=0.4;q=1, application/sparql-results+xml;charset=x;q=0.5"),
        get(ASK, "Accept: " + ", ".join(f"a/b{number}" for number in range(100))),
        get(SELECT, "Accept-Encoding: identity;q=0, *;q=0"),
        get(SELECT, "Accept-Encoding: gzip;q=0, br;q=x", "Accept-Encoding: gzip"),
        get(SELECT, "If-None-Match: x", 'If-None-Match: "y"'),
        get(SELECT, "If-Modified-Since: Wed, 21 Oct 2099 07:28:00 GMT", "Range: bytes=0-3"),
        get(ASK, "Authorization: Bearer a", "Authorization: Bearer b"),
        get(ASK, "Upgrade: h2c", "Connection: Upgrade"),
        get(ASK, "Transfer-Encoding: gzip, chunked"),
        get(ASK, "Host: other.example"),
        get(ASK, "Content-Type: application/sparql-query", "Content-Type: text/plain"),
        get(ASK).replace(b"example.com", b"a b/<>"),
        get(ASK).replace(b" example.com", b""),
        get(ASK).lower().replace(b"http/1.1", b"HTTP/1.1"),
        get(ASK + "&&&format=&=x"),
        get(ASK + "&format=json&format=csv"),
        get(ASK + "&update=" + quote("CLEAR ALL")),
        get("/sparql?query=ASK+%7B%7D%00"),
        get("/sparql?query=%EF%BB%BFASK+%7B%7D"),
        get("/sparql?query=ASK+{}&access_token=" + TOKEN),
        get("//sparql?query=ASK%20{}"),
    ],
)
def test_every_answer_is_that_of_the_long_way(server, request_):
    first, *others = map(without_its_own, answers(server, request_))

    assert first[0].startswith(b"HTTP/1.1 ")
    assert [each for each in others if each != first] == []


def test_requests_in_any_pieces_or_several_at_once_are_answered_each_in_its_turn(server):
    one, other = get(SELECT, JSON), get(CONSTRUCT, "Accept: text/turtle")
    expected = [without_its_own(answers(server, each)[-1]) for each in (one, other)]

    with connected(server) as connection:
        for cut in (1, 3, 10, len(one) // 2, len(one) - 3, len(one) - 1):
            connection.sendall(one[:cut])
            time.sleep(0.01)
            connection.sendall(one[cut:])
            assert without_its_own(answer_on(connection)) == expected[0]
    with connected(server) as connection, closing(connection.makefile("rb")) as reader:
        connection.sendall((one + other) * 3)
        for each in expected * 3:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += reader.readline()
            length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
            assert reader.read(length) == each[1]


def test_bytes_after_a_request_are_no_part_of_it(server):
    """A familiar header with something behind it is not the familiar header."""
    familiar = get(ASK, JSON)
    answers(server, familiar)

    found = everything(server, familiar + b"NONSENSE\r\n\r\n")
    assert found.count(b"HTTP/1.1 200 ") == 1


def test_no_answer_is_from_before_a_write(server):
    query = "/sparql?query=" + quote(f"SELECT ?n {{ <{EX}count> <{EX}is> ?n }}")
    with connected(server) as connection:
        for number in range(30):
            update = f"DELETE WHERE {{ <{EX}count> <{EX}is> ?n }} ; "
            update += f"INSERT DATA {{ <{EX}count> <{EX}is> {number} }}"
            assert server.update(update).status_code == 200
            for _ in range(3):
                connection.sendall(get(query, JSON))
                _, body, _ = answer_on(connection)
                assert f'"{number}"'.encode() in body


def test_what_the_client_has_is_not_sent_again_until_it_changes(server):
    query = "/sparql?query=" + quote(f"ASK {{ <{EX}tag> ?p ?o }}")
    head, _, _ = answers(server, get(query, JSON))[-1]
    tag = re.search(rb'(?i)etag: (".*?")', head)[1].decode()
    conditional = get(query, JSON, f"If-None-Match: {tag}")

    assert {each[0][:12] for each in answers(server, conditional)} == {b"HTTP/1.1 304"}
    assert server.update(f"INSERT DATA {{ <{EX}tag> <{EX}is> 1 }}").status_code == 200
    assert {each[0][:12] for each in answers(server, conditional)} == {b"HTTP/1.1 200"}


def test_a_client_that_goes_ends_its_query(server):
    patterns = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(5))
    endless = "/sparql?query=" + quote(f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}")
    data = " ".join(f"<{EX}{n}> <{EX}p> {n} ." for n in range(200))
    assert server.update(f"INSERT DATA {{ {data} }}").status_code == 200
    answers(server, get(ASK, JSON))

    begun = time.monotonic()
    for number in range(6):  # more than there are workers
        with connected(server) as connection:
            connection.sendall(get(f"{endless}%23{number}", JSON))
            time.sleep(0.15)
    assert answers(server, get(f"{ASK}%23{begun}", JSON), times=1)[0][0].startswith(b"HTTP/1.1 200")
    metrics = server.client.get("/metrics").text
    assert re.search(r'outcome="ClientGoneError"', metrics), re.findall('outcome="(.*?)"', metrics)


def test_it_is_in_the_log_and_counted_as_any_other(tmp_path):
    with running(tmp_path, DEFGRAPH_PLAIN="1", DEFGRAPH_DATA_PATHS="") as server:
        for _ in range(5):
            answers(server, get(SELECT, JSON), times=1)
        answers(server, get(ASK + "%7B", JSON), times=2)
        metrics = server.client.get("/metrics").text
        log = tmp_path.joinpath("log") if tmp_path.joinpath("log").exists() else None

    assert re.search(r'outcome="answered"\S* 6', metrics), metrics  # and whether it is well
    assert re.search(r'outcome="QuerySyntaxError"\S* 2', metrics)
    if log is not None:
        lines = [json.loads(line) for line in log.read_text().splitlines() if '"request"' in line]
        assert {frozenset(each) for each in lines if each["outcome"] == "answered"}


def test_those_who_have_used_up_what_they_may_are_refused_here_too(tmp_path):
    limits = {
        "DEFGRAPH_PLAIN": "1",
        "DEFGRAPH_CLIENT_ERRORS_PER_MINUTE": "1",
        "DEFGRAPH_DATA_PATHS": "",
    }
    with running(tmp_path, **limits) as server:
        wrong = get("/sparql?query=SELECT", JSON)
        statuses = [each[0][9:12] for each in answers(server, wrong, times=8)]

    assert statuses == [b"400"] * 3 + [b"429"] * 5


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    b"GET ",
                    ASK.encode(),
                    SELECT.encode(),
                    b" HTTP/1.1\r\n",
                    b" HTTP/1.0\r\n",
                    b"\r\n",
                ),
                *(
                    b"Host: a\r\n",
                    b"Accept: */*\r\n",
                    b"Content-Length: 3\r\n",
                    b"abc",
                    b"\r",
                    b"\n",
                ),
                *(b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n", b"\x00", b" ", b":", b"HEAD "),
                *(b"Connection: close\r\n", b"Upgrade: x\r\n", b"\xff"),
            ]
        ),
        max_size=8,
    )
)
def test_whatever_is_sent_is_answered_the_same_way_again(server, parts):
    request = b"GET " + ASK.encode() + b" HTTP/1.1\r\nHost: a\r\n" + b"".join(parts) + b"\r\n\r\n"

    first, *others = [everything(server, request) for _ in range(3)]

    assert others == [first] * 2


def test_only_so_many_headers_are_known_and_none_that_is_long():
    familiar = Familiar()
    wishes = Wishes(None, None, None)
    for number in range(MAX_KNOWN + 10):
        request = request_in(get(ASK, f"X: {number}"), "host")
        familiar._learn(request.key, Header(wishes, {}))

    assert familiar.header(request) is not None
    assert familiar.header(request_in(get(ASK, "X: 0"), "host")) is None
    assert len(familiar._known) == MAX_KNOWN
    assert request_in(get(ASK, "X: " + "y" * MAX_BYTES), "host") is None


def test_a_header_is_known_for_the_address_that_sent_it():
    familiar = Familiar()
    familiar._learn(request_in(get(ASK), "10.0.0.1").key, Header(Wishes(None, None, None), {}))

    assert familiar.header(request_in(get(ASK), "10.0.0.1")) is not None
    assert familiar.header(request_in(get(ASK), "10.0.0.2")) is None
