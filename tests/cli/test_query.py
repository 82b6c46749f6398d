from __future__ import annotations

import gzip
import json

import pyoxigraph as ox
import pytest

from defgraph.cli.query import query_text
from defgraph.errors import UnreadableFileError

SELECT = "SELECT ?s ?l { ?s a def:State ; rdfs:label ?l } ORDER BY ?s ?l"
CONSTRUCT = "CONSTRUCT { ?s a def:State } WHERE { ?s a def:State }"


def test_a_table_in_a_pipe_is_plain(defgraph, data):
    run = defgraph("query", SELECT, "--data", data)

    assert run.code == 0
    assert run.out == (
        "s         l\nstate:jp  Japan @en\nstate:jp  日本 @ja\nstate:nz  New Zealand @en\n"
    )


def test_a_long_cell_is_neither_cut_nor_wrapped(defgraph, write):
    path = write("long.ttl", f'state:jp rdfs:label "{"x" * 500}" .')

    run = defgraph("query", "SELECT ?l { state:jp rdfs:label ?l }", "--data", path)

    assert run.out.splitlines() == ["l", "x" * 500]


@pytest.mark.parametrize(
    ("form", "start"),
    [("json", '{"head"'), ("xml", "<?xml"), ("csv", "s,l\r\n"), ("tsv", "?s\t?l\n")],
)
def test_solutions_in_the_formats_of_the_standard(defgraph, data, form, start):
    run = defgraph("query", SELECT, "--format", form, "--data", data)

    assert run.code == 0
    assert run.out.startswith(start)
    parsed = (
        ox.parse_query_results(run.out.encode(), format=ox.QueryResultsFormat.from_extension(form))
        if form != "csv"
        else None
    )
    assert parsed is None or len(list(parsed)) == 3


@pytest.mark.parametrize("form", ["table", "json"])
def test_ask(defgraph, data, form):
    run = defgraph("query", "ASK { ?s a def:State }", "--format", form, "--data", data)

    assert "true" in run.out


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (None, "state:jp\n    a def:State ;\n.\n"),
        ("turtle", "PREFIX def: <https://w3id.org/defgraph/def/>\n"),
        ("ntriples", "<https://w3id.org/defgraph/id/state/jp> <http://www.w3.org/1999/02/22-rdf"),
        ("jsonld", '"id": "state:jp",\n      "type": "State"'),
    ],
)
def test_graphs(defgraph, data, form, expected):
    run = defgraph("query", CONSTRUCT, *(["--format", form] if form else []), "--data", data)

    assert run.code == 0
    assert expected in run.out


def test_jsonld_reads_back(defgraph, data):
    run = defgraph("query", CONSTRUCT, "--format", "jsonld", "--data", data)

    assert len(list(ox.parse(run.out, format=ox.RdfFormat.JSON_LD))) == 2
    assert json.loads(run.out)["@context"]["State"] == "def:State"


@pytest.mark.parametrize(
    ("text", "form", "fitting"),
    [
        (SELECT, "turtle", "table, json, xml, csv or tsv"),
        ("ASK {}", "jsonld", "table, json, xml, csv or tsv"),
        (CONSTRUCT, "csv", "turtle, ntriples or jsonld"),
        (CONSTRUCT, "table", "turtle, ntriples or jsonld"),
    ],
)
def test_a_format_that_does_not_fit_the_query_names_those_that_do(
    defgraph, data, text, form, fitting
):
    run = defgraph("query", text, "--format", form, "--data", data)

    assert (run.code, run.out) == (2, "")
    assert fitting in run.err


def test_a_query_from_standard_input(defgraph, data):
    run = defgraph("query", "-", "--format", "csv", "--data", data, stdin=SELECT)

    assert run.out.startswith("s,l")


def test_a_query_from_a_file(defgraph, data, tmp_path):
    path = tmp_path / "states.rq"
    path.write_text(SELECT)

    assert defgraph("query", path, "--data", data).out.startswith("s ")


def test_a_malformed_query_is_told_with_its_place(defgraph, data):
    run = defgraph("query", "SELECT ?s\nWHERE { ?s ?p }", "--data", data)

    assert (run.code, run.out) == (2, "")
    place, mark, told = run.err.splitlines()
    assert place.index("}") == mark.index("^") == 14
    assert place == "WHERE { ?s ?p }"
    assert told.endswith("found '}', expected a term (line 2, column 15).")


def test_a_mark_stands_under_its_place_after_tabs_and_wide_characters(defgraph, data):
    run = defgraph("query", "SELECT *\r\n{\t'日本' ?p }", "--data", data)

    assert run.err.splitlines()[1] == " \t" + " " * 10 + "^"


def test_of_a_long_line_the_place_is_shown(defgraph, data):
    run = defgraph("query", f"ASK {{ {'?s ?p ?o . ' * 500} ?s }} # {'x' * 5000}", "--data", data)

    place, mark, _ = run.err.splitlines()
    assert place[mark.index("^")] == "}"
    assert len(place) <= 120


def test_a_word_that_begins_a_query_is_one_with_a_place(defgraph, data):
    run = defgraph("query", "SELECT", "--data", data)

    assert run.code == 2
    assert "the query ends too early, expected" in run.err
    assert "(line 1, column 7)" in run.err


def test_a_malformed_query_in_a_file_names_the_file(defgraph, data, tmp_path):
    path = tmp_path / "broken.rq"
    path.write_text("SELECT\n")

    run = defgraph("query", path, "--data", data)

    assert run.code == 2
    assert str(path) in run.err


def test_a_service_is_refused(defgraph, data):
    run = defgraph("query", "SELECT * { SERVICE <http://e.test/> { ?s ?p ?o } }", "--data", data)

    assert run.code == 2
    assert "SERVICE" in run.err


@pytest.mark.parametrize(
    "given",
    [
        "ASK {}",
        "DESCRIBE state:nz",
        "SELECT *\nWHERE { }",
        "ASK{?s?p?o}",
        "x" * 5000 + " {}",
        "select",
    ],
)
def test_what_looks_like_a_query_is_one(given):
    assert query_text(given) == (given, None)


@pytest.mark.parametrize("given", ["states.rq", "queries/states", "my states.rq", "states"])
def test_what_looks_like_a_file_that_is_missing_is_told(given):
    with pytest.raises(UnreadableFileError, match="no such file"):
        query_text(given)


def test_a_folder_is_no_query(tmp_path):
    with pytest.raises(UnreadableFileError, match="folder"):
        query_text(str(tmp_path))


def test_the_shipped_data_are_the_default(defgraph):
    run = defgraph("query", "ASK { agreement:jp-nz-acsa-2025 def:hasParty state:nz }")

    assert run.out == "true\n"


def test_data_that_is_a_store_or_compressed_is_told_what_to_do_with_it(defgraph, plain, tmp_path):
    packed = tmp_path / "a.ttl"
    packed.write_bytes(gzip.compress(b"<urn:a> <urn:b> 1 ."))

    store = defgraph("query", "ASK {}", "--data", plain)
    file = defgraph("query", "ASK {}", "--data", packed)

    assert (store.code, file.code) == (2, 2)
    assert f"this folder is a store; 'defgraph serve --store {plain}'" in store.err
    assert "it is compressed with gzip" in file.err
