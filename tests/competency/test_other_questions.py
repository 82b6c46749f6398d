"""Questions that the ontology was not made for can be asked with what its documentation says."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from defgraph.namespaces import BASE, DEF, ONTOLOGY_GRAPH, PREFIXES

OTHERS = yaml.safe_load(
    Path(__file__).with_name("other_questions.yaml").read_text(encoding="utf-8")
)

each_question = pytest.mark.parametrize("entry", OTHERS, ids=lambda entry: entry["question"])


@each_question
def test_answer_is_as_expected(entry, dataset, ask, expected):
    answer = ask(dataset, entry["query"])

    assert answer == expected(entry["solutions"])


@each_question
def test_every_term_of_the_query_is_documented(entry, dataset):
    terms = [PREFIXES[prefix] + name for prefix, name in _names(entry["query"])]

    undocumented = [iri for iri in terms if iri.startswith(DEF) and not _defined(dataset, iri)]
    unnamed = [iri for iri in terms if iri.startswith(BASE) and not _named(dataset, iri)]

    assert (undocumented, unnamed) == ([], [])


def test_there_are_questions_of_every_kind():
    kinds = {entry["kind"] for entry in OTHERS}

    assert kinds >= {
        "lookup",
        "join",
        "inference",
        "negation",
        "aggregation",
        "provenance",
        "hedging",
    }


def _names(query: str) -> list[tuple[str, str]]:
    """The prefixed names in a query, outside of strings, IRIs and comments."""
    bare = re.sub(r'"[^"]*"|<[^<>\s]*>|#[^\n]*', " ", query)
    return re.findall(r"(?<![\w?])([a-z]+):([\w-]+)", bare)


def _defined(dataset: ox.Store, iri: str) -> bool:
    """Whether the ontology tells what a term means, in both languages."""
    return _languages(dataset, iri, "skos:definition", f"<{ONTOLOGY_GRAPH}>") >= {"en", "ja"}


def _named(dataset: ox.Store, iri: str) -> bool:
    return "en" in _languages(dataset, iri, "rdfs:label|skos:prefLabel", "?graph")


def _languages(dataset: ox.Store, iri: str, path: str, graph: str) -> set[str]:
    found = dataset.query(
        f"SELECT DISTINCT (LANG(?text) AS ?language) {{ GRAPH {graph} {{ <{iri}> {path} ?text }} }}",
        prefixes=dict(PREFIXES),
    )
    return {language.value for (language,) in found}
