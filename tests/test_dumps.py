from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys

import pyoxigraph as ox
import pytest

from defgraph.dumps import dump, file_stem
from defgraph.errors import UnwritableFileError
from defgraph.export import export
from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import GRAPH

SAMPLE = """
PREFIX ex: <http://example.org/>
ex:default ex:p "no graph" .
GRAPH <https://w3id.org/defgraph/graph/links/one> { ex:a ex:p [ ex:q 1 ] , [ ex:q 2 ] }
GRAPH ex:other { ex:b ex:p ( 1 2 ) }
"""
PROGRAM = "from defgraph.cli import main; main()"


def store_of(text: str) -> ox.Store:
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TRIG)
    return store


def contents(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_dataset_union_and_each_graph_are_there_in_their_formats(tmp_path):
    store = store_of(SAMPLE)

    made = dump(store, tmp_path / "dump")

    files = contents(tmp_path / "dump")
    assert set(files) == set(made.files)
    assert len(files) == 2 * 3 * len(RDF_FORMATS) + 1
    assert files["dataset.nq"] == export(store, "nquads")
    assert files["union.ttl"] == export(store, "turtle")
    assert files["graph.links.one.trig"] == export(store, "trig", GRAPH + "links/one")
    assert all(
        gzip.decompress(content) == files[name.removesuffix(".gz")]
        for name, content in files.items()
        if name.endswith(".gz")
    )


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sums_pass_sha256sum(tmp_path):
    made = dump(store_of(SAMPLE), tmp_path)

    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr
    assert len(checked.stdout.splitlines()) == len(made.files) - 1


def test_the_program_writes_the_same_bytes_whatever_the_hash_seed(tmp_path):
    (tmp_path / "sample.ttl").write_text(
        "PREFIX ex: <http://example.org/>\nex:a ex:p [ ex:q 1 ] , [ ex:q 2 ] , [ ex:q [] ] ."
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", PROGRAM, "dump", seed, "--data", "sample.ttl"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )

    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_an_earlier_dump_is_replaced_whole(tmp_path):
    dump(store_of(SAMPLE), tmp_path / "dump")

    dump(store_of("<http://example.org/a> <http://example.org/p> 1 ."), tmp_path / "dump")

    assert not [name for name in contents(tmp_path / "dump") if name.startswith("graph.")]
    assert [each.name for each in tmp_path.iterdir()] == ["dump"]


def test_a_folder_of_other_files_is_left_as_it_is(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(UnwritableFileError, match=r"thesis\.txt"):
        dump(store_of(SAMPLE), tmp_path)

    assert contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_what_a_format_cannot_say_is_left_out_with_its_reason(tmp_path):
    made = dump(store_of("<http://example.org/a> <http://example.org/1> 1 ."), tmp_path)

    assert [name for name, _ in made.left_out] == ["union.rdf"]
    assert "union.rdf" not in made.files
    assert "RDF/XML" in made.left_out[0][1]


@pytest.mark.parametrize(
    "iri",
    [GRAPH + "../../etc/passwd", GRAPH + "a.b", "http://example.org/" + "x" * 5000, GRAPH, "urn:é"],
)
def test_no_name_of_a_graph_leads_out_of_the_folder_or_is_too_long(iri):
    stem = file_stem(iri)

    assert stem.isascii()
    assert "/" not in stem
    assert len(stem) < 200
    assert stem != file_stem(GRAPH + "a/b")
