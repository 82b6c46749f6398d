"""A server that is not where w3id.org leads to: links are to it, and the IRIs stay as they are."""

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from defgraph import loading
from defgraph.namespaces import ID
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app

PUBLIC = "https://kg.example/defence"


@pytest.fixture(scope="module")
def public():
    settings = Settings(public_url=PUBLIC + "/")
    app = create_app(settings, store=InProcessStore(loading.load()))
    with TestClient(app, root_path=settings.root_path, follow_redirects=False) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/id/state/nz", "/doc/state/nz"),
        ("/id/state/nz.ttl", "/doc/state/nz.ttl"),
        ("/def/hasParty", "/ontology"),
        ("/doc?iri=http://www.wikidata.org/entity/Q664", "/doc/state/nz"),
    ],
)
def test_redirections_are_to_the_public_address(public, path, location):
    answer = public.get("/defence" + path)

    assert answer.headers["location"] == PUBLIC + location


def test_links_are_to_the_public_address_but_what_to_cite_is_the_iri(public):
    answer = public.get("/defence/doc/state/nz.ttl")

    links = answer.headers["link"]
    assert f'<{PUBLIC}/doc/state/nz>; rel="canonical"' in links
    assert f'<{PUBLIC}/doc/state/nz.jsonld>; rel="alternate"' in links
    assert f'<{PUBLIC}/.well-known/void>; rel="describedby"' in links
    assert f'<{ID}state/nz>; rel="cite-as"' in links


def test_iris_in_the_data_stay(public):
    elsewhere = TestClient(
        create_app(Settings(), store=InProcessStore(loading.load())), follow_redirects=False
    )
    for form in (".ttl", ".nq", ".jsonld"):
        ours = elsewhere.get(f"/doc/state/nz{form}")
        assert public.get(f"/defence/doc/state/nz{form}").content == ours.content


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("state", "state/nz"),
        ("agreement", "agreement/jp-nz-acsa-2025"),
        ("person", "person/judith-collins"),
        ("claim", "claim/2025-12-japan-new-zealand-B1-01"),
    ],
)
def test_a_document_fulfils_its_schema_there_too(public, kind, thing):
    served = public.get(f"/defence/schema/{kind}.json").json()
    answer = public.get(f"/defence/doc/{thing}.jsonld")

    assert answer.status_code == 200
    jsonschema_rs.validator_for(served).validate(answer.json())


def test_a_page_loads_and_links_to_what_is_beside_it(public):
    page = public.get("/defence/doc/state/nz.html").text

    assert f'<link rel="canonical" href="{PUBLIC}/doc/state/nz">' in page
    assert 'href="/defence/static/style.css"' in page
    assert 'href="/defence/doc/' in page


def test_the_endpoint_is_described_at_the_public_address(public):
    answer = public.get("/defence/sparql", headers={"Accept": "application/n-triples"})

    assert f"<{PUBLIC}/sparql>" in answer.text


def test_its_path_is_the_root_path_where_none_is_given():
    assert Settings(public_url=PUBLIC).root_path == "/defence"
    assert Settings(public_url=PUBLIC, root_path="/else").root_path == "/else"
    assert Settings(public_url="http://[::1]:8000").root_path == ""
    assert Settings(public_url="").root_path == ""


@pytest.mark.parametrize(
    "wrong",
    ["kg.example", "ftp://kg.example", "https://kg.example/?x", "https://a b", "https://a/..//b c"],
)
def test_what_is_no_address_is_refused(wrong):
    with pytest.raises(ValidationError, match="public_url"):
        Settings(public_url=wrong)
