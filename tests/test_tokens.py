"""A tokenizer tells names that count from what stands in strings, IRIs and comments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.tokens import Kind, offset, position, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def:Agreement", [(Kind.NAME, "def:Agreement")]),
        ("claim:2025-12-x.y.", [(Kind.NAME, "claim:2025-12-x.y"), (Kind.MARK, ".")]),
        (":x", [(Kind.NAME, ":x")]),
        ("_:b1", [(Kind.BLANK_NODE, "_:b1")]),
        ("?s$t", [(Kind.VARIABLE, "?s"), (Kind.VARIABLE, "$t")]),
        ("<http://a#b>", [(Kind.IRI, "<http://a#b>")]),
        ("?a<?b", [(Kind.VARIABLE, "?a"), (Kind.MARK, "<"), (Kind.VARIABLE, "?b")]),
        ("'it''s'", [(Kind.STRING, "'it'"), (Kind.STRING, "'s'")]),
        ('"""a "b" c"""', [(Kind.STRING, '"""a "b" c"""')]),
        (r'"a\"b"', [(Kind.STRING, r'"a\"b"')]),
        ('"日本"@ja', [(Kind.STRING, '"日本"'), (Kind.LANGUAGE, "@ja")]),
        ("# def:x\nASK", [(Kind.WORD, "ASK")]),
        ("1.5e3", [(Kind.NUMBER, "1.5e3")]),
        ('"open', [(Kind.MARK, '"'), (Kind.WORD, "open")]),
    ],
)
def test_text_falls_into_tokens(text, expected):
    assert [(token.kind, token.text) for token in tokens(text)] == expected


def test_a_token_knows_where_it_stands():
    *_, last = tokens("ASK {\n  ?s a def:X }")

    assert (last.text, last.start, last.end) == ("}", 19, 20)


@given(st.text())
def test_every_character_that_is_no_space_and_no_comment_is_in_a_token(text):
    text = text.replace("#", "")

    found = list(tokens(text))

    outside = text
    for token in reversed(found):
        assert text[token.start : token.end] == token.text
        outside = outside[: token.start] + outside[token.end :]
    assert outside.strip() == ""


@given(st.text(alphabet=st.sampled_from("aé日\n")), st.data())
def test_position_and_offset_are_inverse(text, data):
    at = data.draw(st.integers(0, len(text)))

    assert offset(text, *position(text, at)) == at


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(ending):
    assert position(f"one{ending}two x", len(f"one{ending}two ")) == (2, 5)
