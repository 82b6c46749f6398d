"""Links of sameness are found from either side, in any graph, by how sure they are."""

import asyncio

import pyoxigraph as ox
import pytest

from defgraph.documents.sameness import links_of, spellings, things_of
from defgraph.namespaces import GRAPH, ID, OWL, PREFIXES, SKOS
from defgraph.store.in_process import InProcessStore

PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def asked(function, iri, **graphs):
    dataset = ox.Store()
    for name, turtle in graphs.items():
        graph = ox.NamedNode(GRAPH + name)
        dataset.load(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE, to_graph=graph)
    return asyncio.run(function(InProcessStore(dataset), iri))


@pytest.mark.parametrize(
    "turtle",
    [
        "state:nz skos:exactMatch <http://a.example/1> .",
        "state:nz owl:sameAs <http://a.example/1> .",
        "state:nz schema:sameAs <http://a.example/1> .",
        "<http://a.example/1> owl:sameAs state:nz .",
    ],
)
def test_a_link_is_found_in_any_graph_from_either_side(turtle):
    assert asked(things_of, "http://a.example/1", links=turtle) == (ID + "state/nz",)


@pytest.mark.parametrize(
    "turtle",
    [
        "state:nz skos:closeMatch <http://a.example/1> .",
        "state:nz rdfs:seeAlso <http://a.example/1> .",
        'state:nz skos:exactMatch "http://a.example/1" .',
        "<http://b.example/1> skos:exactMatch <http://a.example/1> .",
        """state:nz skos:exactMatch <http://b.example/1> .
        <http://b.example/1> skos:exactMatch <http://a.example/1> .""",
    ],
)
def test_what_is_only_near_is_not_found(turtle):
    assert asked(things_of, "http://a.example/1", links=turtle) == ()


def test_the_surest_goes_first_and_then_the_order_of_iris():
    found = asked(
        things_of,
        "http://a.example/1",
        one="state:a skos:exactMatch <http://a.example/1> . state:c owl:sameAs <http://a.example/1> .",
        two="state:b skos:exactMatch <http://a.example/1> ; owl:sameAs <http://a.example/1> .",
    )

    assert found == (ID + "state/b", ID + "state/c", ID + "state/a")


def test_links_say_by_what_and_in_which_graphs_without_the_inferred():
    turtle = "state:nz skos:exactMatch <http://a.example/1> ; owl:sameAs state:aotearoa ."
    links = asked(links_of, ID + "state/nz", one=turtle, two=turtle, inferred=turtle)

    assert [(each.property, each.thing, each.graphs) for each in links] == [
        (OWL + "sameAs", ID + "state/aotearoa", (GRAPH + "one", GRAPH + "two")),
        (SKOS + "exactMatch", "http://a.example/1", (GRAPH + "one", GRAPH + "two")),
    ]


@pytest.mark.parametrize(
    ("given", "linked"),
    [
        ("https://www.wikidata.org/entity/Q664", "http://www.wikidata.org/entity/Q664"),
        ("https://www.wikidata.org/wiki/Q664", "http://www.wikidata.org/entity/Q664"),
        ("http://sws.geonames.org/2186224", "https://sws.geonames.org/2186224/"),
        ("https://a.example/x/", "https://a.example/x"),
    ],
)
def test_other_spellings_are_tried(given, linked):
    turtle = f"state:nz skos:exactMatch <{linked}> ."

    assert asked(things_of, given, links=turtle) == (ID + "state/nz",)
    assert spellings(given)[0] == given


def test_an_iri_as_it_is_given_goes_before_its_other_spellings():
    turtle = (
        "state:a skos:exactMatch <http://a.example/1> . state:b owl:sameAs <https://a.example/1> ."
    )

    assert asked(things_of, "http://a.example/1", links=turtle) == (ID + "state/a",)


def test_what_is_no_iri_is_linked_to_nothing():
    assert asked(things_of, "http://a.example/> } SELECT", links="") == ()
    assert asked(links_of, "", links="") == ()


def test_a_urn_has_one_spelling():
    assert spellings("urn:isbn:1") == ("urn:isbn:1",)
