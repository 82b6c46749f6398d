"""What the data say of themselves is said of them, on pages and to programs, and nothing else."""

import json

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from defgraph.dumps.archive import DUMPER
from defgraph.engine.profile import PLAIN, Profile
from defgraph.jsonld.answers import WRITERS
from defgraph.namespaces import DATASET, LICENSE, PREFIXES
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
LINE = "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX void: <http://rdfs.org/ns/void#> "
GARDEN = f"""{LINE}
<http://garden.example/all> a void:Dataset ; dcterms:title "Plants of a garden"@en ;
  dcterms:description "Every tree, shrub and herb that was seen in one garden in a whole year."@en ;
  dcterms:license <{CC0}> ; dcterms:creator <http://garden.example/me> .
<http://garden.example/oak> a <http://garden.example/Tree> .
"""
PLANTS = "<http://garden.example/oak> a <http://garden.example/Tree> ."
NOTES = f"{LINE} <http://garden.example/g> dcterms:title 'no dataset' ."
OF_OURS = ("Japan", "CC BY", "defence", "def:", "w3id.org", "creativecommons.org/licenses/by/4.0")
PATHS = (
    "/",
    "/dumps/",
    "/dumps/?format=turtle",
    "/.well-known/void",
    "/reconcile",
    "/sitemap.xml",
    "/robots.txt",
)


def plain(**graphs):
    """A server of a dataset of one's own: Turtle by the name of its graph."""
    made = ox.Store()
    for name, turtle in graphs.items():
        graph = ox.DefaultGraph() if name == "default" else ox.NamedNode(f"http://g.example/{name}")
        made.load(turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    profile = Profile(
        prefixes=PLAIN.prefixes,
        default_graph_is_union=False,
        inferred_graph=None,
        writers=WRITERS,
        dumper=DUMPER,
    )
    return TestClient(create_app(Settings(plain=True), store=InProcessStore(made, profile=profile)))


def licences_told(client):
    """The licences that DCAT has of the dataset."""
    told = ox.parse(client.get("/dumps/?format=ntriples").content, format=ox.RdfFormat.N_TRIPLES)
    whole = "http://testserver/.well-known/void#dataset"
    licence = PREFIXES["dcterms"] + "license"
    return {
        q.object.value for q in told if (q.subject.value, q.predicate.value) == (whole, licence)
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("graphs", [{}, {"default": GARDEN}, {"one": PLANTS, "two": NOTES}])
def test_of_data_of_ones_own_nothing_is_claimed_that_is_ours(path, graphs):
    with plain(**graphs) as client:
        answer = client.get(path, headers={"Accept": "text/html, */*;q=0.1"})

    assert answer.status_code == 200, answer.text
    assert [each for each in OF_OURS if each in answer.text] == []


def test_the_service_for_tables_is_called_as_the_data_are():
    with plain(default=GARDEN) as client:
        named = client.get("/reconcile").json()["name"]
    with plain(default=PLANTS) as client:
        nameless = client.get("/reconcile").json()["name"]

    assert (named, nameless) == ("Plants of a garden", "defgraph")


def test_the_first_page_shows_some_of_what_there_is():
    with plain(default=PLANTS, two=NOTES) as client:
        page = client.get("/").text

    assert "http://garden.example/oak" in page
    assert "no dataset" in page
    assert "2 solutions" in page


@pytest.mark.parametrize("graph", ["default", "plants"])
def test_a_thing_is_shown_from_whichever_graph(graph):
    with plain(**{graph: PLANTS}) as client:
        page = client.get("/", params={"thing": "http://garden.example/oak"}).text

    assert "1 solution<" in page or "1 solution\n" in page


@pytest.mark.parametrize("graph", ["default", "plants"])
def test_what_the_only_dataset_says_of_itself_is_said_of_the_whole(graph):
    with plain(**{graph: GARDEN}) as client:
        page = client.get("/").text
        told = licences_told(client)
        dumps = client.get("/dumps/", headers={"Accept": "text/html"}).text

    assert '<h1 id="what">Plants of a garden</h1>' in page
    assert f'<a href="{CC0}" rel="license noreferrer">CC0 1.0</a>' in page
    assert "<cite>Plants of a garden</cite>" in dumps
    assert told == {CC0}
    script = json.loads(
        page.partition('<script type="application/ld+json">')[2].split("</script>")[0]
    )
    assert script["@id"] == "http://garden.example/all"
    assert (script["name"], script["license"]) == ("Plants of a garden", CC0)


@pytest.mark.parametrize("other", [{"default": PLANTS}, {"other": PLANTS}])
def test_the_whole_has_no_licence_where_a_part_of_it_says_none(other):
    with plain(plants=GARDEN, **other) as client:
        page = client.get("/").text
        told = licences_told(client)

    assert 'rel="license' not in page
    assert told == set()


def test_a_list_of_others_datasets_says_nothing_of_the_one_that_is_served():
    catalogue = f"""{LINE}
      <http://a.example/> a void:Dataset ; dcterms:title "A" ; dcterms:license <{CC0}> .
      <http://b.example/> a void:Dataset ; dcterms:title "B" ; dcterms:license <{CC0}> ."""
    with plain(default=catalogue) as client:
        page = client.get("/").text

    assert 'rel="license' not in page
    assert "A graph to ask" in page


def test_a_document_has_the_licence_of_the_graphs_that_it_is_from(client_of):
    licensed = f"graph:free dcterms:license <{CC0}> ; a <{PREFIXES['dcat']}Dataset> . "
    states = 'state:nz a def:State ; rdfs:label "New Zealand"@en .'
    more = 'state:nz rdfs:comment "more" .'
    with (
        client_of(free=licensed + states) as free,
        client_of(free=licensed + states, other=more) as mixed,
    ):
        for path in ("/doc/state/nz", "/doc/state/nz.html"):
            assert f'<{CC0}>; rel="license"' in free.get(path).headers["Link"]
            assert 'rel="license"' not in mixed.get(path).headers["Link"]
        assert CC0 in free.get("/doc/state/nz.nt").text
        assert "license" not in mixed.get("/doc/state/nz.nt").text
        assert "CC0 1.0" in free.get("/graph/free.html").text
        assert 'rel="license' not in mixed.get("/graph/other.html").text


def test_the_shipped_dataset_says_what_it_is(shipped_client):
    page = shipped_client.get("/")
    void = shipped_client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text

    assert f'<a href="{LICENSE}" rel="license noreferrer">CC BY 4.0</a>' in page.text
    assert f"<{DATASET}> <{PREFIXES['dcterms']}license> <{LICENSE}> ." in void
    assert f"<{DATASET}> <{PREFIXES['dcterms']}title> " in void
