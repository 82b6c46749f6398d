"""What is a list, and what only looks like one: reading back must give the same dataset."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from defgraph.jsonld.expansion import expanded, value_of
from defgraph.namespaces import XSD, sparql_prologue


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse((sparql_prologue() + text).encode(), format=ox.RdfFormat.TRIG))


def canonical(some) -> set[str]:
    dataset = ox.Dataset(some)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("state:a owl:members ( 1 2 3 ) .", 1),
        ("state:a owl:members ( 1 ( 2 ) ) .", 2),
        ("state:a a ( 1 ) .", 1),
        ("state:a owl:members () .", 0),
        ("state:a owl:members _:l . _:l rdf:first 1 ; rdf:rest () ; a rdf:List .", 0),
        ("state:a owl:members _:l . _:l rdf:first 1 , 2 ; rdf:rest () .", 0),
        ("state:a owl:members _:l . state:b owl:members _:l . _:l rdf:first 1 ; rdf:rest () .", 0),
        ("state:a owl:members state:l . state:l rdf:first 1 ; rdf:rest () .", 0),
        ("state:a owl:members _:l . _:l rdf:rest () .", 0),
        ("state:a owl:members _:l . _:l rdf:first 1 ; rdf:rest _:l .", 0),
        ("_:a rdf:first _:b ; rdf:rest () . _:b rdf:first _:a ; rdf:rest () .", 0),
        ("state:a owl:members _:l . GRAPH graph:g { _:l rdf:first 1 ; rdf:rest () }", 0),
        ("GRAPH _:l { state:a owl:members _:l . _:l rdf:first 1 ; rdf:rest () }", 0),
    ],
)
def test_only_a_well_formed_list_is_a_list(text, lists):
    given = quads(text)

    document = json.dumps(expanded(given))

    assert document.count('"@list"') == lists
    assert canonical(ox.parse(document, format=ox.RdfFormat.JSON_LD)) == canonical(given)


@pytest.mark.parametrize(
    ("lexical", "datatype", "value"),
    [
        ("10", "integer", {"@value": 10}),
        ("-1", "integer", {"@value": -1}),
        ("010", "integer", {"@value": "010", "@type": XSD + "integer"}),
        ("9007199254740993", "integer", {"@value": "9007199254740993", "@type": XSD + "integer"}),
        ("true", "boolean", {"@value": True}),
        ("1", "boolean", {"@value": "1", "@type": XSD + "boolean"}),
        ("2.5", "decimal", {"@value": "2.5", "@type": XSD + "decimal"}),
        ("x", "string", {"@value": "x"}),
    ],
)
def test_native_values_are_those_that_keep_their_lexical_form(lexical, datatype, value):
    literal = ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype))

    assert value_of(literal, native=True) == value


def test_numbers_are_text_unless_asked_for():
    literal = ox.Literal("10", datatype=ox.NamedNode(XSD + "integer"))

    assert value_of(literal) == {"@value": "10", "@type": XSD + "integer"}
