"""Files that are there whole or not at all; one writer at a time."""

import errno
import os
import subprocess
import sys

import pytest

from defgraph.errors import StoreError, StoreLockedError, UnwritableFileError
from defgraph.log.files import BrokenFileError, WriterLock, publish, reading, set_aside

HOLD = """
import sys
from pathlib import Path
from defgraph.log.files import WriterLock
lock = WriterLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
HOLD_BY_A_CHILD = HOLD.replace("print", "os.fork() and os._exit(0)\nprint").replace(
    "sys", "os, sys", 1
)


@pytest.fixture
def holder(tmp_path):
    """Another process that has the lock until its input closes."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_what_is_published_is_there_alone(tmp_path):
    publish(tmp_path / "a", b"content")

    assert (tmp_path / "a").read_bytes() == b"content"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_a_file_is_published_once(tmp_path):
    publish(tmp_path / "a", b"content")

    with pytest.raises(UnwritableFileError):
        publish(tmp_path / "a", b"other")

    assert (tmp_path / "a").read_bytes() == b"content"


@pytest.mark.parametrize("failing", ["fsync of the file", "fsync of the folder"])
def test_a_failing_disk_leaves_nothing(tmp_path, monkeypatch, failing):
    true_fsync, calls = os.fsync, []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) == (1 if failing == "fsync of the file" else 2):
            raise OSError(errno.EIO, "Input/output error")
        true_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)

    with pytest.raises(UnwritableFileError, match="Input/output error"):
        publish(tmp_path / "a", b"content")

    assert list(tmp_path.iterdir()) == []
    publish(tmp_path / "a", b"content")


def test_files_set_aside_do_not_replace_each_other(tmp_path):
    for content in ("one", "two", "three"):
        (tmp_path / "7.rdfp").write_text(content)
        set_aside(tmp_path / "7.rdfp")

    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == {
        "7.rdfp.aside": "one",
        "7.rdfp.aside-2": "two",
        "7.rdfp.aside-3": "three",
    }


def test_a_disk_that_fails_to_read_is_damage_and_a_refusal_is_not(tmp_path):
    with pytest.raises(BrokenFileError), reading(tmp_path):
        raise OSError(errno.EIO, "Input/output error")
    with pytest.raises(StoreError, match="Permission denied"), reading(tmp_path):
        raise OSError(errno.EACCES, "Permission denied")


def test_a_second_writer_is_refused_and_told_who_is_the_first(tmp_path, holder):
    with pytest.raises(StoreLockedError, match=f"process {holder.pid}, since 20"):
        WriterLock(tmp_path)


def test_the_lock_holds_when_the_file_that_describes_it_is_deleted(tmp_path, holder):
    (tmp_path / "lock").unlink()

    with pytest.raises(StoreLockedError):
        WriterLock(tmp_path)


def test_a_killed_writer_has_no_lock(tmp_path, holder):
    holder.kill()
    holder.wait()

    with WriterLock(tmp_path):
        assert f"process {os.getpid()}" in (tmp_path / "lock").read_text()


def test_a_writer_can_wait_for_another_to_end(tmp_path, holder):
    holder.stdin.close()

    WriterLock(tmp_path, wait_s=20).release()


def test_a_forked_child_keeps_the_lock_when_its_parent_ends(tmp_path):
    command = [sys.executable, "-c", HOLD_BY_A_CHILD, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as parent:
        assert parent.stdout.readline() == "held\n"
        assert parent.wait() == 0

        with pytest.raises(StoreLockedError):
            WriterLock(tmp_path)

        parent.stdin.close()
        WriterLock(tmp_path, wait_s=20).release()


def test_a_lock_that_was_released_is_free(tmp_path):
    WriterLock(tmp_path / "new" / "folder").release()
    with WriterLock(tmp_path / "new" / "folder"):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(UnwritableFileError):
        WriterLock(tmp_path / "file" / "store")
