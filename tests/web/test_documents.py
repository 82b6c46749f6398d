"""Every IRI of ours answers: 303 to its document, in the form that is asked for."""

import json

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient

from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import BASE
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NZ = BASE + "id/state/nz"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def client(shipped_client):
    shipped_client.follow_redirects = False
    yield shipped_client
    shipped_client.follow_redirects = True


def links(answer):
    """Return the targets of a header Link by relation."""
    found = {}
    for each in answer.headers["link"].split(", <"):
        target, _, parameters = each.lstrip("<").partition(">")
        relation = parameters.partition('rel="')[2].partition('"')[0]
        found.setdefault(relation, []).append(target)
    return found


def triples(body, media_type):
    return {
        (str(q.subject), str(q.predicate), str(q.object))
        for q in ox.parse(body, format=ox.RdfFormat.from_media_type(media_type))
    }


def test_a_thing_is_seen_at_its_document(client):
    answer = client.get("/id/state/nz")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/doc/state/nz"
    assert links(answer) == {"describedby": ["/doc/state/nz"]}


def test_an_ending_of_a_thing_goes_on_to_its_document(client):
    assert client.get("/id/state/nz.ttl").headers["location"] == "/doc/state/nz.ttl"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        (BROWSER, "text/html"),
        ("text/html", "text/html"),
        *((each.media_type, each.media_type) for each in RDF_FORMATS),
        ("application/json", "application/ld+json"),
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
    ],
)
def test_accept_chooses_the_form(client, accept, media_type):
    answer = client.get("/doc/state/nz", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_the_ending_chooses_the_form_whatever_accept_says(client, form):
    answer = client.get(f"/doc/state/nz{form.extension}", headers={"Accept": "text/html"})

    assert answer.headers["content-type"] == form.content_type
    turtle = client.get("/doc/state/nz.ttl")
    assert triples(answer.content, form.media_type) == triples(turtle.content, "text/turtle")


def test_nothing_acceptable_is_a_406(client):
    assert client.get("/doc/state/nz", headers={"Accept": "image/png"}).status_code == 406


def test_links_name_the_forms_and_what_belongs_to_the_document(client):
    found = links(client.get("/doc/state/nz"))

    assert found["canonical"] == [BASE + "doc/state/nz"]
    assert found["cite-as"] == [NZ]
    assert found["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert found["describedby"] == ["/.well-known/void"]
    assert {*found["alternate"]} >= {"/doc/state/nz.ttl", "/doc/state/nz.html", "/doc/state/nz.rdf"}
    for each in found["alternate"]:
        assert client.get(each).status_code == 200


def test_who_has_a_document_is_told_so(client):
    first = client.get("/doc/state/nz.ttl")
    again = client.get("/doc/state/nz.ttl", headers={"If-None-Match": first.headers["etag"]})
    other = client.get("/doc/state/nz.nt", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200


def test_head_says_the_same_without_the_body(client):
    for path in ("/doc/state/nz.html", "/ontology", "/graph/links/wikidata", "/id/state/nz"):
        head, get = client.head(path), client.get(path)
        assert head.status_code == get.status_code
        assert head.headers.get("etag") == get.headers.get("etag")
        assert head.headers.get("link") == get.headers.get("link")


def test_rdflib_reads_an_iri_unaided(serve_app):
    graph = rdflib.Graph()
    graph.parse(serve_app + "id/state/nz")

    assert (rdflib.URIRef(NZ), rdflib.RDF.type, rdflib.URIRef(BASE + "def/State")) in graph


@pytest.mark.parametrize(
    "path", ["/id/state/xx", "/doc/state/xx", "/doc/state/nz.ttl?page=9", "/doc/x.ttl", "/def/Nope"]
)
def test_what_is_unknown_is_a_404(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/id/state/n%20z",
        "/id/state/%22nz%22",
        "/doc/state/%3Cscript%3E",
        "/id/state%2Fnz",
        "/doc/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/doc/state/%FF",
        "/doc/" + "x" * 3000,
        "/graph/%5C",
        "/shape/%00",
        "/ontology/%7B",
        "/doc/state/nz?page=0",
        "/doc/state/nz?page=-1",
        "/doc/state/nz?page=9999999999999999999999",
        "/doc/state/nz?page=1&page=2",
        "/doc/state/nz?page=%C2%B2",
    ],
)
def test_what_is_no_address_is_a_400(client, path):
    answer = client.get(path)

    assert answer.status_code == 400
    assert json.loads(answer.content)["detail"]


def test_another_host_changes_nothing_of_what_is_said(client):
    ours = client.get("/doc/state/nz.html")
    theirs = client.get("/doc/state/nz.html", headers={"Host": "evil.example"})

    assert ours.content == theirs.content
    assert "evil" not in theirs.headers["link"]


def application_of(turtle, **settings):
    made = ox.Store()
    made.load(turtle, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(BASE + "graph/test"))
    return TestClient(
        create_app(Settings(**settings), store=InProcessStore(made)), follow_redirects=False
    )


PREFIXES = """
PREFIX def: <https://w3id.org/defgraph/def/>
PREFIX state: <https://w3id.org/defgraph/id/state/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def test_a_removed_thing_is_gone_and_says_what_replaces_it():
    turtle = PREFIXES + "state:su owl:deprecated true ; dcterms:isReplacedBy state:ru ."
    with application_of(turtle) as client:
        for path in ("/id/state/su", "/doc/state/su", "/doc/state/su.ttl"):
            answer = client.get(path)
            assert answer.status_code == 410
            assert answer.json()["replaced_by"] == [BASE + "id/state/ru"]


def test_a_removed_term_is_gone():
    turtle = PREFIXES + "def:Old owl:deprecated true ; dcterms:isReplacedBy def:New ."
    with application_of(turtle) as client:
        assert client.get("/def/Old").status_code == 410


def test_labels_are_text_and_links_are_links_on_the_page():
    turtle = (
        PREFIXES
        + f'state:nz a def:State ; rdfs:label "{SCRIPT}"@en ; def:x <javascript:alert(1)> ; '
        + 'def:y "\\u202Eevil" , <http://elsewhere.example/\'onload=alert(1)> .'
    )
    with application_of(turtle) as client:
        page = client.get("/doc/state/nz.html").text

    assert SCRIPT not in page
    assert 'href="javascript' not in page


def test_below_a_root_path_all_links_begin_with_it():
    turtle = PREFIXES + "state:nz a def:State ; def:near state:au . state:au a def:State ."
    with application_of(turtle, root_path="/graph") as client:
        client.base_url = "http://testserver"
        app_client = TestClient(client.app, root_path="/graph", follow_redirects=False)
        seen = app_client.get("/graph/id/state/nz")
        page = app_client.get("/graph/doc/state/nz.html")

    assert seen.headers["location"] == "/graph/doc/state/nz"
    assert 'href="/graph/doc/state/au"' in page.text


def test_a_page_tells_facts_with_their_evidence(client):
    page = client.get("/doc/agreement/jp-nz-acsa-2025.html").text

    assert "Japan-New Zealand Acquisition and Cross-Servicing Agreement" in page
    assert "is an acquisition and cross-servicing agreement." in page
    assert 'href="/doc/segment/2025-12-japan-new-zealand-S3"' in page
    assert "What points here" in page
    assert "How to cite" in page
    assert "follows from other statements" in page


def test_a_page_of_a_person_keeps_apart_what_is_only_claimed(client):
    page = client.get("/doc/concern/koizumi-military-provocations.html").text

    assert "concern" in page
    assert (
        'href="https://'
        not in page.split('id="take"')[0].split('rel="canonical"')[1].split(">", 1)[1]
    )


# The ontology, graphs, shapes


def test_a_term_is_seen_in_the_ontology(client):
    assert client.get("/def/hasParty").headers["location"] == "/ontology"
    assert client.get("/def/hasParty.nt").headers["location"] == "/ontology.nt"
    seen = client.get("/def/hasParty", headers={"Accept": BROWSER})
    assert seen.headers["location"] == "/ontology#hasParty"
    assert 'id="hasParty"' in client.get("/ontology.html").text


def test_every_class_and_property_stands_on_the_page(client):
    query = """SELECT DISTINCT ?term { ?term rdfs:isDefinedBy <https://w3id.org/defgraph/ontology>
      FILTER (STRSTARTS(STR(?term), "https://w3id.org/defgraph/def/")) }"""
    found = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    page = client.get("/ontology.html").text

    terms = found.text.split()[1:]
    assert len(terms) > 100
    for each in terms:
        assert f'id="{each.rpartition("/")[2]}"' in page


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("path", ["ontology", "ontology/1.0.0", "graph/links/geonames"])
def test_a_graph_is_the_same_in_all_formats(client, path, form):
    def graph(answer, media_type):
        dataset = ox.Dataset(
            ox.Quad(q.subject, q.predicate, q.object)
            for q in ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type))
        )
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return dataset

    answer = client.get(f"/{path}{form.extension}")

    turtle = client.get(f"/{path}.ttl")
    assert graph(answer, form.media_type) == graph(turtle, "text/turtle")


def test_a_version_that_is_not_held_is_a_404(client):
    assert client.get("/ontology/9.9.9").status_code == 404
    assert client.get("/ontology/context").status_code == 404


def test_an_unknown_graph_is_a_404(client):
    assert client.get("/graph/nope").status_code == 404
    assert client.get("/graph/nope.html").status_code == 404


def test_a_graph_has_a_page(client):
    page = client.get("/graph/inferred", headers={"Accept": BROWSER}).text

    assert "A named graph of" in page


def test_a_shape_is_a_document(client):
    answer = client.get("/shape/state-cow-code.ttl")

    assert "sh:targetClass def:State" in answer.text
    assert "Correlates of War number" in client.get("/shape/state-cow-code.html").text
    assert client.get("/shape/nope").status_code == 404
