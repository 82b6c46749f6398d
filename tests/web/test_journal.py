"""One line of the log for each request, by whichever path it is answered, and the numbers of it."""

import hashlib
import json
import os
import re
import socket
import sys
import time
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

DEFGRAPH = Path(sys.executable).with_name("defgraph")
TOKEN = "canary-token"
CANARY = "canary-of-the-client"
SELECT = f'SELECT ?x {{ VALUES ?x {{ 1 2 "{CANARY}" }} }}'
SYNTAX = f"SELECT {CANARY}"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="writes need Linux")


class Served:
    def __init__(self, client, address, log):
        self.client, self.address, self.log = client, address, log

    def request(self, method, path, **options):
        """Return the answer, and what the log says of it."""
        answer = self.client.request(method, path, **options)
        return answer, self.entry(answer.headers["x-request-id"])

    def entry(self, request_id):
        until = time.monotonic() + 20
        while time.monotonic() < until:  # an answer may be read before its line is written
            found = [each for each in self.entries() if each.get("request_id") == request_id]
            if found:
                assert len(found) == 1
                return found[0]
        pytest.fail(f"the log does not have {request_id}")

    def entries(self):
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def metrics(self):
        answer = self.client.get("/metrics")
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.text)
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.fixture(scope="module")
def served(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("journal")
    environment = os.environ | {"DEFGRAPH_PLAIN": "1", "DEFGRAPH_TOKEN": TOKEN}
    environment |= {"DEFGRAPH_FORWARDED_ALLOW_IPS": "127.0.0.1"}
    with (folder / "log").open("w") as log:
        address = serve(DEFGRAPH, env=environment, cwd=folder, stderr=log)
    with httpx2.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield Served(client, address, folder / "log")


def written(served, update):
    header = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-update"}
    return served.request("POST", "/update", content=update, headers=header)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_query_is_logged_by_its_hash_with_rows_and_bytes(served, method):
    query = SELECT + f"# {method}"
    asked = {"params" if method == "GET" else "data": {"query": query}}

    _, first = served.request(method, "/sparql", **asked)
    answer, again = served.request(method, "/sparql", **asked)

    assert (first["cache"], again["cache"]) == ("miss", "hit")
    assert again["kind"] == "query"
    assert again["outcome"] == "answered"
    assert again["query"] == hashlib.sha256(query.encode()).hexdigest()[:16]
    assert again["rows"] == 3
    assert again["bytes"] == len(answer.content)
    assert again["duration_ms"] > 0


def test_every_problem_has_the_id_that_stands_in_the_log(served):
    for method, path, title in [
        ("GET", f"/sparql?query={SYNTAX}", "QuerySyntaxError"),
        ("POST", "/update", "TokenMissingError"),
        ("GET", f"/{CANARY}", "Not Found"),
        ("PUT", "/sparql", "Method Not Allowed"),
    ]:
        answer, entry = served.request(method, path)

        assert answer.json()["request_id"] == entry["request_id"]
        assert entry["outcome"] == answer.json()["title"] == title


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        (b"BREW\r\n\r\n", "BrokenRequestError"),
        (b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", "UrlTooLongError"),
    ],
)
def test_what_is_no_request_has_an_id_too(served, sent, title):
    with socket.create_connection(served.address[7:].split(":"), timeout=30) as connection:
        connection.sendall(sent)
        head, _, body = b"".join(iter(lambda: connection.recv(4096), b"")).partition(b"\r\n\r\n")

    problem = json.loads(body)
    assert f"x-request-id: {problem['request_id']}" in head.decode().lower()
    assert served.entry(problem["request_id"])["outcome"] == problem["title"] == title


def test_writes_are_told_apart_by_what_came_of_them(served):
    outcomes = [
        written(served, update)[1]["outcome"]
        for update in (f'INSERT DATA {{ <urn:s> <urn:p> "{CANARY}" }}',) * 2 + ("INSERT",)
    ]

    assert outcomes == ["Published", "Unchanged", "QuerySyntaxError"]
    counted = served.metrics()
    for each in outcomes:
        assert counted["defgraph_requests_total", ("kind", "write"), ("outcome", each)] >= 1


def test_a_proxy_that_is_believed_gives_the_id(served):
    answer, _ = served.request("GET", "/healthz", headers={"X-Request-Id": "of.the-proxy_1"})

    assert answer.headers["x-request-id"] == "of.the-proxy_1"


@pytest.mark.parametrize("given", ["a b", '"}', "x" * 65, ""])
def test_an_id_that_could_be_anything_is_not_taken(served, given):
    answer, _ = served.request("GET", "/healthz", headers={"X-Request-Id": given})

    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", answer.headers["x-request-id"])


def test_nobody_but_a_proxy_that_is_believed_gives_an_id(client):
    answer = client.get("/healthz", headers={"X-Request-Id": "mine"})

    assert answer.headers["x-request-id"] != "mine"


def test_the_metrics_tell_what_the_server_does(served):
    before = served.metrics()
    written(served, 'INSERT DATA { <urn:s> <urn:p> "more" }')
    for _ in range(3):
        served.request("GET", "/sparql", params={"query": SELECT})
    served.request("GET", "/sparql", params={"query": "SELECT"})

    now = served.metrics()

    def grew(*key):
        return now[key] - before.get(key, 0)

    of_queries = ("kind", "query")
    assert grew("defgraph_requests_total", of_queries, ("outcome", "answered")) == 3
    assert grew("defgraph_requests_total", of_queries, ("outcome", "QuerySyntaxError")) == 1
    assert grew("defgraph_request_duration_seconds_count", of_queries) == 4
    assert grew("defgraph_cache_lookups_total", ("result", "hit")) == 2
    assert (
        grew(
            "defgraph_generation",
        )
        == 1
    )
    assert now["defgraph_cache_bytes",] > 0
    assert now["defgraph_queue_length",] == 0
    assert now["defgraph_workers", ("state", "idle")] >= 1


def test_no_label_is_a_clients(served):
    for path in (f"/{CANARY}", f"/sparql?format={CANARY}&query=ASK{{}}", f"/id/state/{CANARY}"):
        served.request("GET", path)

    assert CANARY not in served.client.get("/metrics").text


def test_what_prometheus_asks_for_it_gets(served):
    wanted = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}

    answer = served.client.get("/metrics", headers=wanted)

    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "127.0.0.1"}, 200),
        ({"X-Forwarded-For": "192.0.2.7"}, 403),
        ({"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}, 403),
    ],
)
def test_the_metrics_are_for_those_nearby(served, headers, status):
    assert served.client.get("/metrics", headers=headers).status_code == status


def test_nothing_that_a_client_wrote_stands_in_the_log(served):
    served.request("GET", "/sparql", params={"query": SYNTAX, "format": CANARY})
    served.request("POST", "/sparql", data={"query": SELECT, "other": CANARY})
    served.request("GET", "/doc", params={"iri": f"urn:{CANARY}"})
    served.request("PUT", f"/graphs?graph=urn:{CANARY}", content=CANARY)
    served.request("POST", f"/update?access_token={TOKEN}", headers={"Authorization": "Bearer x"})

    said = served.log.read_text()
    assert CANARY not in said
    assert TOKEN not in said
