"""Who asks for what is not there is told what may be meant."""

import pytest

from defgraph.media_types import GRAPH_FORMATS, PAGE_FORMAT, RDF_FORMATS
from defgraph.namespaces import BASE

ENDINGS = [each.extension for each in (*RDF_FORMATS, PAGE_FORMAT)]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("doc/state/NZ", "id/state/nz"),
        ("id/state/newzealand", "id/state/nz"),
        ("id/state/new-zealand.ttl", "id/state/nz"),
        ("doc/person/koizumi-shinjiro", "id/person/shinjiro-koizumi"),
        ("id/person/shinjiro-koizum", "id/person/shinjiro-koizumi"),
        ("def/Sate", "def/State"),
        ("def/haspart", "def/hasParty"),
        ("def/ratificatoin", "def/Ratification"),
        ("shape/agreement-aims", "shape/agreement-aim"),
        ("graph/links/wikidat", "graph/links/wikidata"),
        ("graph/reference/state", "graph/reference/states"),
        ("ontology.foo", "ontology"),
        ("def/State.foo", "def/State"),
    ],
)
def test_what_comes_close_is_named(shipped_client, path, meant):
    answer = shipped_client.get(f"/{path}", follow_redirects=False)
    page = shipped_client.get(f"/{path}", headers={"Accept": "text/html"})

    assert answer.status_code == page.status_code == 404
    assert BASE + meant in answer.json()["known"]
    assert f"Did you mean <{BASE}" in answer.json()["detail"]
    assert f"{BASE}{meant}&gt;" in page.text


@pytest.mark.parametrize("path", ["doc/state/nz.foo", "id/state/nz.foo"])
def test_an_ending_that_is_none_is_answered_with_those_that_there_are(shipped_client, path):
    detail = shipped_client.get(f"/{path}").json()["detail"]

    assert f"Did you mean <{BASE}id/state/nz>?" in detail
    assert all(each in detail for each in ENDINGS)


@pytest.mark.parametrize("path", ["doc/state/qqqqqqqq", "id/nothing/nz", "def/%E6%97%A5"])
def test_nothing_is_guessed_where_nothing_comes_close(shipped_client, path):
    answer = shipped_client.get(f"/{path}")

    assert answer.status_code == 404
    assert "Did you mean" not in answer.json()["detail"]


def test_a_page_beyond_the_last_is_told_to_be_none(shipped_client):
    answer = shipped_client.get("/doc/state/nz", params={"page": 9})

    assert answer.status_code == 404
    assert answer.json()["detail"] == f"What is said about <{BASE}id/state/nz> has no page 9"


def test_a_graph_is_offered_in_the_formats_of_rdf_alone(shipped_client):
    answer = shipped_client.get("/graphs", params={"default": "", "format": "xx"})

    assert answer.status_code == 400
    assert set(answer.json()["known"]) == {each.name for each in GRAPH_FORMATS}
