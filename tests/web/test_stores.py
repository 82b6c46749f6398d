"""Which store the settings ask for, and what may be done with it."""

from __future__ import annotations

import sys
import time

import pytest
from fastapi.testclient import TestClient

from defgraph.errors import SettingsError
from defgraph.log import patches
from defgraph.namespaces import GRAPH, VOID_GRAPH
from defgraph.settings import Settings
from defgraph.web.app import create_app
from defgraph.web.stores import store_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="stores in folders need Linux")

TOKEN = "open-sesame"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}
EX = "http://example.com/"
DATA = f"<{EX}a> <{EX}b> 1 .\n"
DATA_ITSELF = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{VOID_GRAPH}>)"


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.ttl"
    path.write_text(DATA)
    return path


def served(**settings):
    """A client of an application with such settings."""
    settings = Settings(**{"workers": 1, **settings})
    return TestClient(create_app(settings, store=store_for(settings)))


def update(client, text, **options):
    headers = {"Content-Type": "application/sparql-update", **WITH_TOKEN}
    return client.post("/update", content=text, headers=headers, **options)


def count(client, where="?s ?p ?o"):
    query = f"SELECT (COUNT(*) AS ?n) {{ {where} }}"
    answer = client.get("/sparql", params={"query": query, "format": "csv"})
    return int(answer.text.split()[1])


def test_writing_without_a_store_needs_a_temporary_folder(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._candidate_tempdir_list", lambda: ["/proc"])

    with pytest.raises(SettingsError, match=r"name one in TMPDIR, or .* --store DIR"):
        store_for(Settings(plain=True, token=TOKEN))
    with served(plain=True) as client:  # is only read
        assert client.get("/healthz").status_code == 200


def test_without_a_folder_the_data_is_served_and_nothing_is_written(data):
    with served(data_paths=(data,), token=TOKEN) as client:
        assert count(client, f"GRAPH <{GRAPH}data> {{ ?s ?p ?o }}") == 1
        assert update(client, f"INSERT DATA {{ <{EX}a> <{EX}b> 2 }}").status_code == 403


def test_without_a_token_a_folder_is_read_only(tmp_path, data):
    with served(store=str(tmp_path / "store"), data_paths=(data,)) as client:
        assert update(client, f"INSERT DATA {{ <{EX}a> <{EX}b> 2 }}").status_code == 403


def test_a_new_folder_begins_with_the_shipped_data_and_keeps_what_is_written(tmp_path):
    folder = str(tmp_path / "store")
    with served(store=folder, token=TOKEN) as client:
        before = count(client, DATA_ITSELF)
        graph = f"GRAPH <{EX}g> {{ <{EX}a> <{EX}b> 2 }}"
        assert update(client, f"INSERT DATA {{ {graph} }}").json()["generation"] == 2

    with served(store=folder, token=TOKEN) as client:
        assert count(client, DATA_ITSELF) == before + 1


def test_a_new_folder_may_begin_with_other_data(tmp_path, data):
    with served(store=str(tmp_path / "store"), data_paths=(data,)) as client:
        assert count(client, f"GRAPH <{GRAPH}data> {{ ?s ?p ?o }}") == 1


def test_a_plain_dataset_is_empty_and_its_default_graph_its_own():
    with served(plain=True, token=TOKEN) as client:
        assert count(client) == 0
        update(client, f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}a> <{EX}b> 2 }} }}")
        update(client, f"INSERT DATA {{ <{EX}a> <{EX}b> 1 }}")

        assert count(client) == 1
        unknown = client.get("/sparql", params={"query": "ASK { ?s def:x ?o }"})
        assert unknown.status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"thing": f"{EX}a"},
        {"query": f"SELECT * {{ <{EX}a> ?p ?o }}"},
        {"query": f"CONSTRUCT WHERE {{ <{EX}a> ?p ?o }}"},
    ],
)
def test_a_plain_dataset_has_a_first_page_that_declares_what_it_uses(asked):
    with served(plain=True, token=TOKEN) as client:
        update(client, f"INSERT DATA {{ <{EX}a> <{EX}b> <{EX}c> }}")

        page = client.get("/", params=asked, headers={"Accept": "text/html"})

    assert page.status_code == 200, page.text
    assert "known without being declared" not in page.text
    assert "prefixes that every query here knows" not in page.text


def test_a_plain_folder_keeps_what_is_written(tmp_path):
    for expected in (0, 1):
        with served(plain=True, token=TOKEN, store=str(tmp_path)) as client:
            assert count(client) == expected
            update(client, f"INSERT DATA {{ <{EX}a> <{EX}b> 1 }}")


def test_what_is_damaged_is_said_and_the_rest_is_served(tmp_path):
    with served(plain=True, token=TOKEN, store=str(tmp_path)) as client:
        for number in (1, 2):
            update(client, f"INSERT DATA {{ <{EX}a> <{EX}b> {number} }}")
        assert client.get("/readyz").json() == {
            "status": "ready",
            "generation": 2,
            "damages": [],
            "warnings": [],
        }
    path = patches.path_of(tmp_path, 2, patches.PATCH)
    path.write_bytes(b"")

    with served(plain=True, store=str(tmp_path)) as client:
        said = client.get("/readyz").json()
        assert count(client) == 1
    assert said["status"] == "damaged"
    assert "2.rdfp" in said["damages"][0]


@pytest.mark.parametrize(
    "settings",
    [
        {"plain": True, "data_paths": ("data.ttl",)},
        {"plain": True, "store": "https://127.0.0.1/sparql"},
        {"data_paths": ("data.ttl",), "store": "https://127.0.0.1/sparql"},
    ],
)
def test_settings_that_exclude_each_other_are_refused(settings):
    with pytest.raises(SettingsError):
        store_for(Settings(**settings))


def test_data_for_a_folder_that_has_its_own_is_refused(tmp_path, data):
    with served(plain=True, token=TOKEN, store=str(tmp_path / "store")) as client:
        update(client, f"INSERT DATA {{ <{EX}a> <{EX}b> 1 }}")

    with pytest.raises(SettingsError, match="defgraph load"):
        store_for(Settings(store=str(tmp_path / "store"), data_paths=(data,)))


def test_a_query_asks_an_endpoint_that_is_allowed():
    with served(
        plain=True, allow_service="http://127.0.0.1:1/one http://127.0.0.1:1/two"
    ) as client:
        asked = {
            name: client.get(
                "/sparql", params={"query": f"ASK {{ SERVICE <http://127.0.0.1:1/{name}> {{}} }}"}
            )
            for name in ("one", "two", "three")
        }

    assert {name: each.status_code for name, each in asked.items()} == {
        "one": 502,
        "two": 502,
        "three": 403,
    }
    assert "SILENT" in asked["one"].json()["detail"]


def test_what_may_be_asked_is_the_affair_of_a_remote_store():
    settings = Settings(store="https://example.org/sparql", allow_service=("https://example.com/",))

    with pytest.raises(SettingsError, match=r"(?i)allow_service"):
        store_for(settings)


@pytest.mark.parametrize("address", ["example.org/sparql", "file:///etc/passwd", "https://a b/"])
def test_what_is_no_endpoints_address_cannot_be_allowed(address):
    with pytest.raises(ValueError, match="no endpoint's address"):
        Settings(allow_service=(address,))


def test_a_follower_shows_what_the_writer_writes(tmp_path):
    folder = str(tmp_path / "store")
    with served(plain=True, store=folder, token=TOKEN) as writer:
        assert update(writer, f"INSERT DATA {{ <{EX}a> <{EX}b> 1 }}").status_code == 200
        with served(plain=True, store=folder, follow=True, token=TOKEN) as follower:
            assert count(follower) == 1
            refused = update(follower, f"INSERT DATA {{ <{EX}a> <{EX}b> 2 }}")
            update(writer, f"INSERT DATA {{ <{EX}a> <{EX}b> 3 }}")
            while follower.get("/readyz").json()["generation"] != 2:
                time.sleep(0.02)
            assert count(follower) == 2

    assert refused.status_code == 403
    assert "--follow" in refused.json()["detail"]


@pytest.mark.parametrize("settings", [{}, {"store": "https://example.org/sparql"}])
def test_only_a_folder_is_followed(settings):
    with pytest.raises(SettingsError, match="follow"):
        store_for(Settings(follow=True, **settings))
