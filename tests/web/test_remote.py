"""The application over an endpoint: the same pages and answers, from somebody else's engine."""

import re

import pytest
from fastapi.testclient import TestClient

from defgraph import loading
from defgraph.errors import EndpointError, SettingsError
from defgraph.remote.store import RemoteStore
from defgraph.settings import Settings
from defgraph.web import create_app
from defgraph.web.problems import status_of
from defgraph.web.server import serve


@pytest.fixture(scope="module")
def remote_client(engine):
    store = RemoteStore(engine(loading.load()))
    with TestClient(create_app(Settings(), store=store)) as running:
        yield running


def words_of(page):
    """The words of a page, sorted: what is grouped comes in any order."""
    return sorted(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", page)))


def without_dumps(page):
    """A page that does not offer any: the data of the endpoint is not ours to copy."""
    page = re.sub(r"<div>\s*<h3>As files</h3>.*?</div>", "", page, flags=re.DOTALL)
    return re.sub(r'"distribution": \[.*?\n \]', '"distribution": []', page, flags=re.DOTALL)


@pytest.mark.parametrize(
    "query", ["", "?question=V02", "?thing=https://w3id.org/defgraph/id/state/nz"]
)
def test_a_page_says_the_same_as_over_our_own_store(remote_client, shipped_client, query):
    page = remote_client.get(f"/{query}")
    ours = shipped_client.get(f"/{query}")

    assert page.status_code == 200
    assert words_of(page.text) == words_of(without_dumps(ours.text))
    assert without_dumps(ours.text) != ours.text


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
def test_an_answer_is_the_same_as_that_of_our_own_store(remote_client, shipped_client, accept):
    query = "SELECT ?state ?code { ?state def:isoAlpha3 ?code } ORDER BY ?code"
    request = {"params": {"query": query}, "headers": {"Accept": accept}}

    answer = remote_client.get("/sparql", **request)

    assert answer.content == shipped_client.get("/sparql", **request).content
    assert "generation" not in answer.headers


def test_json_ld_is_what_the_endpoint_says_it_is(remote_client):
    request = {"query": "DESCRIBE state:nz", "format": "jsonld"}

    assert remote_client.get("/sparql", params=request).json()[0]["@id"]


@pytest.mark.parametrize("path", ["/dumps/", "/dumps/dataset.nq", "/dumps/SHA256SUMS"])
def test_dumps_are_where_the_data_is(remote_client, path):
    answer = remote_client.get(path)

    assert answer.status_code == 501
    assert "another endpoint" in answer.json()["detail"]


def test_the_service_is_well_if_the_engine_is(remote_client):
    assert remote_client.get("/readyz").json()["status"] == "ready"


def test_a_fault_of_the_endpoint_is_a_bad_gateway():
    assert status_of(EndpointError("cannot be reached")) == 502


def test_an_endpoint_has_its_own_data(tmp_path):
    settings = Settings(port=0, store="http://127.0.0.1:9/", data_paths=(tmp_path,))

    with pytest.raises(SettingsError, match="--data"):
        serve(settings)
