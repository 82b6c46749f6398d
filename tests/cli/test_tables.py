"""``defgraph tables``, and the forms of ``export`` and ``query`` for analysts' tools."""

import json

import polars as pl
from typer.testing import CliRunner

from defgraph.cli.main import app


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_tables_are_written_below_a_folder_that_is_made(tmp_path):
    done = run("tables", tmp_path / "a" / "b")

    assert done.exit_code == 0
    assert (tmp_path / "a" / "b" / "State.csv").read_text().startswith("iri,rdfs:label@en")
    assert "tables in" in done.output


def test_the_name_of_the_file_says_what_is_exported(tmp_path):
    assert run("export", "-o", tmp_path / "n.graphml").exit_code == 0
    assert run("export", "-o", tmp_path / "s.geojson").exit_code == 0

    assert (tmp_path / "n.graphml").read_text().startswith("<?xml")
    assert json.loads((tmp_path / "s.geojson").read_text())["type"] == "FeatureCollection"


def test_a_network_is_of_the_whole_dataset(tmp_path):
    done = run("export", "-f", "graphml", "--graph", "graph:links/wikidata")

    assert done.exit_code == 2
    assert "whole dataset" in done.output


def test_solutions_are_written_as_parquet(tmp_path):
    query = "SELECT ?state ?n { ?state def:isoAlpha2 'NZ' BIND(1 AS ?n) }"
    done = run("query", query, "-f", "parquet", "-o", tmp_path / "x.parquet")

    assert done.exit_code == 0
    frame = pl.read_parquet(tmp_path / "x.parquet")
    assert frame.to_dicts() == [{"state": "https://w3id.org/defgraph/id/state/nz", "n": 1}]


def test_parquet_needs_a_file():
    done = run("query", "SELECT * {}", "-f", "parquet")

    assert done.exit_code == 2
    assert "--output" in done.output


def test_any_answer_can_be_written_to_a_file(tmp_path):
    query = "SELECT ?n { VALUES ?n { 1 } }"
    for name, form, expected in [
        ("t", "table", "n\n1\n"),
        ("c", "csv", "n\r\n1\r\n"),
    ]:
        assert run("query", query, "-f", form, "-o", tmp_path / name).exit_code == 0
        assert (tmp_path / name).read_bytes().decode() == expected
    assert run("query", "ASK {}", "-o", tmp_path / "a").exit_code == 0
    assert (tmp_path / "a").read_text() == "true\n"
