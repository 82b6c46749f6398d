"""A query that is not SPARQL is answered with the place and the reason."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.engine.evaluation import evaluate
from defgraph.errors import DefgraphError, QuerySyntaxError


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("SELECT WHERE", 1, 8, "cannot go on from 'WHERE'"),
        ("SELEKT * { ?s ?p ?o }", 1, 1, "'SELEKT * { ?s ?p ?o }'"),
        ("SELECT * {\n  ?s foo:x ?o }", 2, 6, "the prefix 'foo:' is not declared"),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "'}' closes nothing"),
        ("SELECT * {\n  ?s ?p ?o", 1, 10, "'{' is never closed"),
        ("SELECT * { ?s ?p ?o FILTER(?o }", 1, 31, "to close the '(' of line 1, column 27"),
        ("SELECT * { ?s ?p 'open }", 1, 18, "the string that begins with this '"),
        ("SELECT * { ?s a <http://x y> }", 1, 17, "this IRI is never closed"),
        ("SELECT * { ?s <relative> ?o }", 1, 15, "<relative> is no absolute IRI"),
        ("SELECT * { ?s ?p ?o FILTR(?o) }", 1, 21, "'FILTR(?o) }'"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", 1, 28, "'?o > 3 }'"),
        ("SELECT * { ?s ?p ?o FILTER(NOTHING(?o)) }", 1, 28, "'NOTHING(?o)) }'"),
        ("SELECT ?a\n{\n  ?a a def:X ;\n    def:y ?z\n  ?b a def:X .\n}", 5, 3, "'?b a def:X .'"),
        ("SELECT (COUNT(*) AS ?n) ?s { ?s ?p ?o }", 1, 1, "GROUP BY"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, 1, "same variable name"),
        ("SELECT * { '日本😀' £ }", 1, 12, "'日本😀' £ }"),
        ("SELECT *\r\n{ ?s ?p ?o FILTR(?o) }", 2, 12, "'FILTR(?o) }'"),
        ("DESCRIBE", 1, 9, "the query ends too early"),
        ("INSERT DATA { def:a def:b def:c }", 1, 1, "INSERT is an update"),
        ("PREFIX def: <http://x/> DELETE WHERE { ?s ?p ?o }", 1, 25, "DELETE is an update"),
    ],
)
def test_the_place_is_that_of_the_users_own_text(text, line, column, reason):
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(ox.Store(), text)

    assert reason in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).endswith(f"(line {line}, column {column})")


@pytest.mark.parametrize("text", ["", " \n ", "# only a comment"])
def test_an_empty_query_is_told_so(text):
    with pytest.raises(QuerySyntaxError, match="The query is empty"):
        evaluate(ox.Store(), text)


@pytest.mark.parametrize("text", ["ASK {} # comment {", "ASK { ?s a def:X }# '", "ASK{}\n\n"])
def test_what_stands_after_a_valid_query_is_no_error(text):
    assert not isinstance(evaluate(ox.Store(), text), ox.QuerySolutions)


WORDS = """SELECT ASK CONSTRUCT WHERE { } ( ) ?s ?p def:X foo:y <http://x> <y> 'a' " . ; , FILTER
BIND AS GROUP BY ORDER LIMIT 1 * a | ^ ! # \\ 日本 @en ^^ OPTIONAL UNION GRAPH"""


@given(st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=14).map(" ".join))
def test_whatever_is_asked_the_place_lies_in_the_text(text):
    error = None
    try:
        evaluate(ox.Store(), text)
    except QuerySyntaxError as caught:
        error = caught
    except DefgraphError:
        pass

    if error is not None and error.line is not None:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
