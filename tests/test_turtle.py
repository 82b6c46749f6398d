"""Turtle is read with errors that a person can act on, and has one canonical form."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph import turtle
from defgraph.errors import EncodingError, TurtleSyntaxError, UnreadableFileError

X = "PREFIX x: <http://x/>\n"


@pytest.fixture
def write(tmp_path):
    def written(content: str | bytes, name: str = "some.ttl") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


# -- reading -----------------------------------------------------------------------------------


def test_a_file_becomes_quads_of_its_graph(write):
    (quad,) = turtle.parse(write(X + "x:a x:b 01 ."), graph_name="http://g/")

    assert quad.graph_name == ox.NamedNode("http://g/")
    assert quad.object.value == "01"


def test_a_byte_order_mark_is_no_part_of_the_text(write):
    assert len(turtle.parse(write(b"\xef\xbb\xbf" + (X + "x:a x:b x:c .").encode()))) == 1


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing yet\n"])
def test_an_empty_file_says_nothing_and_is_no_error(write, content):
    assert turtle.parse(write(content)) == []


def test_blank_nodes_of_two_files_are_never_the_same(write):
    one = turtle.parse(write(X + "_:same x:b 1 .", "one.ttl"))
    two = turtle.parse(write(X + "_:same x:b 2 .", "two.ttl"))

    assert one[0].subject != two[0].subject


def test_blank_nodes_of_one_text_in_two_graphs_are_not_the_same(write):
    path = write(X + "[] x:b [] .")

    one, two = (turtle.parse(path, graph_name=name) for name in ("http://g/1", "http://g/2"))

    assert {one[0].subject, one[0].object}.isdisjoint({two[0].subject, two[0].object})


def test_blank_nodes_have_the_same_label_each_time_a_file_is_read(write):
    path = write(X + "[] x:b [ x:c ( 1 2 ) ] .")

    assert turtle.parse(path) == turtle.parse(path)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        (X + "x:a foaf:page x:c .", 2, 5, "'PREFIX foaf: <http://xmlns.com/foaf/0.1/>'"),
        (X + "x:a own:p x:c .", 2, 5, "the prefix 'own:' is not declared"),
        (X + "x:a x:b x:c", 2, 12, "ends in the middle of a statement"),
        (X + "x:a x:b x:c\nx:d x:b x:c .", 3, 1, "expected '.' at the end of the statement before"),
        (X + "x:a x:b .", 2, 9, "expected a value"),
        (X + "x:a .", 2, 5, "expected a property"),
        (X + '"a" x:b x:c .', 2, 1, "expected a subject"),
        (X + 'x:a x:b "日本" é .', 2, 14, "expected a subject"),
        (X + 'x:a x:b "😀" é .', 2, 13, "expected a subject"),
        (X + 'x:a x:b "open\n ", "x" .', 2, 14, "expected the closing quotation mark on this line"),
        (X + 'x:a x:b """open\n .', 2, 9, "the file ends inside what begins here"),
        (X + "x:a x:b [ x:c x:d .", 2, 19, "expected ']'"),
        (X + "x:a x:b <relative> .", 2, 9, "this IRI is relative"),
        (X + "x:a x:b << x:a x:b x:c >> .", 2, 9, "RDF 1.2"),
        (X + 'x:a x:b "a"@en--ltr .', 2, 15, "RDF 1.2"),
        (X + "{ x:a x:b x:c }", 2, 1, "expected a subject"),
        ("PREFIX x <http://x/>", 1, 8, "PREFIX"),
    ],
)
def test_an_error_says_where_and_what_was_expected(write, text, line, column, expected):
    path = write(text)

    with pytest.raises(TurtleSyntaxError) as caught:
        turtle.parse(path)

    assert str(caught.value).startswith(f"{path}, line {line}, column {column}: ")
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("content", "line", "column", "expected"),
    [
        ((X + 'x:a x:b "日本 caf\xe9" .').encode("utf-16"), 1, 1, "UTF-16"),
        ((X + 'x:a x:b "cafe" .').encode("utf-16-le"), 1, 1, "UTF-16"),
        ((X + 'x:a x:b "caf\xe9" .').encode("latin-1"), 2, 13, "0xE9 is not UTF-8"),
        (b"\xef\xbb\xbf" + (X + 'x:a x:b "caf\xe9" .').encode("latin-1"), 2, 13, "0xE9"),
        ((X + 'x:a x:b "日本').encode() + b"\x80", 2, 12, "0x80"),
    ],
)
def test_a_wrong_encoding_is_told_with_its_place_and_the_remedy(
    write, content, line, column, expected
):
    with pytest.raises(EncodingError, match="save the file as UTF-8") as caught:
        turtle.parse(write(content))

    assert (caught.value.line, caught.value.column) == (line, column)
    assert expected in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"nowhere\.ttl: there is no such file"):
        turtle.parse(tmp_path / "nowhere.ttl")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UnreadableFileError, match="this is a folder"):
        turtle.parse(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(write):
    path = write("")
    path.chmod(0)

    with pytest.raises(UnreadableFileError, match="cannot be read"):
        turtle.parse(path)


# -- canonical form ----------------------------------------------------------------------------


def test_canonical_form_is_the_one_of_the_style_guide():
    text = """
    @prefix def: <https://w3id.org/defgraph/def/> .
    @prefix unused: <http://unused/> .
    <https://w3id.org/defgraph/id/agreement/jp-nz-acsa-2025>
        def:signedIn "2025-12"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> ;
        def:hasParty <https://w3id.org/defgraph/id/state/nz>, <https://w3id.org/defgraph/id/state/jp> ;
        a def:AcquisitionAndCrossServicingAgreement .
    """

    assert (
        turtle.canonical(text)
        == """\
PREFIX agreement: <https://w3id.org/defgraph/id/agreement/>
PREFIX def: <https://w3id.org/defgraph/def/>
PREFIX state: <https://w3id.org/defgraph/id/state/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

agreement:jp-nz-acsa-2025
    a def:AcquisitionAndCrossServicingAgreement ;
    def:hasParty
        state:jp ,
        state:nz ;
    def:signedIn "2025-12"^^xsd:gYearMonth ;
.
"""
    )


def test_only_the_comments_at_the_top_survive():
    text = f"\n# Source: one.\n  # Line two.\n\n# gone\n{X}# gone\nx:a x:b 'x # y' . # gone\n"

    assert turtle.canonical(text) == (
        "# Source: one.\n# Line two.\n" + X + '\nx:a\n    x:b "x # y" ;\n.\n'
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_a_file_that_says_nothing_stays_so(text):
    assert turtle.canonical(text) == text


def test_a_prefix_of_the_file_goes_before_ours():
    text = (
        "PREFIX d: <https://w3id.org/defgraph/def/> PREFIX state: <http://x/> state:a a d:State ."
    )

    canonical = turtle.canonical(text)

    assert "PREFIX d: <https://w3id.org/defgraph/def/>\nPREFIX state: <http://x/>\n" in canonical
    assert "PREFIX def:" not in canonical


def test_line_endings_become_line_feeds():
    assert "\r" not in turtle.canonical(
        f"# one\r\n# two\r\n{X}x:a x:b x:c .\r\n".replace("\n", "\r\n")
    )


def test_a_file_in_canonical_form_is_told_from_one_that_is_not():
    text = turtle.canonical(X + "x:a x:b x:c .")

    assert turtle.is_canonical(text)
    assert not turtle.is_canonical(text + "\n")


def test_broken_turtle_has_no_canonical_form():
    with pytest.raises(TurtleSyntaxError, match=r"mine\.ttl, line 1"):
        turtle.canonical("x:a x:b x:c .", Path("mine.ttl"))
