"""``snapshot``, ``backup`` and ``restore``."""

from __future__ import annotations

from defgraph.log import patches
from defgraph.log.changes import lines_of
from defgraph.log.files import WriterLock


def test_a_snapshot_is_what_the_store_is_opened_from(defgraph, plain):
    run = defgraph("snapshot", "--store", plain)

    assert run.out == f"{plain / '2.nq.gz'}\n"
    (plain / "1.rdfp").unlink()
    assert lines_of(patches.read(plain).dataset) == {b'<urn:a> <urn:b> "2" .'}


def test_a_backup_is_made_while_a_server_writes_and_restored_elsewhere(defgraph, plain, tmp_path):
    with WriterLock(plain):
        made = defgraph("backup", tmp_path / "backup", "--store", plain)
    restored = defgraph("restore", tmp_path / "backup", "--store", tmp_path / "again")

    assert made.out == f"{tmp_path / 'backup'}: generation 2, 1 quad, checked.\n"
    assert restored.code == 0
    again = tmp_path / "again"
    assert defgraph("log", "--store", again).out == defgraph("log", "--store", plain).out
    assert defgraph("rollback", 1, "--store", again).code == 0


def test_nothing_is_written_over(defgraph, plain, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter").write_text("dear")

    assert defgraph("backup", full, "--store", plain).code == 2
    assert defgraph("restore", plain, "--store", full).code == 2
    assert [each.name for each in full.iterdir()] == ["letter"]


def test_a_damaged_store_is_backed_up_as_far_as_it_is_whole(defgraph, plain, tmp_path):
    (plain / "2.rdfp").write_bytes(b"")

    run = defgraph("backup", tmp_path / "backup", "--store", plain)

    assert run.code == 1
    assert "2.rdfp" in run.err
    assert run.out == f"{tmp_path / 'backup'}: generation 1, 1 quad, checked.\n"
