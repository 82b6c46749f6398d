"""``log``, ``diff`` and ``rollback``."""

from __future__ import annotations

import json

import pytest

from defgraph.log import patches
from defgraph.log.changes import lines_of
from defgraph.log.files import WriterLock


def test_the_log_is_a_table_with_the_newest_generation_first(defgraph, plain):
    run = defgraph("log", "--store", plain)

    headings, newest, oldest = (line.split() for line in run.out.splitlines())
    assert headings == ["generation", "time", "author", "added", "deleted", "quads", "message"]
    assert [newest[0], *newest[2:6]] == ["2", "kim", "1", "1", "1"]
    assert oldest[-1].endswith("1.nt")


def test_the_log_for_programs(defgraph, plain):
    run = defgraph("log", "--store", plain, "--format", "json", "-n", "1")

    [newest] = json.loads(run.out)
    assert (newest["generation"], newest["added"], newest["quads"]) == (2, 1, 1)


def test_the_log_is_there_while_a_server_writes(defgraph, plain):
    with WriterLock(plain):
        assert defgraph("log", "--store", plain).code == 0
        assert defgraph("diff", 1, 2, "--store", plain).code == 0


def test_damage_is_said_aloud(defgraph, plain):
    (plain / "1.rdfp").write_bytes(b"")

    run = defgraph("log", "--store", plain)

    assert run.code == 1
    assert "1.rdfp" in run.err
    assert len(run.out.splitlines()) == 2


def test_diff_is_an_rdf_patch_with_counts(defgraph, plain):
    run = defgraph("diff", 1, 2, "--store", plain)

    assert run.out == (
        'H from "1" .\nH to "2" .\nH added "1" .\nH deleted "1" .\n'
        'TX .\nD <urn:a> <urn:b> "1" .\nA <urn:a> <urn:b> "2" .\nTC .\n'
    )


def test_diff_goes_back_too(defgraph, plain):
    run = defgraph("diff", 2, 0, "--counts", "--store", plain)

    assert run.out == "0 quads added, 1 deleted\n"


def test_rollback_is_a_new_generation_of_old_content(defgraph, plain):
    run = defgraph("rollback", 1, "--store", plain, "--author", "lee")

    opened = patches.read(plain)
    assert run.out == "Generation 3: 1 quad added, 1 deleted.\n"
    assert lines_of(opened.dataset) == {b'<urn:a> <urn:b> "1" .'}
    assert (opened.generation.author, opened.generation.message) == (
        "lee",
        "Roll back to generation 1",
    )


def test_rollback_to_what_is_changes_nothing(defgraph, plain):
    run = defgraph("rollback", 2, "--store", plain)

    assert run.out == "Nothing to change: generation 2 is so already.\n"


def test_rollback_waits_for_no_server(defgraph, plain):
    with WriterLock(plain):
        run = defgraph("rollback", 1, "--store", plain)

    assert run.code == 2
    assert "over HTTP" in run.err


@pytest.mark.parametrize(
    "arguments", [("diff", 1, 9), ("diff", 9, 1), ("rollback", 9)], ids=lambda each: each[0]
)
def test_an_unknown_generation_is_told(defgraph, plain, arguments):
    run = defgraph(*arguments, "--store", plain)

    assert (run.code, run.out) == (2, "")
    assert "no generation 9; its newest is 2" in run.err


@pytest.mark.parametrize(
    "arguments",
    [("log",), ("diff", 0, 1), ("rollback", 1), ("snapshot",)],
    ids=lambda each: each[0],
)
def test_a_folder_without_a_store_is_told_and_left_alone(defgraph, tmp_path, arguments):
    run = defgraph(*arguments, "--store", tmp_path / "none")

    assert (run.code, run.out) == (2, "")
    assert "holds no store" in run.err
    assert not (tmp_path / "none").exists()


def test_the_store_may_be_in_the_environment(defgraph, plain, monkeypatch):
    monkeypatch.setenv("DEFGRAPH_STORE", str(plain))

    assert defgraph("log").code == 0
