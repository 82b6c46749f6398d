"""How the beginning of a query is read, and written anew."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from defgraph.errors import QuerySyntaxError
from defgraph.remote.prologue import read

OURS = {"def": "https://w3id.org/defgraph/def/", "state": "https://w3id.org/defgraph/id/state/"}


@pytest.mark.parametrize(
    ("text", "form", "gives_graph"),
    [
        ("SELECT * {}", "SELECT", False),
        ("select?s{?s ?p ?o}", "SELECT", False),
        ("ASK{}", "ASK", False),
        ("# CONSTRUCT\nDESCRIBE<http://a/>", "DESCRIBE", True),
        ("PREFIX construct: <http://ask/select> Construct WHERE {}", "CONSTRUCT", True),
        ("BASE <http://a/>\nPREFIX : <b>\nBASE <http://c/>\nPREFIX d.e-f: <g>ASK{}", "ASK", False),
    ],
)
def test_the_form_is_the_first_word_after_the_declarations(text, form, gives_graph):
    query = read(text, OURS)

    assert (query.form, query.gives_graph) == (form, gives_graph)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        (" # nothing", 1, 11),
        ("INSERT DATA {}", 1, 1),
        ("PREFIX a: <http://a/>\nDELETE WHERE { ?s ?p ?o }", 2, 1),
        ("DEFINE get:soft 'soft' SELECT * {}", 1, 1),
        ("PREFIX a: SELECT * {}", 1, 11),
        ("PREFIX a <http://a/> SELECT * {}", 1, 8),
        ("PREFIX a:b <http://a/> SELECT * {}", 1, 8),
        ("PREFIX a\\u003A <http://a/> SELECT * {}", 1, 8),
        ("BASE", 1, 5),
        ("BASE a:b ASK {}", 1, 6),
        ("\n  SEL\\u0045CT * {}", 2, 3),
        ("'''", 1, 1),
    ],
)
def test_what_begins_otherwise_is_no_query(text, line, column):
    with pytest.raises(QuerySyntaxError) as caught:
        read(text, OURS)

    assert (caught.value.line, caught.value.column) == (line, column)


def test_our_prefixes_are_declared_where_they_are_used_and_not_declared():
    sent = read("PREFIX def: <http://mine/> SELECT * { def:a ?p state:jp }", OURS).text

    state = "PREFIX state: <https://w3id.org/defgraph/id/state/>"
    assert sent == f"{state} PREFIX def: <http://mine/> SELECT * {{ def:a ?p state:jp }}"


def test_lines_keep_their_numbers():
    text = "# one\r\nPREFIX a: <http://a/>\r\rSELECT * {\r\n  def:x }"

    lines = read(text, OURS).text.split("\n")

    assert lines[3:] == ["SELECT * {", "  def:x }"]


@pytest.mark.parametrize(
    "text",
    [
        # Virtuoso lets a comment end at a line feed alone, and takes updates for queries.
        "#\r ASK {} #\n INSERT DATA { <http://a> <http://b> <http://c> }",
        "PREFIX a: <http://a/> #\r ASK {} #\n DROP ALL",
    ],
)
def test_what_is_a_comment_for_some_comes_after_the_form(text):
    sent = read(text, OURS).text

    assert sent.removeprefix("PREFIX a: <http://a/>").lstrip().startswith("ASK {} #\n")
    assert "\r" not in sent


def test_an_escape_in_a_declaration_is_refused():
    # For an engine that resolves escapes first, the IRI would end there.
    with pytest.raises(QuerySyntaxError, match="an IRI"):
        read("PREFIX a: <http://a\\u003E\\u0020DROP\\u0020ALL> ASK {}", OURS)


def test_the_text_to_send_is_still_the_same_query():
    text = "BASE <http://b/>\nPREFIX d: <c#>\nSELECT * { ?s d:e <f> ; def:g ?o }"
    dataset = ox.Store()
    for predicate, value in [("http://b/c#e", "http://b/f"), (OURS["def"] + "g", "http://x")]:
        nodes = map(ox.NamedNode, ("http://s", predicate, value))
        dataset.add(ox.Quad(*nodes))

    solutions = list(dataset.query(read(text, OURS).text))

    assert len(solutions) == 1


@pytest.mark.parametrize(
    "unit", ["#", "\n", "a", "a.", ":", "PREFIX a: <b> ", "\\'", '\\"', "'''", "<", "#\n", "%41"]
)
@pytest.mark.timeout(60)
def test_a_long_text_takes_time_in_proportion(unit):
    # In proportion to the square of the length, this would take many minutes.
    with pytest.raises(QuerySyntaxError):
        read(unit * 200_000, OURS)
