"""Terms become the Python values that hold them without loss."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pyoxigraph as ox
import pytest

from defgraph.errors import QueryEvaluationError
from defgraph.namespaces import DEF, XSD
from defgraph.results import (
    IRI,
    BlankNode,
    LangString,
    Literal,
    Solutions,
    cell,
    cells,
    decode,
    solutions,
    value,
)


def literal(lexical, datatype):
    return ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (ox.NamedNode("http://x"), IRI("http://x")),
        (ox.BlankNode("b"), BlankNode("b")),
        (ox.Literal("text"), "text"),
        (literal("12", "integer"), 12),
        (literal("-3", "long"), -3),
        (literal("2", "nonNegativeInteger"), 2),
        (literal("2.50", "decimal"), Decimal("2.50")),
        (literal("1.5e2", "double"), 150.0),
        (literal("-INF", "double"), float("-inf")),
        (literal("true", "boolean"), True),
        (literal("0", "boolean"), False),
        (literal("2025-12-19", "date"), date(2025, 12, 19)),
        (literal("09:30:00", "time"), time(9, 30)),
        (literal("2025-12-19T09:30:00Z", "dateTime"), datetime(2025, 12, 19, 9, 30, tzinfo=UTC)),
        (
            literal("2025-12-19T09:30:00.5+09:00", "dateTime"),
            datetime(2025, 12, 19, 9, 30, 0, 500000, timezone(timedelta(hours=9))),
        ),
    ],
)
def test_a_term_becomes_a_python_value(term, expected):
    assert value(term) == expected
    assert type(value(term)) is type(expected)


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [
        ("2025-12", "gYearMonth"),
        ("2025", "gYear"),
        ("twelve", "integer"),
        ("1_000", "integer"),
        (" 1", "integer"),
        ("12.0", "integer"),
        ("nan", "double"),
        ("Infinity", "decimal"),
        ("TRUE", "boolean"),
        ("2025-13-01", "date"),
        ("2025-W01-1", "date"),
        ("2025-12-19Z", "date"),
        ("20251219", "date"),
        ("24:00:00", "time"),
        ("2025-12-19", "dateTime"),
        ("P1D", "duration"),
    ],
)
def test_what_no_python_type_holds_keeps_its_lexical_form(lexical, datatype):
    found = value(literal(lexical, datatype))

    assert found == Literal(lexical, IRI(XSD + datatype))
    assert str(found) == lexical


def test_text_in_a_language_keeps_it():
    found = value(ox.Literal("日本", language="ja"))

    assert isinstance(found, LangString)
    assert (found, found.language) == ("日本", "ja")


@pytest.mark.parametrize("again", [copy.copy, lambda x: pickle.loads(pickle.dumps(x))])
def test_text_in_a_language_can_be_copied(again):
    found = again(LangString("Japan", "en"))

    assert (type(found), found, found.language) == (LangString, "Japan", "en")


def test_values_show_what_they_are():
    assert repr(IRI("http://x")) == "IRI('http://x')"
    assert repr(BlankNode("b")) == "BlankNode('b')"
    assert repr(LangString("Japan", "en")) == "LangString('Japan', 'en')"


def asked(text):
    return solutions(ox.Store().query(text))


def test_every_projected_variable_is_a_key_and_unbound_is_none():
    found = asked("SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) (2 'x') } }")

    assert found.variables == ("a", "b")
    assert list(found) == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


def test_solutions_are_a_sequence():
    found = asked("SELECT ?n { VALUES ?n { 3 1 2 } }")

    assert len(found) == 3
    assert found[0] == {"n": 3}
    assert found[1:] == ({"n": 1}, {"n": 2})
    assert found.column("n") == [3, 1, 2]


@pytest.mark.parametrize("media_type", ["json", "xml", "tsv"])
def test_the_bytes_of_an_answer_are_decoded(media_type):
    text = "SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) ('x'@en <http://x>) } }"
    form = ox.QueryResultsFormat.from_extension(media_type)
    body = ox.Store().query(text).serialize(format=form)

    assert decode(body, form.media_type) == asked(text)


def test_a_boolean_answer_is_decoded():
    assert decode(b'{"head":{},"boolean":true}', "application/sparql-results+json") is True


def test_csv_forgets_what_is_a_name_so_it_is_not_decoded():
    with pytest.raises(ValueError, match=r"(?i)csv"):
        decode(b"a\r\n1\r\n", "text/csv")


def test_a_triple_term_has_no_python_value():
    inner = ox.Triple(ox.NamedNode("http://s"), ox.NamedNode("http://p"), ox.Literal("o"))

    with pytest.raises(QueryEvaluationError, match=r"RDF 1\.2"):
        value(inner)


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (None, ""),
        (IRI(DEF + "Agreement"), "def:Agreement"),
        (IRI("http://x/y"), "<http://x/y>"),
        (BlankNode("b"), "_:b"),
        (LangString("Japan", "en"), "Japan @en"),
        ("plain", "plain"),
        (True, "true"),
        (12, "12"),
        (Decimal("2.50"), "2.50"),
        (date(2025, 12, 19), "2025-12-19"),
        (datetime(2025, 12, 19, 9, 30, tzinfo=UTC), "2025-12-19T09:30:00Z"),
        (Literal("2025-12", IRI(XSD + "gYearMonth")), "2025-12"),
    ],
)
def test_a_cell_reads_well(of, text):
    assert cell(of) == text


def test_a_table_has_a_row_a_solution_in_the_order_of_the_variables():
    found = Solutions(("a", "b"), ({"b": 2, "a": 1}, {"a": None, "b": "x"}))

    assert list(cells(found)) == [["1", "2"], ["", "x"]]


def test_a_notebook_shows_solutions_as_a_table_in_which_nothing_is_markup():
    hostile = "<script>alert('x')</script>"
    iri = "https://example.org/a?x=1&y='"
    found = Solutions(
        ("thing", "text", "none"),
        ({"thing": IRI(iri), "text": hostile, "none": None},) * 101,
    )

    shown = found._repr_html_()

    assert "<script" not in shown
    assert '<a href="https://example.org/a?x=1&amp;y=&#x27;">' in shown
    assert shown.count("<tr>") == 101
    assert "and 1 more" in shown


def test_a_notebook_links_no_script():
    found = Solutions(("thing",), ({"thing": IRI("javascript:alert(1)")},))

    assert "href" not in found._repr_html_()
