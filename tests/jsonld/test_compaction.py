from __future__ import annotations

import json
import socket

import pyoxigraph as ox
import pytest

from defgraph.errors import InexpressibleError
from defgraph.jsonld import compacted
from defgraph.namespaces import DEF, PREFIXES, sparql_prologue


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse((sparql_prologue() + text).encode(), format=ox.RdfFormat.TRIG))


def only_node(text: str) -> dict:
    (node,) = compacted(quads(text))["@graph"]
    return node


def test_terms_and_prefixed_names_stand_for_iris():
    node = only_node("agreement:a a def:Agreement ; def:hasParty state:jp , state:nz .")

    assert node == {"id": "agreement:a", "type": "Agreement", "hasParty": ["state:jp", "state:nz"]}


def test_labels_are_a_map_by_language():
    node = only_node('state:jp rdfs:label "Japan"@en , "日本"@ja .')

    assert node["label"] == {"en": "Japan", "ja": "日本"}


def test_a_date_is_named_by_its_precision():
    node = only_node('signing:s def:date "2025-12"^^xsd:gYearMonth .')

    assert node["dateMonth"] == "2025-12"


def test_a_property_in_the_place_of_a_value_is_a_term():
    assert only_node("claim:c def:aboutProperty def:hasParty .")["aboutProperty"] == "hasParty"


def test_an_exact_lexical_form_is_kept():
    node = only_node("agreement:a def:statedOrdinal 010 .")

    assert node["statedOrdinal"] == {"type": "xsd:integer", "@value": "010"}


def test_a_list_is_an_array():
    assert only_node("<urn:e:s> owl:members ( state:jp state:nz ) .") == {
        "id": "urn:e:s",
        "owl:members": {"@list": [{"id": "state:jp"}, {"id": "state:nz"}]},
    }


def test_a_named_graph_holds_its_nodes():
    (graph,) = compacted(quads("GRAPH graph:a { state:jp a def:State }"))["@graph"]

    assert graph["id"] == "graph:a"
    assert graph["@graph"] == [{"id": "state:jp", "type": "State"}]


def test_triples_are_taken_as_one_graph():
    triple = ox.Triple(ox.NamedNode("urn:e:s"), ox.NamedNode(DEF + "name"), ox.Literal("x"))

    assert compacted([triple])["@graph"] == [{"id": "urn:e:s", "name": "x"}]


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "socket", refuse)
    document = compacted(quads("state:jp a def:State ."))

    assert json.dumps(document).count('"@context"') == 1
    assert document["@context"]["State"] == "def:State"


def test_an_iri_that_looks_like_a_prefixed_name_is_told():
    with pytest.raises(InexpressibleError, match="state:nz"):
        compacted(quads("<state:nz> a def:State ."))


def test_a_triple_term_is_told():
    inner = ox.Triple(*(ox.NamedNode(f"urn:e:{name}") for name in "spo"))
    quad = ox.Quad(ox.NamedNode("urn:e:s"), ox.NamedNode(PREFIXES["rdf"] + "reifies"), inner)

    with pytest.raises(InexpressibleError, match="triple"):
        compacted([quad])
