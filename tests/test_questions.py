from __future__ import annotations

import pyoxigraph as ox
import pytest

from defgraph import loading
from defgraph.engine.evaluation import evaluate
from defgraph.errors import UnknownQuestionError
from defgraph.namespaces import expand, sparql_prologue
from defgraph.questions import question, questions

SAMPLE = """
graph:questions sh:declare prefix:def , prefix:state .
prefix:def sh:prefix "def" ; sh:namespace "https://w3id.org/defgraph/def/"^^xsd:anyURI .
prefix:state sh:prefix "state" ; sh:namespace "https://w3id.org/defgraph/id/state/"^^xsd:anyURI .
question:V10 a sh:SPARQLSelectExecutable ; dcterms:identifier "V10" ; rdfs:label "States"@en ;
  rdfs:comment "Which states are there?"@en , "国家は何か。"@ja ; sh:prefixes graph:questions ;
  sh:select "SELECT ?s { ?s a def:State }" .
question:V2 a sh:SPARQLAskExecutable ; dcterms:identifier "V2" ; rdfs:label "Any"@en ;
  sh:ask "ASK { ?s ?p ?o }" .
"""


@pytest.fixture
def store():
    store = ox.Store()
    graph = ox.NamedNode(expand("graph:questions"))
    for quad in ox.parse((sparql_prologue() + SAMPLE).encode(), format=ox.RdfFormat.TURTLE):
        store.add(ox.Quad(*quad.triple, graph))
    return store


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return loading.load(cache_dir=tmp_path_factory.mktemp("cache"))


def test_questions_come_in_the_order_of_their_numbers(store):
    assert [each.identifier for each in questions(store)] == ["V2", "V10"]


def test_a_question_is_in_english(store):
    assert question(store, "V10").text == "Which states are there?"


def test_a_question_without_a_comment_is_its_label(store):
    assert question(store, "V2").text == "Any"


def test_a_query_declares_the_prefixes_that_it_uses_and_no_others(store):
    assert question(store, "V10").sparql == (
        "PREFIX def: <https://w3id.org/defgraph/def/>\nSELECT ?s { ?s a def:State }\n"
    )


def test_case_does_not_matter(store):
    assert question(store, "v10") == question(store, "V10")


def test_an_unknown_question_is_told_with_those_there_are(store):
    with pytest.raises(UnknownQuestionError, match="V10"):
        question(store, "V11")


def test_a_dataset_without_questions_has_none():
    assert questions(ox.Store()) == ()


def test_every_shipped_question_can_be_asked_anywhere(shipped):
    found = questions(shipped)

    assert len(found) >= 29
    for each in found:
        evaluate(shipped, each.sparql, prefixes={})  # its own declarations are enough
