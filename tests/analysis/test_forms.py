"""The network, the map and the tables: read by those who read them, and true to the dataset."""

import csv
import io
import json

import networkx as nx
import pyoxigraph as ox
import pytest

import defgraph
from defgraph.analysis import network, tables
from defgraph.api import Defgraph
from defgraph.namespaces import DEF
from defgraph.results import Solutions

EX = "http://example.com/"


@pytest.fixture(scope="module")
def graph():
    return defgraph.open()


@pytest.fixture(scope="module")
def three():
    """An agreement of three parties, and things of a kind with values of all kinds."""
    dataset = ox.Store()
    dataset.update(
        f"""PREFIX def: <{DEF}> PREFIX : <{EX}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        INSERT DATA {{ GRAPH :g {{
          :x a def:Agreement ; def:hasParty :a , :b , :c ; rdfs:label "X & <Y>\\u0001"@en .
          :a a def:State ; rdfs:label "A, \\"a\\"\\nline"@en , "あ"@ja ; def:isoAlpha2 "=1" , "-2" ;
            def:hasCapital :city , [] ; def:partyTo :x .
          :city rdfs:label "City"@en .
        }} }}"""
    )
    return Defgraph(dataset)


def test_the_network_has_the_parties_and_an_edge_for_each_two_in_an_agreement(graph):
    read = nx.read_graphml(io.BytesIO(graph.graphml()), force_multigraph=True)

    asked = graph.query("SELECT DISTINCT ?party { ?agreement def:hasParty ?party }")
    assert set(read.nodes) == set(asked.column("party"))
    pairs = graph.query(
        "SELECT ?agreement ?a ?b { ?agreement def:hasParty ?a, ?b FILTER(STR(?a) < STR(?b)) }"
    )
    edges = {(each["agreement"], frozenset(ends)) for *ends, each in read.edges(data=True)}
    assert edges == {(each["agreement"], frozenset((each["a"], each["b"]))) for each in pairs}
    assert len(edges) == read.number_of_edges()
    acsa = "https://w3id.org/defgraph/id/agreement/jp-nz-acsa-2025"
    (edge,) = (each for *_, each in read.edges(data=True) if each["agreement"] == acsa)
    assert edge["signed"] == "2025-12"
    assert edge["type"].casefold() == "acquisition and cross-servicing agreement"
    assert not read.is_directed()


def test_more_parties_are_joined_two_by_two_and_no_character_breaks_the_file(three):
    read = nx.read_graphml(io.BytesIO(three.graphml()), force_multigraph=True)

    assert {frozenset(ends) for *ends, _ in read.edges} == {
        frozenset((EX + first, EX + second)) for first, second in ("ab", "ac", "bc")
    }
    assert {each["label"] for *_, each in read.edges(data=True)} == {"X & <Y>\ufffd"}


def test_a_dataset_without_agreements_is_an_empty_network():
    nothing = Solutions((), ())

    assert nx.read_graphml(io.BytesIO(network.graphml(nothing, nothing))).order() == 0


def test_each_state_is_a_feature_where_its_capital_is(graph):
    read = json.loads(graph.geojson())

    states = graph.query("SELECT ?state { ?state a def:State }").column("state")
    assert sorted(each["id"] for each in read["features"]) == sorted(states)
    features = {each["properties"]["alpha2"]: each for each in read["features"]}
    assert features["NZ"]["geometry"] == {"type": "Point", "coordinates": [174.77557, -41.28664]}
    assert features["NZ"]["properties"]["label_ja"] == "ニュージーランド"
    assert features["JP"]["properties"]["agreements"] == 7
    assert features["VA"]["geometry"] is None
    for each in read["features"]:
        if each["geometry"] is not None:
            longitude, latitude = each["geometry"]["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_each_class_has_a_table_of_its_things(graph):
    made = graph.tables()

    counted = graph.query(
        f"""SELECT ?class (COUNT(DISTINCT ?thing) AS ?n)
        {{ ?thing a ?class FILTER(ISIRI(?thing) && STRSTARTS(STR(?class), "{DEF}")) }}
        GROUP BY ?class"""
    )
    assert {name: len(rows(content)) for name, content in made.items()} == {
        each["class"].removeprefix(DEF): each["n"] for each in counted
    }
    states = {each["isoAlpha2"]: each for each in rows(made["State"])}
    assert states["NZ"]["rdfs:label@en"] == "New Zealand"
    assert states["NZ"]["hasCapital label"] == "Wellington"
    assert next(csv.reader(io.StringIO(made["State"].decode())))[:2] == ["iri", "rdfs:label@en"]


def test_cells_hold_every_value_unchanged_and_names_beside_things(three):
    (state,) = rows(three.tables()["State"])

    assert state == {
        "iri": f"{EX}a",
        "rdfs:label@en": 'A, "a"\nline',
        "rdfs:label@ja": "あ",
        "hasCapital": f"{EX}city",
        "hasCapital label": "City",
        "isoAlpha2": "-2 | =1",
        "partyTo": f"{EX}x",
        "partyTo label": "X & <Y>\x01",
    }


def test_the_same_dataset_gives_the_same_bytes(graph):
    again = Defgraph(ox.Store())
    again.dataset.extend(sorted(graph.dataset, key=str, reverse=True))

    assert again.graphml() == graph.graphml()
    assert again.geojson() == graph.geojson()
    assert again.tables() == graph.tables()


def test_things_of_other_vocabularies_have_no_table(graph):
    names = tables.names(graph.query("SELECT ?class { ?thing a ?class }"))

    assert "State" in names
    assert all("/" not in name and ":" not in name for name in names)


def test_a_notebook_shows_a_graph_as_turtle_and_not_all_of_a_long_one(graph):
    small = graph.query("CONSTRUCT { state:nz rdfs:label '<b>' } WHERE {}")
    large = graph.query("CONSTRUCT WHERE { ?s ?p ?o }")

    assert "state:nz" in small._repr_html_()
    assert "&lt;b&gt;" in small._repr_html_()
    assert len(large._repr_html_()) < 60_000
    assert "and more" in large._repr_html_()
    assert "named graphs" in graph._repr_html_()
