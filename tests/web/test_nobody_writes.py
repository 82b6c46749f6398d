"""Without a valid token nothing is written, whatever is sent to the real server.

Requests go over a bare connection, so that no client tidies them up.
"""

import http.client
import json
import os
import sys
from itertools import product
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defgraph import credentials
from defgraph.log import history

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="writes need Linux")

DEFGRAPH = Path(sys.executable).with_name("defgraph")
INSERT = "INSERT DATA { <urn:x> <urn:x> 1 }"
ENCODED = "INSERT+DATA+%7B+%3Curn:x%3E+%3Curn:x%3E+1+%7D"
COUNT = "/sparql?format=csv&query=SELECT+(COUNT(*)+AS+?n)+WHERE+%7B%7B?s+?p+?o%7DUNION%7BGRAPH+?g%7B?s+?p+?o%7D%7D%7D"

METHODS = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "MKCOL", "COPY",
    "MOVE", "LOCK", "PROPPATCH", "LINK", "REPORT", "post", "PoSt", "BREW",
]  # fmt: skip
UNKNOWN = {"post", "PoSt", "BREW"}
PATHS = [
    "/update", "/update/", "//update", "/UPDATE", "/upd%61te", "/%2Fupdate", "/update%2F", "/update%00",
    "/./update", "/sparql/../update", "/sparql/..%2fupdate", "/update;x=1", "/update.json", "/%75pdate",
    f"/update?update={ENCODED}", f"/sparql?update={ENCODED}", f"/sparql?query={ENCODED}",
    f"/?update={ENCODED}", f"/?query={ENCODED}", "/sparql", "/sparql/", "/SPARQL", "/",
    "/graphs?default", "/graphs?graph=urn:g", "/graphs/?default", "//graphs?default", "/Graphs?default",
    "/graph%73?default", "/graphs?default=", "/graphs?graph=urn:g&default", "/graphs/new", "/graphs/a/b",
    "/graphs", "/graphs%3Fdefault", "http://127.0.0.1/update", "http://127.0.0.1/graphs?default",
    "/graphs?graph=urn:g&method=PUT&_method=PUT", "/healthz", "/static/../update", "*",
    "/update?access_token=TOKEN", "/graphs?default&token=TOKEN", "/graphs/new?Authorization=Bearer+TOKEN",
    "/update?using-graph-uri=urn:g", "/graphs/graph/notes", "/graphs/%2E%2E/update", "/update#x",
    "/doc?iri=urn:x", "/metrics", "/readyz", "/.well-known/void", "/reconcile", "/dumps/",
]  # fmt: skip
CONTENT_TYPES = [
    None, "application/sparql-update", "application/sparql-query", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b", "text/turtle", "application/n-triples", "application/ld+json",
    "application/json", "text/plain", "application/octet-stream", "APPLICATION/SPARQL-UPDATE",
    "application/sparql-update; charset=utf-8", "application/sparql-update, text/turtle", "",
]  # fmt: skip
BODIES = [
    INSERT,
    f"update={ENCODED}",
    f"query={ENCODED}",
    f"update={ENCODED}&access_token=TOKEN&_method=PUT",
    "<urn:x> <urn:x> 1 .",
    '{"@id": "urn:x", "urn:x": 1}',
    '--b\r\nContent-Disposition: form-data; name="update"\r\n\r\n' + INSERT + "\r\n--b--\r\n",
    '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: text/turtle\r\n\r\n{}\r\n--b--'.format(
        "<urn:x> <urn:x> 1 ."
    ),
    (
        '--b\r\nContent-Disposition: form-data; name="access_token"\r\n\r\nTOKEN\r\n'
        '--b\r\nContent-Disposition: form-data; name="_method"\r\n\r\nPUT\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="f.ttl"\r\n\r\n<urn:x> <urn:x> 1 .\r\n--b--\r\n'
    ),
    f"query=ASK+%7B%7D&update={ENCODED}&Authorization=Bearer+TOKEN",
    "",
]
HEADERS = [
    ("Origin", "http://127.0.0.1"), ("Origin", "null"), ("Origin", "https://other.example"),
    ("X-HTTP-Method-Override", "PUT"), ("X-HTTP-Method-Override", "PATCH"), ("X-HTTP-Method", "DELETE"), ("X-Method-Override", "POST"),
    ("Cookie", "token=TOKEN; DEFGRAPH_TOKEN=TOKEN; access_token=TOKEN"),
    ("X-Authorization", "Bearer TOKEN"), ("Proxy-Authorization", "Bearer TOKEN"),
    ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"), ("Forwarded", "for=127.0.0.1"),
    ("X-Forwarded-User", "kim"), ("Remote-User", "kim"), ("X-Original-URL", "/update"),
    ("X-Rewrite-URL", "/update"), ("X-Forwarded-Prefix", "/update"), ("If-Match", "*"),
    ("Authorization", ""), ("Authorization", "Bearer"), ("Authorization", "Bearer "),
    ("Authorization", "TOKEN"), ("Authorization", "Basic TOKEN"), ("Authorization", "Token TOKEN"),
    ("Authorization", "BearerTOKEN"), ("Authorization", "Bearer TOKENx"), ("Authorization", "Bearer tOKEN"),
    ("Authorization", "Bearer REVOKED"), ("Authorization", "Bearer HASH"), ("Authorization", "Bearer kim"),
    ("Authorization", "Bearer TOKEN, Bearer TOKEN"), ("Authorization", "Bearer\tTOKEN"),
    ("Authorization", 'Bearer token="TOKEN"'), ("Content-Encoding", "gzip"), ("Expect", "100-continue"),
]  # fmt: skip


class Guarded:
    """A server that takes writes from one holder of a token."""

    def __init__(self, address, folder, secrets):
        self.host = urlsplit(address).netloc
        self.folder = folder
        self.secrets = secrets

    def request(self, method, path, headers=(), body=""):
        """Send a request as it stands, with our secrets where it names them; return the answer."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection._validate_path = connection._validate_method = lambda _: None
        try:
            connection.putrequest(method, self._told(path), skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, self._told(value))
            content = self._told(body).encode()
            connection.putheader("Content-Length", str(len(content)))
            connection.endheaders(content)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def state(self):
        answer, count = self.request("GET", COUNT)
        assert answer.status == 200
        return answer.headers["Generation"], count

    def _told(self, text):
        for name, value in self.secrets.items():
            text = text.replace(name, value)
        return text


@pytest.fixture(scope="module")
def guarded(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    tokens = folder / "tokens.json"
    secrets = {"TOKEN": credentials.add(tokens, "kim"), "REVOKED": credentials.add(tokens, "lee")}
    secrets["HASH"] = credentials.hash_of(secrets["TOKEN"])
    credentials.revoke(tokens, "lee")
    environment = {**os.environ, "DEFGRAPH_TOKENS": str(tokens), "DEFGRAPH_PLAIN": "1"}
    environment["DEFGRAPH_STORE"] = str(folder / "store")
    return Guarded(serve(DEFGRAPH, env=environment, cwd=folder), folder / "store", secrets)


UPDATE = ("Content-Type", "application/sparql-update")
SENT = [
    (UPDATE[1], INSERT),
    (CONTENT_TYPES[3], BODIES[1]),
    ("text/turtle", BODIES[4]),
    (CONTENT_TYPES[4], BODIES[8]),
]


def test_who_holds_a_token_writes_and_is_named_in_the_log(guarded):
    header = ("Authorization", "Bearer TOKEN")

    answer, body = guarded.request("POST", "/update", [header, UPDATE], INSERT.replace("1", '"a"'))

    assert answer.status == 200, body
    newest = next(history.generations(guarded.folder))
    assert (newest.number, newest.author) == (json.loads(body)["generation"], "kim")


@pytest.mark.parametrize("path", PATHS)
def test_without_a_token_no_method_writes_at_any_path(guarded, path):
    before = guarded.state()

    for method, (kind, body) in product(METHODS, SENT):
        answer, _ = guarded.request(method, path, [("Content-Type", kind)], body)
        assert answer.status < 500 or (answer.status == 501 and method in UNKNOWN)

    assert guarded.state() == before


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(PATHS),
    kind=st.sampled_from(CONTENT_TYPES),
    headers=st.lists(st.sampled_from(HEADERS), max_size=4),
    body=st.sampled_from(BODIES),
)
def test_whatever_is_sent_without_a_valid_token_writes_nothing(
    guarded, *, method, path, kind, headers, body
):
    before = guarded.state()
    headers = [*headers, *([("Content-Type", kind)] if kind is not None else [])]

    answer, _ = guarded.request(method, path, headers, body)

    assert answer.status < 500 or (answer.status == 501 and method in UNKNOWN)
    assert guarded.state() == before


@pytest.mark.parametrize(
    "headers",
    [
        [("Authorization", "Bearer TOKEN"), ("Authorization", "Bearer wrong")],
        [("Authorization", "Bearer wrong"), ("Authorization", "Bearer TOKEN")],
        [("Authorization", "Bearer TOKEN"), ("Authorization", "Bearer TOKEN")],
        [("Cookie", "Authorization=Bearer TOKEN"), ("Authorization", "Bearer")],
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/update"), ("PUT", "/graphs?default"), ("PATCH", "/graphs?graph=urn:g")],
)
def test_a_token_beside_another_is_none(guarded, headers, method, path):
    before = guarded.state()

    answer, _ = guarded.request(method, path, [*headers, UPDATE], INSERT)

    assert answer.status in {400, 401}
    assert guarded.state() == before


@pytest.mark.parametrize(
    "body", [INSERT, "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "DROP GRAPH <urn:g>"]
)
@pytest.mark.parametrize("method", ["POST", "QUERY", "GET", "HEAD"])
@pytest.mark.parametrize("headers", [[], [("Authorization", "Bearer TOKEN")]], ids=["", "token"])
def test_an_update_is_no_query_whoever_sends_it(guarded, method, body, headers):
    before = guarded.state()
    kind = ("Content-Type", "application/sparql-query")

    answer, _ = guarded.request(method, "/sparql?query=" + quote(body), [*headers, kind], body)

    assert 400 <= answer.status < 500
    assert guarded.state() == before
