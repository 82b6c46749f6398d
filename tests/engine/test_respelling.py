"""Spellings that are SPARQL and that the engine's parser does not take are answered."""

import pyoxigraph as ox
import pytest

from defgraph.engine.evaluation import evaluate
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.respelling import respelt
from defgraph.engine.tasks import Task
from defgraph.engine.writes import changes_of
from defgraph.errors import QuerySyntaxError


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(TRUE) }",
        "ASK { FILTER(True && !FALSE) }",
        "ASK { VALUES ?x { TRUE } FILTER(?x = true) }",
        "ASK { FILTER(CONCAT ('a', 'b') = 'ab') }",
        "ASK { FILTER(CONCAT# 'a'\n# (\n('a', 'b') = 'ab') }",
        'ASK { FILTER(COALESCE\n  (?x, 1) = 1 && isBLANK(BNODE ("a"))) }',
    ],
)
def test_a_spelling_that_the_standard_has_is_answered(query):
    assert bool(evaluate(ox.Store(), query))


def test_an_update_may_have_it_too():
    update = Task("update", b"INSERT DATA { <urn:a> <urn:b> TRUE }")

    changes = changes_of(update, ox.Store(), Profile(), Limits())

    assert [line for line in changes.added if b'"true"' in line]


@pytest.mark.parametrize("text", ["ASK { FILTER(TRUE }", "ASK { ?s ?p 'TRUE' }", "ASK {} # TRUE"])
def test_what_is_no_such_spelling_stays(text):
    assert respelt(text) == text


def test_a_mistake_beside_one_is_told_where_it_stands():
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(ox.Store(), "ASK { FILTER(CONCAT ('a') = 'a' && nix:f(1)) }")

    assert (caught.value.line, caught.value.column) == (1, 36)
