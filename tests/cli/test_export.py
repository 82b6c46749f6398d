from __future__ import annotations

import pyoxigraph as ox
import pytest

FORMATS = ["turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml"]


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_written_and_read(defgraph, data, form):
    run = defgraph("export", "--format", form, "--graph", "graph:data", "--data", data)

    names = {"ntriples": "nt", "nquads": "nq", "turtle": "ttl", "rdfxml": "rdf"}
    read = ox.parse(run.out, format=ox.RdfFormat.from_extension(names.get(form, form)))
    assert run.code == 0
    assert len(list(read)) == 11


def test_the_name_of_the_file_says_the_format(defgraph, data, tmp_path):
    path = tmp_path / "out.nq"

    run = defgraph("export", "-o", path, "--data", data)

    assert (run.code, run.out) == (0, "")
    assert len(list(ox.parse(path=path))) > 10


def test_turtle_is_the_default(defgraph, data):
    assert defgraph("export", "--data", data).out.startswith("PREFIX ")


def test_an_unknown_graph_exits_2(defgraph, data):
    run = defgraph("export", "--graph", "graph:date", "--data", data)

    assert (run.code, run.out) == (2, "")
    assert "graph/data" in run.err


def test_a_file_that_cannot_be_written_exits_2(defgraph, data, tmp_path):
    run = defgraph("export", "-o", tmp_path / "none" / "out.ttl", "--data", data)

    assert run.code == 2
    assert "cannot be written" in run.err


def test_a_failed_export_leaves_the_old_file(defgraph, tmp_path):
    path = tmp_path / "out.ttl"
    path.write_text("old")

    run = defgraph("export", "--graph", "graph:none", "-o", path)

    assert run.code == 2
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
