from __future__ import annotations

import pytest

from defgraph.log import patches
from defgraph.log.changes import lines_of
from defgraph.log.files import WriterLock

INSERT = 'INSERT DATA { <urn:a> <urn:b> "3" }'


def test_an_update_is_a_generation(defgraph, plain):
    run = defgraph("update", INSERT, "--store", plain, "--author", "lee", "-m", "Three")

    opened = patches.read(plain)
    assert (run.code, run.out) == (0, "Generation 3: 1 quad added, 0 deleted.\n")
    assert b'<urn:a> <urn:b> "3" .' in lines_of(opened.dataset)
    assert (opened.generation.author, opened.generation.message) == ("lee", "Three")


def test_an_update_may_be_a_file_or_come_from_standard_input(defgraph, plain, tmp_path):
    (tmp_path / "u.ru").write_text(INSERT)

    from_file = defgraph("update", tmp_path / "u.ru", "--store", plain)
    from_stdin = defgraph("update", "-", "--store", plain, stdin="CLEAR ALL")

    assert from_file.out == "Generation 3: 1 quad added, 0 deleted.\n"
    assert from_stdin.out == "Generation 4: 0 quads added, 2 deleted.\n"


def test_an_update_that_changes_nothing_is_no_generation(defgraph, plain):
    run = defgraph("update", "DELETE WHERE { <urn:none> ?p ?o }", "--store", plain)

    assert run.out == "Nothing to change: generation 2 is so already.\n"


@pytest.fixture
def shipped(defgraph, write, tmp_path):
    """A store that began with the shipped dataset."""
    folder = tmp_path / "shipped"
    defgraph("load", write("n.ttl", 'state:nz rdfs:comment "x"@en .'), "--store", folder)
    return folder


def test_what_the_shapes_refuse_changes_nothing(defgraph, shipped):
    run = defgraph(
        "update", "DELETE WHERE { GRAPH ?g { state:nz rdfs:label ?name } }", "--store", shipped
    )

    assert run.code == 1
    assert "state:nz in https" in run.out or "state:nz in" in run.out
    assert patches.read(shipped).generation.number == 2


def test_the_inferred_graph_is_not_written_to(defgraph, shipped):
    run = defgraph("update", "CLEAR GRAPH graph:inferred", "--store", shipped)

    assert run.code == 2
    assert "graph/inferred" in run.err


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ("INSERT DATA { <urn:a> <urn:b>", "line 1, column"),
        ("LOAD <http://127.0.0.1:9/>", "LOAD is not done"),
        ("INSERT { ?s ?p 1 } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
        ("INSERT DATA { <urn:a> <urn:b> '\udcff' }", "surrogate"),
        ("missing.ru", "no such file"),
    ],
)
def test_what_cannot_be_done_is_told(defgraph, plain, update, reason):
    run = defgraph("update", update, "--store", plain)

    assert (run.code, run.out) == (2, "")
    assert reason in run.err
    assert patches.read(plain).generation.number == 2


def test_a_syntax_error_names_the_file(defgraph, plain, tmp_path):
    (tmp_path / "u.ru").write_text("INSERT DATA {")

    run = defgraph("update", tmp_path / "u.ru", "--store", plain)

    assert str(tmp_path / "u.ru") in run.err


def test_while_a_server_writes_the_command_says_to_use_http(defgraph, plain):
    with WriterLock(plain):
        run = defgraph("update", INSERT, "--store", plain)

    assert run.code == 2
    assert "over HTTP" in run.err


def test_an_update_that_was_meant_for_named_graphs_is_told_so(defgraph, plain):
    defgraph("update", "INSERT DATA { GRAPH <urn:g> { <urn:x> <urn:y> 1 } }", "--store", plain)

    run = defgraph("update", "DELETE WHERE { <urn:x> ?p ?o }", "--store", plain)

    assert (run.code, run.out.count("GRAPH, WITH or USING")) == (0, 1)
