"""The shipped questions: right answers, from the support that the article gives them."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from rdflib.plugins.sparql import prepareQuery

from defgraph.namespaces import PREFIXES, QUESTIONS_GRAPH, expand

ANSWERS = yaml.safe_load(Path(__file__).with_name("answers.yaml").read_text(encoding="utf-8"))
ARTICLE_GRAPH = "<https://w3id.org/defgraph/graph/articles/2025-12-japan-new-zealand>"
UNRELATED = {"V06": ["S5", "B1"], "V12": ["S13"], "V23": ["S2", "N1"]}

each_question = pytest.mark.parametrize("identifier", ANSWERS)


@pytest.fixture(scope="module")
def values(dataset):
    """The values of a property of a question, in the graph of the questions."""
    graph = ox.NamedNode(QUESTIONS_GRAPH)

    def values(identifier: str, name: str) -> list[ox.NamedNode | ox.Literal]:
        question = ox.NamedNode(expand(f"question:{identifier}"))
        quads = dataset.quads_for_pattern(question, ox.NamedNode(expand(name)), None, graph)
        return [quad.object for quad in quads]

    return values


@pytest.fixture(scope="module")
def query(values):
    """The text of a question's query."""

    def query(identifier: str) -> str:
        (text,) = values(identifier, "sh:select") + values(identifier, "sh:ask")
        return text.value

    return query


@pytest.fixture(scope="module")
def declared(dataset) -> dict[str, str]:
    """The prefixes that the graph of the questions declares for all of them."""
    found = dataset.query(
        "SELECT ?prefix ?namespace WHERE { GRAPH graph:questions {"
        " graph:questions sh:declare [ sh:prefix ?prefix ; sh:namespace ?namespace ] } }",
        prefixes=dict(PREFIXES),
    )
    return {prefix.value: namespace.value for prefix, namespace in found}


@each_question
def test_answer_is_as_expected(identifier, query, dataset, ask, expected):
    answer = ask(dataset, query(identifier))

    assert answer == expected(ANSWERS[identifier]["solutions"])


@each_question
def test_answer_changes_without_its_support(identifier, query, without, ask, expected):
    answer = ask(without(ANSWERS[identifier]["support"]), query(identifier))

    assert answer != expected(ANSWERS[identifier]["solutions"])


@pytest.mark.parametrize("identifier", UNRELATED)
def test_answer_stands_without_what_it_does_not_rest_on(identifier, query, without, ask, expected):
    answer = ask(without(UNRELATED[identifier]), query(identifier))

    assert answer == expected(ANSWERS[identifier]["solutions"])


@each_question
def test_labels_are_english_and_in_every_solution(identifier, query, dataset):
    results = dataset.query(
        query(identifier), use_default_graph_as_union=True, prefixes=dict(PREFIXES)
    )
    labels = [v for v in results.variables if v.value.endswith("Label")]

    missing = [s for s in results for label in labels if getattr(s[label], "language", "") != "en"]

    assert missing == []


@each_question
def test_query_does_not_name_its_answer(identifier, query):
    text = query(identifier)
    answer = [v for row in ANSWERS[identifier]["solutions"] for v in row.values()]

    named = [
        v for v in answer if isinstance(v, str) and re.search(rf"{re.escape(v)}(?![\w-])", text)
    ]

    assert named == []


@each_question
def test_query_is_standard_sparql_with_the_declared_prefixes(identifier, query, declared):
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in declared.items())

    prepared = prepareQuery(prologue + query(identifier))

    assert prepared.algebra.name == "SelectQuery"


@each_question
def test_order_of_the_answer_is_fixed(identifier, query):
    lines = query(identifier).splitlines()
    one_solution = "COUNT(" in lines[0] and "GROUP BY" not in query(identifier)

    assert one_solution or lines[-1].startswith("ORDER BY")


def test_questions_about_the_article_name_its_graph(query):
    unnamed = {identifier for identifier in ANSWERS if ARTICLE_GRAPH not in query(identifier)}

    assert unnamed == {"V11"}  # asks what follows, whoever said what it follows from


@each_question
def test_question_is_told_in_english_and_japanese(identifier, values):
    told = [
        sorted(v.language or "" for v in values(identifier, name))
        for name in ("rdfs:label", "rdfs:comment")
    ]

    assert told == [["en", "ja"], ["en", "ja"]]


def test_questions_are_executables_with_their_identifier(dataset):
    found = dataset.query(
        "SELECT ?identifier WHERE { GRAPH graph:questions {"
        " ?question a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ;"
        "   dcterms:identifier ?identifier ; sh:prefixes graph:questions ; schema:keywords ?kind ."
        " FILTER (STRENDS(STR(?question), CONCAT('/', ?identifier))) } }",
        prefixes=dict(PREFIXES),
    )

    assert sorted(identifier.value for (identifier,) in found) == sorted(ANSWERS)


def test_declared_prefixes_mean_what_they_mean_everywhere(declared):
    assert declared.items() <= PREFIXES.items()


@pytest.mark.shared
def test_the_article_s_questions_are_all_asked_on_the_same_support(article, values):
    given = yaml.safe_load((article / "questions.yaml").read_text(encoding="utf-8"))
    waiting = {"V30"}  # it asks what other sources say; they are not in the dataset yet

    wanted = {q["id"]: (q["kind"], q["support"]) for q in given if q["id"] not in waiting}

    asked = {
        identifier: (
            [kind.value for kind in values(identifier, "schema:keywords")],
            answer["support"],
        )
        for identifier, answer in ANSWERS.items()
    }
    assert asked == {name: ([kind], support) for name, (kind, support) in wanted.items()}
