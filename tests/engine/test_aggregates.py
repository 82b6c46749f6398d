"""Aggregates that stand where they may are left alone, whatever stands around them."""

import pyoxigraph as ox
import pytest

from defgraph.engine.evaluation import evaluate

DATA = ox.Store()
DATA.update("INSERT DATA { <urn:a> <urn:p> 1, 2 . <urn:b> <urn:p> 3 }")


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("SELECT (SUM(?y) - COUNT(?y) AS ?n) { ?x <urn:p> ?y FILTER(?y > 0) }", ["3"]),
        ("SELECT (COUNT(?y) AS ?n) { ?x <urn:p> ?y } GROUP BY ?x HAVING(COUNT(?y) > 1)", ["2"]),
        (
            """SELECT (MAX(?c) AS ?n)
               { { SELECT (COUNT(?y) AS ?c) { ?x <urn:p> ?y } GROUP BY ?x } FILTER(?c > 0) }""",
            ["2"],
        ),
        (
            """SELECT (COUNT(?y) AS ?n)
               { ?x <urn:p> ?y FILTER(EXISTS { SELECT (COUNT(?z) AS ?c) { ?x <urn:p> ?z } }) }""",
            ["3"],
        ),
        ("SELECT (COUNT(?y) AS ?n) { ?x <urn:p> ?y FILTER(STR(?y) != 'COUNT(1)') }", ["3"]),
    ],
)
def test_an_aggregate_in_its_place_is_computed(query, values):
    assert [solution["n"].value for solution in evaluate(DATA, query)] == values
