from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib

from defgraph.namespaces import XSD
from defgraph.terms import from_rdflib, to_rdflib, triple_to_rdflib

TERMS = [
    ox.NamedNode("https://w3id.org/defgraph/id/state/nz"),
    ox.BlankNode("b0"),
    ox.Literal("text"),
    ox.Literal("日本", language="ja"),
    ox.Literal("2025-12", datatype=ox.NamedNode(XSD + "gYearMonth")),
    ox.Literal("007", datatype=ox.NamedNode(XSD + "integer")),
    ox.Literal("2.20", datatype=ox.NamedNode(XSD + "decimal")),
    ox.Literal("2025-12-19T02:40:00+00:00", datatype=ox.NamedNode(XSD + "dateTime")),
]


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_comes_back_as_it_was(term):
    assert from_rdflib(to_rdflib(term)) == term


def test_lexical_forms_are_untouched():
    assert str(to_rdflib(ox.Literal("007", datatype=ox.NamedNode(XSD + "integer")))) == "007"


def test_a_plain_literal_is_plain_in_rdflib():
    assert to_rdflib(ox.Literal("text")) == rdflib.Literal("text")


def test_a_triple_is_three_terms():
    node = ox.NamedNode("urn:e:x")

    assert triple_to_rdflib(ox.Triple(node, node, ox.Literal("x"))) == (
        rdflib.URIRef("urn:e:x"),
        rdflib.URIRef("urn:e:x"),
        rdflib.Literal("x"),
    )


def test_triple_terms_are_refused():
    node = ox.NamedNode("urn:e:x")

    with pytest.raises(TypeError, match="triple"):
        to_rdflib(ox.Triple(node, node, node))


def test_what_is_no_term_is_refused():
    with pytest.raises(TypeError, match="no term of RDF"):
        from_rdflib(rdflib.Variable("x"))
