"""Addresses that nobody should ask for: refused, never a fault of ours, never a file, never away."""

import socket
from urllib.parse import urlsplit

import pytest

IN_A_PATH = [
    *("id/", "id/state/", "doc/", "doc/state/", "def/", "ontology/", "graph/", "graph/links/"),
    *("shape/", "dumps/", "static/", "tables/", "problem/", "context/", "schema/", "questions/"),
    *(".well-known/", "graphs/", "reconcile/"),
]
IN_A_PARAMETER = [
    *("doc?iri=", "sameas?iri=", "graphs?graph=", "reconcile/preview?id=", "doc/state/nz?page="),
    *("reconcile/properties?type=", "reconcile?query=%7B%22query%22:1%7D&callback="),
]
BAD = {
    "a space": "n z",
    "an escaped space": "n%20z",
    "quotes": "%22nz%22",
    "bare quotes": '"nz"',
    "an apostrophe": "'nz'--",
    "angles": "<script>",
    "escaped angles": "%3Cscript%3Ealert(1)%3C/script%3E",
    "up": "../../../../etc/passwd",
    "up, escaped dots": "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "up, escaped slashes": "..%2F..%2F..%2F..%2Fetc%2Fpasswd",
    "up, escaped twice": "%252e%252e%252fetc%252fpasswd",
    "up, by backslashes": "..\\..\\etc\\passwd",
    "up, escaped backslashes": "..%5C..%5Cpyproject.toml",
    "up, overlong UTF-8": "%C0%AE%C0%AE/%C0%AE%C0%AE/etc/passwd",
    "from the root": "/etc/passwd",
    "an escaped slash": "a%2Fnz",
    "NUL": "nz%00",
    "NUL before an ending": "nz%00.ttl",
    "a line end": "nz%0D%0AX-Injected:%20yes",
    "an escape that is none": "%zz",
    "an escape cut short": "nz%",
    "not UTF-8": "%FF%FE",
    "half a surrogate": "%ED%A0%80",
    "turned round": "%E2%80%AEzn",
    "a foreign host": "https://evil.example/id/state/nz",
    "a host without a scheme": "//evil.example/x",
    "a user": "https://w3id.org@evil.example/defgraph/id/state/nz",
    "a host that looks like ours": "https://w3id.org.evil.example/defgraph/id/state/nz",
    "ours, and up": "https://w3id.org/defgraph/../../etc/passwd",
    "ours, and up, escaped": "https://w3id.org/defgraph/%2e%2e%2f%2e%2e%2fetc",
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "a template": "%7B%7B7*7%7D%7D",
    "long": "a" * 3_000,
    "very long": "a" * 10_240,
    "deep": "a/" * 1_000,
}
REFUSALS = {400, 404, 405, 406, 414, 431}
"""What each of them may be answered with; or a redirection that stays here."""


def asked(server, target):
    """The status, headers and body that a target is answered with, sent as it is."""
    host, port = urlsplit(server).hostname, urlsplit(server).port
    with socket.create_connection((host, port), timeout=30) as connection:
        request = f"GET /{target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in fields)}
    return int(status.split()[1]), headers, body


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("where", ["a path", "a parameter"])
def test_nothing_bad_comes_of_a_bad_address(serve_app, where, bad):
    for before in IN_A_PATH if where == "a path" else IN_A_PARAMETER:
        target = before + BAD[bad]
        status, headers, body = asked(serve_app, target)

        assert status in REFUSALS or headers.get("location", "").startswith("/"), target[:80]
        assert not headers.get("location", "").startswith("//"), target[:80]
        assert "x-injected" not in headers
        assert b"root:" not in body
        assert b"[project]" not in body
        assert headers["content-type"].startswith(("application/", "text/plain")), target[:80]
        if body != b"Invalid HTTP request received.":  # which never got to the application
            assert headers["x-content-type-options"] == "nosniff"
        assert len(body) < 20_000, target[:80]
