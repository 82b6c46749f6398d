"""Files of RDF: which there are, the graphs that they are for, and the labels of blank nodes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph import sources, turtle
from defgraph.errors import DataSyntaxError, TurtleSyntaxError, UnreadableFileError
from defgraph.namespaces import GRAPH
from defgraph.rdf_files import files_at, quads_in


def read(path, **options):
    [file] = files_at([path], **{"graph": None, **options})
    return list(quads_in(file, lambda _: None))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.nt").write_text("_:x <urn:p> _:x .")
    (tmp_path / "b.ttl.gz").write_bytes(gzip.compress(b"<urn:s> <urn:p> 1 ."))
    (tmp_path / "c.nq").write_text("<urn:s> <urn:p> _:x _:g .")
    (tmp_path / "notes.txt").write_text("no RDF")
    return tmp_path


def test_a_graph_is_named_after_the_path_below_the_folder(folder):
    named = {file.path.name: file.graph for file in files_at([folder], graph=None)}

    assert named == {"a.nt": f"{GRAPH}deep/a", "b.ttl.gz": f"{GRAPH}b", "c.nq": None}


def test_all_triples_may_be_for_one_graph_or_the_default_graph(folder):
    path = folder / "b.ttl.gz"

    [named] = read(path, graph="urn:g")
    [default] = read(path, default_graph=True)

    assert named.graph_name == ox.NamedNode("urn:g")
    assert default.graph_name == ox.DefaultGraph()


def test_blank_nodes_get_the_same_labels_each_time_and_no_other_files(folder):
    first, again = read(folder / "deep" / "a.nt"), read(folder / "deep" / "a.nt")
    [other] = read(folder / "c.nq")

    assert first == again
    assert first[0].subject == first[0].object
    assert len({first[0].subject, other.object, other.graph_name}) == 3


def test_blank_nodes_in_triple_terms_are_those_outside(tmp_path):
    path = tmp_path / "a.nt"
    path.write_text("_:x <urn:p> <<( _:x <urn:p> _:y )>> .")

    [quad] = read(path)

    assert quad.object.subject == quad.subject
    assert quad.object.object != quad.subject


def test_labels_are_those_that_the_shipped_dataset_has():
    [file] = [each for each in sources.data_files() if each.graph_name.endswith("questions")]

    [loaded] = files_at([file.path], graph=file.graph_name)

    assert set(quads_in(loaded, lambda _: None)) == set(
        turtle.parse(file.path, graph_name=file.graph_name)
    )


def test_every_byte_that_is_read_is_told(folder):
    told = []
    [file] = files_at([folder / "b.ttl.gz"], graph=None)

    list(quads_in(file, told.append))

    assert sum(told) == file.bytes == (folder / "b.ttl.gz").stat().st_size


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.ttl", b"<urn:s> <urn:p> .", TurtleSyntaxError),
        ("a.nt", b"<urn:s> <urn:p> .", DataSyntaxError),
        ("a.rdf", b"<r", DataSyntaxError),
        ("a.ttl.gz", gzip.compress(b"<urn:s> <urn:p> .", mtime=0), DataSyntaxError),
        ("a.nt.gz", gzip.compress(b"<urn:s> <urn:p> 1 .", mtime=0)[:-5], UnreadableFileError),
        ("a.nt.gz", b"no gzip", UnreadableFileError),
        ("a.csv", b"", UnreadableFileError),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, name, content, error):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(error, match=name):
        read(tmp_path / name)


TEXT = b"".join(b"<urn:s> <urn:p> <urn:o:%d> .\n" % number for number in range(50_000))
PACKED = gzip.compress(TEXT, mtime=0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no gzip", "its name ends in .gz, but it is not gzip"),
        (PACKED[: len(PACKED) // 2], r"its gzip ends too early, after [\d,]{5,} bytes of text"),
        (PACKED[:-8] + b"\0" * 8, r"its gzip is broken \(CRC.*\), after [\d,]{5,} bytes of text"),
        (PACKED[:10] + b"\xff" * 99, r"its gzip is broken \(.*\), after 0 bytes of text"),
    ],
)
def test_of_broken_gzip_it_is_told_how_far_it_could_be_read(tmp_path, content, reason):
    (tmp_path / "a.nt.gz").write_bytes(content)

    with pytest.raises(UnreadableFileError, match=rf"a.nt.gz: .*{reason}"):
        read(tmp_path / "a.nt.gz")


@pytest.mark.parametrize("given", ["none.ttl", "."])
def test_where_there_is_no_rdf_is_told(tmp_path, given):
    with pytest.raises(UnreadableFileError):
        files_at([tmp_path / Path(given)], graph=None)


def test_a_graph_that_is_named_takes_no_other_graphs(tmp_path):
    path = tmp_path / "a.jsonld"
    path.write_text('{"@id": "urn:g", "@graph": [{"@id": "urn:s", "urn:p": 1}]}')

    with pytest.raises(DataSyntaxError):
        read(path, graph="urn:h")
