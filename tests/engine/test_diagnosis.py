"""Whatever is asked, what is told of it stands in the text, and to find it takes no longer than that."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.engine.diagnosis import explained
from defgraph.engine.evaluation import evaluate
from defgraph.engine.syntax import reading
from defgraph.engine.syntax.grammar import Grammar, grammar
from defgraph.errors import DefgraphError, QuerySyntaxError

ROOT = Path(__file__).parents[2]
SUITES = ROOT.parent / "shared" / "conformance" / "rdf-tests" / "sparql"
REFUSED = SyntaxError("error at 1:1: expected something")
VALID = [
    *(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("ontology/**/*.rq"))),
    "SELECT (COUNT(?s) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?o HAVING(?o > 1) LIMIT 3",
    "ASK { VALUES (?a ?b) { (1 UNDEF) } [ def:a 'x'@en ; ^def:b/def:c+ ?a ] FILTER(?a IN (1, -2)) }",
]


def test_of_two_ways_to_go_on_a_token_names_one():
    rules = grammar()
    for name, alternatives in rules.productions.items():
        seen = Counter()
        for sequence in alternatives:
            begins = set()
            for symbol in sequence:
                begins |= set(rules.first.get(symbol, (symbol,)))
                if symbol not in rules.nullable:
                    break
            seen.update(begins)
        assert not [token for token, count in seen.items() if count > 1], name


@pytest.mark.parametrize("text", ["", " \n ", "# only a comment"])
def test_an_empty_query_is_told_so(text):
    with pytest.raises(QuerySyntaxError, match="The query is empty"):
        evaluate(ox.Store(), text)


@pytest.mark.parametrize("text", ["ASK {} # comment {", "ASK { ?s a def:X }# '", "ASK{}\n\n"])
def test_what_stands_after_a_valid_query_is_no_error(text):
    assert not isinstance(evaluate(ox.Store(), text), ox.QuerySolutions)


@pytest.mark.shared
def test_what_the_engine_takes_of_the_suites_the_grammar_takes():
    if not SUITES.is_dir():
        pytest.skip("the W3C's tests of SPARQL are not here (../shared)")
    refused, taken = [], 0
    for path in sorted(SUITES.rglob("*.r[qu]")):
        text = path.read_text(encoding="utf-8", errors="replace")
        is_update = path.suffix == ".ru"
        try:
            (ox.Store().update if is_update else ox.Store().query)(text, base_iri="http://x/")
        except SyntaxError:
            continue
        except (RuntimeError, ValueError, OSError):
            pass
        taken += 1
        if reading.read(text, is_update=is_update).stop is not None:
            refused.append(path.name)

    assert refused == []
    assert taken > 500


def refusal(text):
    """What the author of a query is told if it is not SPARQL."""
    try:
        evaluate(ox.Store(), text)
    except QuerySyntaxError as error:
        return error
    except DefgraphError:
        pass
    return None


def place_of(error, text):
    """Look that the place that *error* names is one of *text*."""
    lines = re.split(r"\r\n|\r|\n", text)
    assert 1 <= error.line <= len(lines)
    assert 1 <= error.column <= len(lines[error.line - 1]) + 1


WORDS = """SELECT ASK CONSTRUCT WHERE { } ( ) ?s ?p def:X foo:y <http://x> <y> 'a' " . ; , FILTER
BIND AS GROUP BY ORDER LIMIT 1 * a | ^ ! # \\ 日本 @en ^^ OPTIONAL UNION GRAPH _:b VALUES COUNT MINUS
<< >> <<( )>> [ ] {| |} ~ INSERT DELETE DATA = - 'x\\q' <http://[x> 99999999999999999999999"""


@given(st.lists(st.sampled_from([*WORDS.split(), "\n", "\r\n", "\t"]), max_size=14).map(" ".join))
def test_whatever_is_asked_the_place_lies_in_the_text(text):
    error = refusal(text)

    if error is not None and error.line is not None:
        place_of(error, text)


@given(st.data())
def test_a_valid_query_with_one_token_changed_is_explained_or_answered(data):
    lexemes = reading.read(data.draw(st.sampled_from(VALID))).lexemes
    tokens = [each.text for each in lexemes]
    at = data.draw(st.integers(0, len(tokens) - 1))
    kept = data.draw(st.integers(at, at + 1))
    tokens[at:kept] = data.draw(st.lists(st.sampled_from(WORDS.split()), max_size=1))
    text = data.draw(st.sampled_from([" ", "\n", "\r\n", " # 日本\n"])).join(tokens)

    error = refusal(text)

    if error is not None and "The query is empty" not in str(error):  # a comment took it all
        place_of(error, text)
        assert "cannot go on" not in str(error)


@given(st.text(), st.booleans())
def test_any_text_can_be_explained(text, is_update):
    error = explained(REFUSED, text, {}, is_update=is_update)

    if error.line is not None:
        place_of(error, text)


@pytest.mark.parametrize(
    "text",
    [
        "{" * 65_000,
        "SELECT * " + "{" * 65_000,
        "ASK { FILTER" + "(" * 65_000,
        "ASK { ?s ?p " + "[ ?p " * 13_000,
        "ASK { FILTER(" + "!(" * 30_000,
        "ASK { ?s ?p " + "<<(" * 20_000,
        "ASK " + "{ SELECT * " * 6_000,
        "ASK { ?s ?p '" + "a" * 65_000,
        "ASK { ?s ?p " + "'" * 65_000,
        "ASK { ?s ?p " + "<" * 65_000,
        "ASK { ?s ?p " + "a." * 32_000,
        "ASK { ?s ?p " + "a" * 65_000,
        "ASK { ?s " + "a:%" * 20_000,
        "ASK { ?s ?p _:a . " + "{ _:a ?p ?o } " * 4_600 + "}",
        "ASK { " + "BIND(1 AS ?a) " * 4_600 + "}",
        "SELECT " + "?a " * 20_000 + "{} GROUP BY ?b",
        "ASK { VALUES (" + "?a " * 10_000 + ") { " + "(1) " * 5_000 + "} }",
        "\0" * 65_000,
    ],
    ids=lambda text: text[:24],
)
def test_a_hostile_text_is_read_in_steps_by_its_length(text, monkeypatch):
    steps = Counter()
    first = grammar().first

    class Counted(dict):
        def get(self, *key):
            steps["looks"] += 1
            return first.get(*key)

        def __getitem__(self, key):
            steps["looks"] += 1
            return first[key]

    rules = grammar()
    counted = Grammar(rules.productions, Counted(first), rules.nullable)
    monkeypatch.setattr(reading, "grammar", lambda: counted)

    error = explained(REFUSED, text, {})

    place_of(error, text)
    assert steps["looks"] <= 40 * reading.MAX_TOKENS
    assert len(str(error)) < 1_000
