"""The dataset as the tree of files that people review."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

import defgraph
from defgraph import sources, trees
from defgraph.cli.main import app
from defgraph.namespaces import GRAPH, INFERRED_GRAPH

ROOT = Path(__file__).parents[1]


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def checkout(tmp_path):
    for name in ("data", "ontology"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def canonical(quads):
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_the_shipped_dataset_over_a_checkout_changes_no_byte(checkout):
    before = contents(checkout)

    done = run("export", "--tree", checkout)

    assert done.exit_code == 0
    assert contents(checkout) == before
    count = len(sources.data_files()) + len(sources.ontology_files())
    assert done.output == f"{count} files left as they were.\n"


def test_the_shipped_dataset_in_an_empty_folder_reads_back(tmp_path):
    assert run("export", "--tree", tmp_path / "new").exit_code == 0

    asserted = {q for q in defgraph.open().dataset if q.graph_name.value != INFERRED_GRAPH}
    assert canonical(trees.read(tmp_path / "new")) == canonical(asserted)


def test_what_a_store_has_more_goes_to_the_file_of_its_graph(checkout, tmp_path):
    store = tmp_path / "kept"
    update = (
        "INSERT DATA { GRAPH <https://w3id.org/defgraph/graph/notes/mine> { state:nz skos:note 'One.'@en } "
        "GRAPH <urn:x> { state:jp skos:note 'Two.'@en } "
        "GRAPH <https://w3id.org/defgraph/graph/reference/posts> { post:nz-defence-minister skos:note 'Three.'@en } }"
    )
    (checkout / "data" / "gone.ttl").write_text("# A note.\n<urn:a> <urn:b> 1 .\n")
    note = ROOT / "docs" / "second-source" / "anzus.ttl"
    assert run("load", note, "--store", store, "--author", "kim").exit_code == 0
    assert run("update", update, "--store", store, "--author", "kim").exit_code == 0
    before = contents(checkout)

    done = run("export", "--tree", checkout, "--store", store)

    assert done.exit_code == 0, done.output
    changed = {
        str(path.relative_to(checkout))
        for path, content in contents(checkout).items()
        if before.get(path) != content and store not in path.parents
    }
    assert changed == {
        *("data/notes/mine.ttl", "data/anzus.ttl", "data/reference/posts.ttl", "other.nq")
    }
    posts = (checkout / "data" / "reference" / "posts.ttl").read_text()
    assert (
        posts.splitlines()[0]
        == before[checkout / "data/reference/posts.ttl"].decode().splitlines()[0]
    )
    assert '"Three."@en' in posts
    assert "urn:x" in (checkout / "other.nq").read_text()
    assert (checkout / "data" / "gone.ttl").exists()
    assert "not deleted: data/gone.ttl" in done.output


@pytest.mark.parametrize(
    ("graph", "path"),
    [
        ("a/b", "a/b.ttl"),
        ("%E6%97%A5", "日.ttl"),
        ("a%20b", "a b.ttl"),
        ("a%2Fb", None),
        ("../a", None),
        ("a/../b", None),
        ("/a", None),
        ("", None),
        ("a%00b", None),
        ("x" * 300, None),
        ("inferred", None),
        ("a.ttl/b", None),
    ],
)
def test_a_graph_has_a_file_only_where_that_is_plain_and_leads_back(graph, path):
    found = trees.path_of(GRAPH + graph)

    assert (str(found) if found else None) == path


@pytest.mark.parametrize(
    "options",
    [
        ["--tree", "x", "--format", "turtle"],
        ["--tree", "x", "--graph", "graph:a"],
        ["--tree", "x", "--output", "y"],
        ["--store", "x", "--data", "y"],
    ],
)
def test_options_that_do_not_go_together_are_refused(options):
    done = run("export", *options)

    assert done.exit_code == 2
    assert not Path("x").exists()


def test_a_place_where_nothing_can_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")

    done = run("export", "--tree", tmp_path / "file")

    assert done.exit_code != 0
    assert isinstance(done.exception, defgraph.errors.UnwritableFileError)
