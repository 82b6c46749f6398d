"""Whoever has one IRI of a thing gets the others, and who says that they are the same."""

import pyoxigraph as ox
import pytest

from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import GRAPH, ID, SKOS
from defgraph.web.dereferencing.sameas import FORMS

NZ = "http://www.wikidata.org/entity/Q664"
GEONAMES = "https://sws.geonames.org/2186224/"
LINKS = f"""
state:nz skos:exactMatch <{NZ}> , <{GEONAMES}> . state:jp rdfs:label "Japan"@en .
state:a skos:exactMatch <http://a.example/1> . <http://a.example/1> <http://www.w3.org/2002/07/owl#sameAs> state:b .
"""


@pytest.fixture(scope="module")
def server(client_of):
    with client_of(links=LINKS) as running:
        yield running


@pytest.mark.parametrize(
    "iri",
    [NZ, GEONAMES, ID + "state/nz", "https://www.wikidata.org/wiki/Q664", "state:nz", "wd:Q664"],
)
def test_every_iri_of_a_thing_leads_to_all(server, iri):
    answer = server.get("/sameas", params={"iri": iri})

    (thing,) = answer.json()["things"]
    assert thing["iri"] == ID + "state/nz"
    assert {each["iri"] for each in thing["equivalents"]} == {NZ, GEONAMES}
    assert {each["property"] for each in thing["equivalents"]} == {SKOS + "exactMatch"}
    assert all(each["graphs"] == [GRAPH + "links"] for each in thing["equivalents"])


def test_two_things_that_are_linked_to_one_iri_are_told_apart(server):
    told = server.get("/sameas", params={"iri": "http://a.example/1"}).json()["things"]

    assert {each["iri"] for each in told} == {ID + "state/a", ID + "state/b"}


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_every_format_of_rdf_says_the_same_links(server, form):
    answer = server.get("/sameas", params={"iri": NZ}, headers={"Accept": form.media_type})

    quads = ox.parse(answer.content, ox.RdfFormat.from_media_type(form.media_type))
    assert answer.headers["content-type"] == form.content_type
    assert {quad.object.value for quad in quads} == {NZ, GEONAMES}
    for name in (form.name, form.media_type):
        named = server.get("/sameas", params={"iri": NZ, "format": name})
        assert named.headers["content-type"] == form.content_type
        assert named.content == answer.content


def test_who_has_the_links_already_gets_none(server):
    tags = set()
    for form in FORMS:
        asked = {"iri": NZ, "format": form.name}
        first = server.get("/sameas", params=asked)
        again = server.get(
            "/sameas", params=asked, headers={"If-None-Match": first.headers["etag"]}
        )
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["vary"] == "Accept"
        tags.add(first.headers["etag"])

    assert len(tags) == len(FORMS)


def test_a_format_that_there_is_not_is_told_with_those_that_there_are(server):
    answer = server.get("/sameas", params={"iri": NZ, "format": "xx"})

    assert answer.status_code == 400
    assert set(answer.json()["known"]) == {each.name for each in FORMS}


def test_a_thing_without_links_has_none(server):
    answer = server.get("/sameas", params={"iri": ID + "state/jp"})

    assert answer.json()["things"] == [{"iri": ID + "state/jp", "equivalents": []}]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?iri=", 400),
        ("?iri=no%20iri", 400),
        ("?iri=state:zz", 404),
        ("?iri=state:", 404),
        ("?iri=state:..%2F..%2Fetc%2Fpasswd", 404),
        ("?iri=state:nz%00", 400),
        ("?iri=%22", 400),
        ("?iri=http://evil.example/id/state/nz", 404),
        ("?iri=%FF", 400),
        ("?iri=http://a.example/" + "x" * 10_240, 400),
        (f"?iri={NZ}&format=", 400),
        (f"?iri={NZ}&format=ttl&format=nt", 400),
        ("?iri=a:b&iri=a:c", 400),
        ("?iri=http://nobody.example/%3E%20%7D", 400),
        ("?iri=http://nobody.example/..%2F..%2F", 404),
        (f"?iri={ID}state/zz", 404),
        ("?iri=urn:" + "x" * 5000, 400),
    ],
)
def test_what_names_nothing_is_a_problem(server, query, status):
    answer = server.get("/sameas" + query)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_format_that_is_not_offered_is_not_acceptable(server):
    answer = server.get("/sameas", params={"iri": NZ}, headers={"Accept": "image/png"})

    assert answer.status_code == 406
