"""Which file becomes which named graph."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from defgraph import sources
from defgraph.errors import GraphNameClashError, NoTurtleError, UnreadableFileError
from defgraph.namespaces import GRAPH


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "treaties").mkdir()
    (tmp_path / "treaties" / "jp-nz.ttl").write_text("")
    (tmp_path / "states.ttl").write_text("")
    (tmp_path / "notes.txt").write_text("")
    return tmp_path


def names(files):
    return {file.graph_name.removeprefix(GRAPH): file.path.name for file in files}


def test_a_file_in_a_folder_is_named_after_its_path():
    assert names(sources.data_files())["reference/states"] == "states.ttl"


def test_all_modules_of_the_ontology_become_one_graph():
    graphs = {file.graph_name.removeprefix(GRAPH) for file in sources.ontology_files()}

    assert graphs <= {"ontology", "alignments"}
    assert len(sources.ontology_files()) > 2


def test_a_folder_gives_every_turtle_file_below_it(folder):
    assert names(sources.data_at([folder])) == {
        "treaties/jp-nz": "jp-nz.ttl",
        "states": "states.ttl",
    }


def test_a_single_file_is_named_after_its_stem(folder):
    assert names(sources.data_at([folder / "treaties" / "jp-nz.ttl"])) == {"jp-nz": "jp-nz.ttl"}


def test_what_lies_in_the_shipped_data_keeps_its_name():
    file = sources.folder("data") / "reference" / "states.ttl"

    assert names(sources.data_at([file])) == {"reference/states": "states.ttl"}
    assert "reference/states" in names(sources.data_at([file.parent]))


def test_a_file_that_is_named_twice_is_taken_once(folder):
    assert len(sources.data_at([folder, folder / "states.ttl"])) == 2


def test_a_name_that_no_iri_can_hold_is_escaped(tmp_path):
    (tmp_path / "日本 and more.ttl").write_text("")

    (file,) = sources.data_at([tmp_path])

    assert file.graph_name == GRAPH + "%E6%97%A5%E6%9C%AC%20and%20more"


def test_a_missing_path_is_named():
    with pytest.raises(UnreadableFileError, match=r"nowhere: there is no such file"):
        sources.data_at(["nowhere"])


def test_a_folder_without_turtle_is_named(tmp_path):
    with pytest.raises(NoTurtleError, match="holds no Turtle"):
        sources.data_at([tmp_path])


def test_two_files_of_one_graph_are_both_named(folder):
    shutil.copy(folder / "states.ttl", folder / "treaties" / "states.ttl")

    with pytest.raises(GraphNameClashError) as caught:
        sources.data_at([folder / "states.ttl", folder / "treaties" / "states.ttl"])

    assert str(folder / "treaties" / "states.ttl") in str(caught.value)
    assert str(folder / "states.ttl") in str(caught.value)


@pytest.mark.parametrize("name", ["ontology", "alignments", "inferred"])
def test_the_graphs_of_defgraph_itself_are_not_to_be_had(tmp_path, name):
    (tmp_path / f"{name}.ttl").write_text("")

    with pytest.raises(GraphNameClashError, match="defgraph itself"):
        sources.data_at([tmp_path])


def test_shapes_are_no_part_of_the_dataset():
    shapes = {*sources.shape_files(), *sources.source_shape_files()}

    assert shapes
    assert shapes.isdisjoint(file.path for file in sources.data_files())
    assert all(isinstance(path, Path) for path in shapes)
