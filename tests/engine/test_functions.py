"""A function that nobody knows is an error where it is called, and only there."""

import pyoxigraph as ox
import pytest

from defgraph.engine.evaluation import evaluate


def rows(text):
    return [[term and term.value for term in each] for each in evaluate(ox.Store(), text)]


def test_a_call_of_an_unknown_function_has_no_value():
    text = "SELECT ?y (<urn:f>(?y) AS ?x) (COALESCE(<urn:g>(), 'none') AS ?z) { BIND(1 AS ?y) }"

    assert rows(text) == [["1", None, "none"]]


def test_a_filter_by_an_unknown_function_lets_nothing_pass():
    assert rows("SELECT * { BIND(1 AS ?y) FILTER(<urn:f>(?y)) }") == []
    assert rows("SELECT * { BIND(1 AS ?y) FILTER(<urn:f>(?y) || true) }") == [["1"]]


def test_known_functions_are_what_they_were():
    cast = "<http://www.w3.org/2001/XMLSchema#integer>('7')"

    assert rows(f"SELECT ({cast} AS ?x) {{}}") == [["7"]]


def test_every_other_error_is_told():
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c")))

    with pytest.raises(Exception, match="not SPARQL"):
        evaluate(store, "SELECT (<urn:f>(DISTINCT) AS ?x) {}")
