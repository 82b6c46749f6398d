"""Whatever goes wrong, the answer is a problem that says what, with the headers of every answer."""

import json
import logging

import pytest
from fastapi.testclient import TestClient

from defgraph.settings import Settings
from defgraph.web import create_app

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

FAILURES = [
    pytest.param("GET", "/nowhere", {}, 404, id="no such path"),
    pytest.param("GET", "/static/nothing.css", {}, 404, id="no such file"),
    pytest.param("GET", "/static/../../secret", {}, 404, id="no such file outside"),
    pytest.param("PUT", "/sparql", {}, 405, id="no such method"),
    pytest.param("POST", "/static/style.css", {}, 405, id="a file is not posted to"),
    pytest.param("BREW", "/", {}, 405, id="no method at all"),
    pytest.param("GET", "/sparql?query=SELECT&format=csv", {}, 400, id="no SPARQL"),
    pytest.param("GET", "/sparql?query=ASK%7B%7D&format=nope", {}, 400, id="no such format"),
    pytest.param("GET", "/sparql?query=ASK%7B%7D", {"Accept": "image/png"}, 406, id="nothing fits"),
    pytest.param("POST", "/sparql", {"Content-Type": "image/png"}, 415, id="no such media type"),
    pytest.param("POST", "/sparql", {**FORM, "Content-Length": "9999999"}, 413, id="too large"),
    pytest.param("POST", "/update", {}, 403, id="read-only"),
    pytest.param("GET", "/graphs?graph=urn:none", {}, 404, id="no such graph"),
    pytest.param("GET", "/graphs?graph=none", {}, 400, id="no IRI"),
]


@pytest.mark.parametrize(("method", "path", "headers", "status"), FAILURES)
class TestEveryFailure:
    def test_is_a_problem_to_a_program(self, client, method, path, headers, status):
        answer = client.request(method, path, headers=headers)

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["title"]
        assert len(problem["detail"]) > 10
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "Accept" in answer.headers["vary"]

    def test_is_a_page_to_a_browser(self, client, method, path, headers, status):
        answer = client.request(method, path, headers={**BROWSER, **headers})

        assert answer.status_code == status
        if "Accept" not in headers:
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/sparql", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("GET", "/update", {"POST", "OPTIONS"}),
        ("PROPFIND", "/graphs", {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}),
        ("DELETE", "/", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/static/style.css", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_405_names_all_methods_that_the_path_takes(client, method, path, allowed):
    answer = client.request(method, path)

    assert answer.status_code == 405
    assert allowed <= set(answer.headers["allow"].split(", "))
    assert method not in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/", "/sparql", "/update", "/graphs", "/healthz"])
def test_options_tells_what_a_path_takes(client, path):
    answer = client.options(path)

    assert answer.status_code == 204
    assert "OPTIONS" in answer.headers["allow"]


def test_what_a_stranger_wrote_is_no_markup_on_the_page(client):
    answer = client.get("/<script>alert(1)</script>", headers=BROWSER)

    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_a_file_that_is_not_there_is_told_by_its_whole_path(client):
    assert "/static/nothing.css" in client.get("/static/nothing.css").json()["detail"]


def test_the_page_below_a_path_loads_its_style_from_below_it(client):
    below = TestClient(client.app, root_path="/kg")

    for path in ("/kg/no/where", "/kg/static/no.css"):
        assert 'href="/kg/static/style.css"' in below.get(path, headers=BROWSER).text


class FaultyStore:
    state = None

    async def query(self, *_args, **_kwargs):
        raise ZeroDivisionError("secret")


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/readyz", "/"])
@pytest.mark.parametrize("accept", [{}, BROWSER], ids=["program", "browser"])
def test_a_fault_of_ours_has_a_number_that_stands_in_the_log(path, accept, caplog):
    app = create_app(Settings(), store=FaultyStore())
    running = TestClient(app, raise_server_exceptions=False)
    path += "&format=json" if "?" in path else ""

    with caplog.at_level(logging.ERROR):
        answer = running.get(path, headers=accept)

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    number = caplog.records[-1].args[0]
    assert number in answer.text
    if not accept:
        assert json.loads(answer.text)["request_id"] == number


class TestPreflight:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", "/sparql"), ("GET", "/sparql"), ("GET", "/graphs?default"), ("HEAD", "/healthz")],
    )
    def test_any_page_may_read(self, client, method, path):
        asked = {"Origin": "https://notebook.example", "Access-Control-Request-Method": method}

        answer = client.options(path, headers=asked)

        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == method
        assert "access-control-allow-credentials" not in answer.headers
        assert "authorization" not in answer.headers["access-control-allow-headers"].lower()

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/update"),
            ("PUT", "/graphs?default"),
            ("POST", "/graphs?default"),
            ("DELETE", "/graphs?default"),
            ("PATCH", "/graphs?default"),
            ("PUT", "/sparql"),
            ("GET", "/update"),
            ("get", "/sparql"),
            ("POST", "/nowhere"),
        ],
    )
    def test_no_page_may_write(self, client, method, path):
        asked = {"Origin": "https://notebook.example", "Access-Control-Request-Method": method}

        answer = client.options(path, headers=asked)

        assert answer.status_code == 403
        assert answer.json()["title"] == "CrossOriginWriteError"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert not [name for name in answer.headers if name.startswith("access-control-")]

    def test_answers_let_pages_see_the_generation_and_the_entity_tag(self, client):
        answer = client.get("/sparql?query=ASK%7B%7D")

        exposed = answer.headers["access-control-expose-headers"]
        assert {"ETag", "Generation"} <= set(exposed.split(", "))
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
