from __future__ import annotations

import gzip
import os
import pty
import shutil
import subprocess
import sys

import pytest

from defgraph import loading, sources
from defgraph.log import patches
from defgraph.log.changes import lines_of
from defgraph.log.files import WriterLock

ARTICLE = sources.folder("data") / "articles" / "2025-12-japan-new-zealand.ttl"
NOTE = """
state:nz rdfs:comment "Kia ora"@en .
"""


def held(store):
    """The lines of the newest generation."""
    return lines_of(patches.read(store).dataset)


def test_a_new_store_begins_with_the_shipped_dataset(defgraph, write, tmp_path):
    store = tmp_path / "store"

    run = defgraph("load", write("note.ttl", NOTE), "--store", store)

    assert (run.code, run.err) == (0, "")
    assert run.out == "Generation 2: 1 quad added, 0 deleted.\n"
    assert any(b"jp-nz-acsa-2025" in line for line in held(store))
    assert any(b'"Kia ora"@en <https://w3id.org/defgraph/graph/note>' in x for x in held(store))


def test_what_follows_is_written_with_it(defgraph, write, tmp_path):
    store = tmp_path / "store"
    state = 'state:xx a def:State ; rdfs:label "X"@en ; def:hasForce force:xx .\n'
    force = 'force:xx a def:ArmedForce ; rdfs:label "F"@en .\n'

    run = defgraph("load", write("x.ttl", state + force), "--store", store)

    assert run.code == 0, run.out
    inferred = [line for line in held(store) if line.endswith(b"graph/inferred> .")]
    assert any(b"id/force/xx> <https://w3id.org/defgraph/def/forceOf>" in x for x in inferred)


def test_the_same_files_again_change_nothing(defgraph, tmp_path):
    store = tmp_path / "store"
    copy = tmp_path / "data"
    shutil.copytree(sources.folder("data"), copy)

    run = defgraph("load", copy, "--store", store)

    assert run.code == 0
    assert run.out == "Nothing to change: generation 1 is so already.\n"


def test_what_the_shapes_refuse_changes_nothing(defgraph, write, tmp_path):
    store = tmp_path / "store"
    wrong = write("wrong.ttl", "agreement:x a def:Agreement ; def:hasParty person:judith-collins .")

    run = defgraph("load", wrong, "--store", store)

    assert run.code == 1
    assert "agreement:x in graph:wrong" in run.out
    assert "refuse" in run.err
    assert patches.read(store).generation.number == 1


def test_a_plain_store_takes_anything_into_its_default_graph(defgraph, write, tmp_path):
    wrong = write("wrong.ttl", "agreement:x a def:Agreement .")

    run = defgraph("load", wrong, "--store", tmp_path / "store", "--plain")

    assert run.out == "Generation 1: 1 quad added, 0 deleted.\n"
    [line] = held(tmp_path / "store")
    assert line.endswith(b"def/Agreement> .")


def test_a_graph_may_be_named(defgraph, write, plain):
    run = defgraph("load", write("n.ttl", NOTE), "--graph", "graph:notes", "--store", plain)

    assert run.code == 0
    assert any(line.endswith(b"graph/notes> .") for line in held(plain))


def test_to_replace_is_to_replace_only_the_graphs_that_are_loaded(defgraph, write, plain):
    defgraph("load", write("n.ttl", NOTE), "--graph", "urn:g", "--store", plain)
    other = write("m.ttl", 'state:nz rdfs:comment "Hi"@en .')

    run = defgraph("load", other, "--graph", "urn:g", "--replace", "--store", plain)

    assert run.out == "Generation 4: 1 quad added, 1 deleted.\n"
    assert len(held(plain)) == 2


def test_every_format_compressed_or_not(defgraph, plain, tmp_path):
    folder = tmp_path / "rdf"
    folder.mkdir()
    (folder / "a.nq").write_text("<urn:nq> <urn:p> <urn:o> <urn:g> .")
    (folder / "a.trig").write_text("<urn:g> { <urn:trig> <urn:p> <urn:o> }")
    (folder / "a.jsonld").write_text('{"@id": "urn:jsonld", "urn:p": {"@id": "urn:o"}}')
    (folder / "a.nt.gz").write_bytes(gzip.compress(b"<urn:nt> <urn:p> <urn:o> ."))
    (folder / "a.rdf").write_text(
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
        '<r:Description r:about="urn:rdf"><u:p r:resource="urn:o"/></r:Description></r:RDF>'
    )
    (folder / "notes.txt").write_text("not RDF")

    run = defgraph("load", folder, "--store", plain)

    assert run.out == "Generation 3: 5 quads added, 0 deleted.\n"


def test_blank_nodes_of_two_files_stay_apart(defgraph, plain, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.nt").write_text(f'_:b <urn:name> "{name}" .')

    defgraph("load", tmp_path / "one.nt", tmp_path / "two.nt", "--store", plain)

    nodes = {line.split()[0] for line in held(plain) if line.startswith(b"_:")}
    assert len(nodes) == 2


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.ttl", "<urn:a> <urn:b>\n  nope:c .", "a.ttl, line 2"),
        ("a.nt", "<urn:a> <urn:b> .", "a.nt is not N-Triples"),
        ("a.jsonld", "{", "a.jsonld is not JSON-LD"),
        ("a.nt.gz", "no gzip", "cannot be read"),
        ("a.txt", "", "no format of RDF"),
    ],
)
def test_what_cannot_be_read_changes_nothing(defgraph, plain, name, text, reason):
    tmp_path = plain.parent
    (tmp_path / name).write_text(text)
    (tmp_path / "fine.nt").write_text("<urn:x> <urn:y> <urn:z> .")

    run = defgraph("load", tmp_path / "fine.nt", tmp_path / name, "--store", plain)

    assert (run.code, run.out) == (2, "")
    assert reason in run.err
    assert patches.read(plain).generation.number == 2


def test_quads_cannot_be_put_into_one_graph(defgraph, plain, tmp_path):
    (tmp_path / "a.nq").write_text("<urn:a> <urn:b> <urn:c> <urn:g> .")

    run = defgraph("load", tmp_path / "a.nq", "--graph", "urn:h", "--store", plain)

    assert run.code == 2
    assert "names its graphs itself" in run.err


def test_a_graph_is_an_iri(defgraph, write, plain):
    run = defgraph("load", write("n.ttl", NOTE), "--graph", "my graph", "--store", plain)

    assert run.code == 2
    assert "is no IRI" in run.err


def test_the_inferred_graph_is_not_loaded_into(defgraph, write, tmp_path):
    run = defgraph(
        "load", write("n.ttl", NOTE), "--graph", "graph:inferred", "--store", tmp_path / "store"
    )

    assert run.code == 2
    assert "graph/inferred" in run.err


def test_while_a_server_writes_the_command_says_to_use_http(defgraph, write, plain):
    with WriterLock(plain):
        run = defgraph("load", write("n.ttl", NOTE), "--store", plain)

    assert (run.code, run.out) == (2, "")
    assert "over HTTP" in run.err
    assert str(os.getpid()) in run.err


def test_an_endpoint_is_no_folder(defgraph, write):
    run = defgraph("load", write("n.ttl", NOTE), "--store", "https://example.org/sparql")

    assert run.code == 2


def test_a_terminal_is_shown_how_it_goes(tmp_path):
    (tmp_path / "a.nt").write_text("".join(f"<urn:{n}> <urn:b> <urn:c> .\n" for n in range(9000)))
    ours, theirs = pty.openpty()
    command = "from defgraph.cli import main; main()"
    arguments = ["load", "a.nt", "--plain", "--store", "store"]
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        done = subprocess.run(
            [sys.executable, "-c", command, *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
            check=False,
        )
        os.close(theirs)
        shown = terminal.read(65536).decode()

    assert done.returncode == 0
    assert "Reading" in shown
    assert "/s" in shown  # the rate


def older(tmp_path, defgraph, write):
    """A store that begins with older shipped data, beside which somebody keeps a graph."""
    store = tmp_path / "store"
    defgraph("load", write("note.ttl", NOTE), "--store", store)
    states = "GRAPH <https://w3id.org/defgraph/graph/reference/states>"
    update = (
        f'DELETE DATA {{ {states} {{ state:nz skos:hiddenLabel "Aotearoa"@mi }} }} ; '
        f'INSERT DATA {{ {states} {{ state:nz rdfs:comment "Old"@en }} }}'
    )
    run = defgraph("update", "--store", store, update)
    assert run.code == 0, run.err + run.out
    return store


def test_the_shipped_graphs_are_brought_up_to_date_and_no_other_one(defgraph, write, tmp_path):
    store = older(tmp_path, defgraph, write)

    run = defgraph("load", "--shipped", "--store", store)

    assert (run.code, run.err) == (0, "")
    assert run.out == (
        "Generation 4: 1 quad added, 1 deleted.\n"
        "  <https://w3id.org/defgraph/graph/reference/states>: 1 quad added, 1 deleted\n"
    )
    shipped = lines_of(loading.load())
    notes = {line for line in held(store) if line.endswith(b"graph/note> .")}
    assert len(notes) == 1
    assert held(store) == shipped | notes


def test_what_is_shipped_again_changes_nothing(defgraph, write, tmp_path):
    store = older(tmp_path, defgraph, write)
    defgraph("load", "--shipped", "--store", store)

    run = defgraph("load", "--shipped", "--store", store)

    assert run.out == "Nothing to change: generation 4 is so already.\n"
    assert patches.read(store).generation.number == 4


def test_the_shapes_judge_the_shipped_graphs_beside_ones_own(
    defgraph, write, tmp_path, monkeypatch
):
    store = older(tmp_path, defgraph, write)
    newer = tmp_path / "newer"
    shutil.copytree(sources.folder("data"), newer / "data")
    shutil.copytree(sources.folder("ontology"), newer / "ontology")
    shutil.copytree(sources.folder("shapes"), newer / "shapes")
    write("newer/data/wrong.ttl", "agreement:x a def:Agreement .")
    monkeypatch.setattr(sources, "folder", newer.joinpath)

    run = defgraph("load", "--shipped", "--store", store)

    assert run.code == 1
    assert "agreement:x in graph:wrong" in run.out
    assert patches.read(store).generation.number == 3


@pytest.mark.parametrize("more", [["x.ttl"], ["--graph", "urn:g"], ["--replace"], ["--plain"]])
def test_what_is_shipped_says_itself_what_is_loaded_and_where_to(defgraph, tmp_path, more):
    run = defgraph("load", "--shipped", *more, "--store", tmp_path / "store")

    assert run.code == 2
    assert "neither FILES nor --graph" in " ".join(run.err.split())
    assert not (tmp_path / "store").exists()


def test_nothing_is_shipped_to_a_plain_store_or_to_none(defgraph, plain, tmp_path):
    to_plain = defgraph("load", "--shipped", "--store", plain)
    to_none = defgraph("load", "--shipped", "--store", tmp_path / "none")

    assert (to_plain.code, to_none.code) == (2, 2)
    assert "is a plain store" in to_plain.err
    assert "holds no store" in to_none.err
    assert not (tmp_path / "none").exists()


def test_something_is_to_be_loaded(defgraph, tmp_path):
    run = defgraph("load", "--store", tmp_path / "store")

    assert run.code == 2
    assert "--shipped" in run.err
