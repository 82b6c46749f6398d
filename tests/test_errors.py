"""Every error is a whole message: what, where, and how to mend it."""

from __future__ import annotations

import inspect

import pytest

from defgraph import errors


def test_the_tree_at_the_top_of_the_module_names_every_class():
    classes = {
        name
        for name, thing in vars(errors).items()
        if inspect.isclass(thing) and issubclass(thing, errors.DefgraphError)
    }

    missing = {name for name in classes if name not in (errors.__doc__ or "")}

    assert missing == set()


def test_a_turtle_error_says_file_line_column_and_reason():
    error = errors.TurtleSyntaxError("a.ttl", "expected '.'", line=3, column=7)

    assert str(error) == "a.ttl, line 3, column 7: expected '.'"
    assert (error.line, error.column) == (3, 7)


def test_an_encoding_error_is_an_unreadable_file():
    error = errors.EncodingError("a.ttl", "not UTF-8", line=1, column=2)

    assert isinstance(error, errors.UnreadableFileError)
    assert str(error) == "a.ttl: line 1, column 2: not UTF-8"


def test_a_query_error_without_a_place_names_none():
    assert str(errors.QuerySyntaxError("The query is empty")) == "The query is empty"


@pytest.mark.parametrize(
    ("offered", "end"),
    [
        (["text/turtle"], "ask for text/turtle"),
        (["a/b", "c/d"], "ask for a/b or c/d"),
        (["a/b", "c/d", "e/f"], "ask for a/b, c/d or e/f"),
    ],
)
def test_what_is_offered_instead_is_named(offered, end):
    assert str(errors.NotAcceptableError(offered)).endswith(end)


def test_a_slip_in_a_name_is_answered_with_the_name_that_comes_close():
    known = ["https://w3id.org/defgraph/graph/ontology", "https://w3id.org/defgraph/graph/inferred"]

    error = errors.UnknownGraphError("https://w3id.org/defgraph/graph/ontolgy", known)

    assert "Did you mean <https://w3id.org/defgraph/graph/ontology>" in str(error)


def test_nothing_is_suggested_where_nothing_comes_close():
    error = errors.UnknownQuestionError("x", [f"V{n:02}" for n in range(30)])

    assert str(error) == "There is no question 'x'."
