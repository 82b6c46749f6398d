"""The description of the API is of what there is, all of it, and is itself as OpenAPI has it."""

import json
import re
import sys
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from schemathesis.openapi import from_dict

from defgraph.settings import Settings
from defgraph.store.forked import ForkedStore
from defgraph.web import create_app
from defgraph.web.http.headers import only_reads
from defgraph.web.http.routes import routes_of
from defgraph.web.openapi import description, for_swagger_ui
from defgraph.web.operations import OPERATIONS
from defgraph.web.problem_types import problem_types, table
from defgraph.web.problems import STATUS

DESCRIBED = description()
OF_EACH = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, item in DESCRIBED["paths"].items()
    for method, operation in item.items()
]


def resolved(reference):
    found = DESCRIBED
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def references_in(value):
    if isinstance(value, dict):
        for name, each in value.items():
            yield from [each] if name == "$ref" else references_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from references_in(each)


def test_every_route_is_described_and_nothing_else(client):
    taken = {
        (re.sub(r":path}", "}", route.path), method)
        for route in routes_of(client.app)
        for method in route.methods - {"OPTIONS"}  # which every path has
    }
    described = {(each.path, each.method) for each in OPERATIONS}
    described |= {(path, "HEAD") for path, method in described if method == "GET"}

    assert taken == described


def test_it_is_served(client):
    answer = client.get("/openapi.json")

    assert answer.json() == DESCRIBED
    assert answer.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(("version", "status"), [("3.1", 200), ("3.0", 200), ("2", 400), ("", 400)])
def test_a_version_that_there_is_not_is_refused(client, version, status):
    answer = client.get("/openapi.json", params={"version": version})

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["openapi"].startswith(version)
    else:
        assert "'3.1' or '3.0'" in answer.json()["detail"]


def test_it_names_the_server_as_the_proxy_shows_it(client):

    answer = client.get("/openapi.json")

    assert answer.json()["servers"] == [{"url": "/"}]
    assert description("/kg")["servers"] == [{"url": "/kg"}]


def test_it_names_no_other_host():
    told = json.dumps([DESCRIBED, for_swagger_ui(DESCRIBED)])

    assert "://" not in re.sub("https://w3id.org|http://www.w3.org/2004/02/skos/", "", told)


def test_it_is_valid_openapi():
    from_dict(DESCRIBED).validate()
    from_dict(for_swagger_ui(DESCRIBED)).validate()


def test_every_reference_leads_somewhere():
    for each in references_in(DESCRIBED):
        assert resolved(each)


def test_every_operation_has_its_own_name():
    names = [each.name for each in OPERATIONS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("path", "method", "operation"), OF_EACH)
class TestEveryOperation:
    def test_says_how_it_fails(self, path, method, operation):
        assert {"400", "414", "429", "431", "500", "503"} <= set(operation["responses"])
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and method != "head":
                assert "application/problem+json" in answer["content"]

    def test_needs_a_token_if_it_writes(self, path, method, operation):
        writes = not only_reads(method.removeprefix("x-").upper(), path)

        assert ("security" in operation) is writes
        assert ("401" in operation["responses"]) is writes

    def test_answers_with_statuses_that_there_are(self, path, method, operation):
        for status in operation["responses"]:
            assert HTTPStatus(int(status))


def test_every_status_of_an_error_is_described_somewhere():
    described = {int(each) for _, _, op in (p.values for p in OF_EACH) for each in op["responses"]}

    assert {int(each) for each in STATUS.values()} <= described


def test_the_page_of_problems_lists_all_there_are():
    page = (Path(__file__).parents[2] / "docs" / "problems.md").read_text(encoding="utf-8")

    assert table() in page  # what should stand there: print(table())


@pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")
def test_the_problem_that_the_page_shows_is_the_one_that_is_told():
    page = (Path(__file__).parents[2] / "docs" / "problems.md").read_text(encoding="utf-8")
    shown = json.loads(re.search(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1])

    with TestClient(create_app(Settings(), store=ForkedStore(workers=1))) as client:
        answer = client.get("/sparql", params={"query": "SELECT * WHRE { ?s ?p ?o }"})

    told = answer.json()
    assert told.pop("request_id") == answer.headers["x-request-id"]
    assert told == shown


@pytest.mark.parametrize("each", problem_types(), ids=lambda each: each.title)
def test_the_type_of_a_problem_leads_to_what_it_means(client, each):
    answer = client.get(f"/problem/{each.title}")

    assert answer.status_code == 200
    assert answer.json()["status"] == each.status
    assert answer.json()["type"].endswith(f"/problem/{each.title}")


def test_a_problem_leads_to_its_meaning(client):
    problem = client.get("/sparql?query=SELECT").json()

    path = problem["type"].removeprefix("https://w3id.org/defgraph")
    page = client.get(path, headers={"Accept": "text/html"})

    assert "The query text is not valid SPARQL" in page.text


def test_a_problem_that_there_is_not_is_a_404(client):
    assert client.get("/problem/Nothing").status_code == 404
