"""Aggregates that stand where they may are left alone, whatever stands around them."""

import pyoxigraph as ox
import pytest

from defgraph.engine.evaluation import evaluate
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.engine.writes import changes_of

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


def test_an_update_may_compute_in_a_query_within():
    text = (
        "INSERT { <urn:c> <urn:n> ?n } WHERE { { SELECT (COUNT(?y) AS ?n) (MAX(?y) AS ?m) "
        "{ ?x <urn:p> ?y FILTER(?y > 0) } } }"
    )

    changes = changes_of(Task("update", text.encode()), _copy_of(DATA), Profile(), Limits())

    assert [line.split()[2] for line in changes.added] == [
        b'"3"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def _copy_of(store):
    copy = ox.Store()
    copy.extend(store)
    return copy
