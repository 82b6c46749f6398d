"""An IRI of another dataset leads to the document of our thing."""

from urllib.parse import quote

import pytest

from defgraph.namespaces import BASE, ID

NZ = "http://www.wikidata.org/entity/Q664"
LINKS = f"""
state:nz skos:exactMatch <{NZ}> .
state:a skos:exactMatch <http://a.example/1> . state:b skos:exactMatch <http://a.example/1> .
state:old <http://www.w3.org/2002/07/owl#deprecated> true ; skos:exactMatch <http://a.example/2> .
"""


@pytest.fixture(scope="module")
def finding(client_of):
    with client_of(links=LINKS) as running:
        yield running


@pytest.mark.parametrize(
    "iri",
    [
        NZ,
        "https://www.wikidata.org/wiki/Q664",
        ID + "state/nz",
        "state:nz",
        "wd:Q664",
        BASE + "doc/state/nz",
    ],
)
def test_one_thing_is_seen_at_its_document(finding, iri):
    answer = finding.get("/doc", params={"iri": iri})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/doc/state/nz"
    assert finding.head("/doc", params={"iri": iri}).headers["location"] == "/doc/state/nz"


@pytest.mark.parametrize("path", ["def/State", "ontology", "graph/links", "shape/state-cow-code"])
def test_other_iris_of_ours_lead_to_where_they_are(finding, path):
    assert finding.get("/doc", params={"iri": BASE + path}).headers["location"] == f"/{path}"


def test_several_things_are_listed(finding):
    answer = finding.get("/doc", params={"iri": "http://a.example/1"})

    assert answer.status_code == 300
    assert answer.json()["things"] == [
        {"iri": ID + f"state/{name}", "document": f"/doc/state/{name}"} for name in "ab"
    ]
    assert answer.headers["link"].count("describedby") == 2
    assert answer.headers["vary"] == "Accept"


def test_several_things_are_a_page_to_a_browser(finding):
    answer = finding.get(
        "/doc", params={"iri": "http://a.example/1"}, headers={"Accept": "text/html"}
    )

    assert answer.status_code == 300
    assert '<a href="/doc/state/a"' in answer.text
    assert '<a href="/doc/state/b"' in answer.text


def test_the_shipped_links_are_found(shipped_client):
    answer = shipped_client.get("/doc", params={"iri": NZ})

    assert [each.status_code for each in answer.history] == [303]
    assert answer.url.path == "/doc/state/nz"


@pytest.mark.parametrize(
    "iri", ["http://www.wikidata.org/entity/Q999", "urn:x", ID + "state/xx", ID + "a%20b"]
)
def test_an_unknown_one_is_a_404(finding, iri):
    answer = finding.get("/doc", params={"iri": iri})

    assert answer.status_code == 404
    assert iri in answer.json()["detail"]


def test_a_removed_one_is_a_410(finding):
    assert finding.get("/doc", params={"iri": "http://a.example/2"}).status_code == 410


@pytest.mark.parametrize(
    "iri",
    [
        "",
        "Q664",
        "http://a.example/a b",
        'http://a.example/"',
        "http://a.example/\0",
        "http://a.example/<script>",
        "http://a.example/" + "x" * 3000,
        BASE + "graph/../../etc/passwd",
        BASE + "doc/%2e%2e/x",
        BASE + "doc//x",
        BASE + "/evil.example",
        BASE + "//evil.example/x",
        "state:nz } DROP ALL",
    ],
)
def test_what_is_no_iri_is_a_400(finding, iri):
    answer = finding.get(f"/doc?iri={quote(iri, safe='')}")

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_the_iri_has_to_be_given_once(finding):
    assert finding.get("/doc").status_code == 400
    assert finding.get("/doc?iri=urn:a&iri=urn:b").status_code == 400
