"""The states of the world are what the tables say, and every identifier has its form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import defgraph

TABLES = Path(__file__).resolve().parents[3] / "shared" / "tables"


@pytest.fixture(scope="module")
def g():
    return defgraph.open()


def test_the_shipped_files_are_what_the_tables_give():
    pytest.importorskip("babel", reason="names come from CLDR: install defgraph[reference]")
    if not TABLES.is_dir():
        pytest.skip(f"the tables are not in {TABLES}")
    from defgraph.reference.graphs import files
    from defgraph.reference.tables import states

    made = files(states(TABLES / "country-codes.csv", TABLES / "cow-states.csv"))

    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, f"write {path.name} anew"


def test_there_is_one_state_for_each_member_and_observer_and_those_the_decision_names(g):
    assert len(list(g.query("SELECT ?state { ?state a def:State }"))) == 193 + 2 + 2 + 2


@pytest.mark.parametrize(
    ("state", "identifier"),
    [
        ("nl", "Q29999"),  # and not Q55, the country
        ("dk", "Q756617"),  # and not Q35
        ("va", "Q159583"),  # and not Q237, the territory
        ("cg", "Q971"),
        ("cd", "Q974"),
        ("ne", "Q1032"),
        ("ng", "Q1033"),
        ("kp", "Q423"),
        ("kr", "Q884"),
        ("ge", "Q230"),
        ("na", "Q1030"),
        ("ps", "Q219060"),
        ("xk", "Q1246"),
    ],
)
def test_a_state_is_linked_to_the_treaty_party(g, state, identifier):
    linked = g.query(
        f"""SELECT ?entity {{ state:{state} skos:exactMatch ?entity
              FILTER (STRSTARTS(STR(?entity), STR(wd:))) }}"""
    )

    assert [row["entity"] for row in linked] == [f"http://www.wikidata.org/entity/{identifier}"]


def test_no_two_states_share_a_name_by_which_they_are_shown(g):
    shared = g.query(
        """SELECT ?name { ?one a def:State ; rdfs:label|skos:altLabel ?name .
             ?other a def:State ; rdfs:label|skos:altLabel ?name FILTER (?one != ?other) }"""
    )

    assert list(shared) == []


def test_a_capital_lies_in_its_state(g):
    elsewhere = g.query(
        """SELECT ?state { ?state def:hasCapital ?city
             FILTER NOT EXISTS { ?city def:locatedIn ?state ; def:latitude ?n ; def:longitude ?e } }"""
    )

    assert list(elsewhere) == []


def test_every_slug_of_a_capital_is_plain(g):
    for row in g.query("SELECT ?city { ?state def:hasCapital ?city }"):
        assert re.fullmatch(r"https://w3id\.org/defgraph/id/place/[a-z]+(-[a-z]+)*", row["city"])
