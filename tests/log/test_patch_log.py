"""The log: what was acknowledged is there, what is damaged is said, no dataset is a wrong one."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defgraph.errors import StoreDamagedError, StoreError, UnwritableFileError
from defgraph.log import records
from defgraph.log.changes import Changes, difference, lines_of
from defgraph.log.files import WriterLock
from defgraph.log.patch_log import REPAIRER, PatchLog, SnapshotPolicy

SHM = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # many small files are quick there
UNIVERSE = [
    b'<http://e/s> <http://e/p> "1" <http://e/g> .',
    b'<http://e/s> <http://e/p> "2.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
    b"_:a <http://e/p> _:b <http://e/g> .",
    b"_:b <http://e/p> <http://e/s> _:g .",
    rb'_:a <http://e/p> "A \"B\"\nD .\u0000"@en-nz .',
    b"<http://e/s> <http://e/p> <<( _:a <http://e/p> _:b )>> .",
]
states = st.sets(st.sampled_from(UNIVERSE)).map(frozenset)


def write(log, dataset, state):
    """Make *state* the next generation."""
    changes = difference(lines_of(dataset), set(state))
    changes.apply_to(dataset)
    return log.append(changes, author="kim", message=f"Now {len(state)} quads")


def fill(folder, visited, snapshots=()):
    """Make a store with a generation for each state; return what each number stands for."""
    history = {0: frozenset()}
    with WriterLock(folder) as lock:
        log, dataset = PatchLog.open(folder, lock)
        for state in visited:
            history[write(log, dataset, state).number] = state
            if log.head.number in snapshots:
                log.write_snapshot(dataset, keep=len(snapshots))
    return history


@pytest.fixture
def store(tmp_path):
    fill(tmp_path / "store", [UNIVERSE[:n] for n in range(1, 6)], snapshots=[3])
    return tmp_path / "store"


@given(visited=st.lists(states, max_size=8), snapshots=st.sets(st.integers(1, 8)))
@settings(max_examples=50)
def test_a_store_opened_again_is_what_was_written(visited, snapshots):
    with TemporaryDirectory(dir=SHM) as name:
        history = fill(Path(name), visited, snapshots)

        log, dataset = PatchLog.open(Path(name))

        assert log.damages == ()
        assert log.head.number == len(visited)
        assert lines_of(dataset) == history[len(visited)]


@pytest.fixture(scope="module")
def files():
    """The files of a store with two snapshots, and the states of its generations."""
    visited = [frozenset(UNIVERSE[: n % 5 + 1]) for n in range(8)]
    with TemporaryDirectory(dir=SHM) as name:
        history = fill(Path(name), visited, snapshots=[3, 6])
        return {path.name: path.read_bytes() for path in Path(name).iterdir()}, history


def is_told(file, kind):
    """Whether such a damage is said: it is not where that file may be deleted at any time."""
    return file != "lock" and (file, kind) != ("3.nq.gz", "delete")  # there is a newer one


def damaged(content, kind, where, bit):
    at = int(where * len(content))
    if kind == "delete":
        return None
    if kind == "cut":
        return content[:at]
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


damages = st.tuples(
    st.sampled_from(["flip", "cut", "delete"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 7),
)


@given(data=st.data())
@settings(max_examples=400)
def test_no_damage_makes_a_wrong_dataset_or_goes_unsaid(files, data):
    contents, history = files
    newest = max(history)
    hit = data.draw(st.dictionaries(st.sampled_from(sorted(contents)), damages, max_size=3))
    with TemporaryDirectory(dir=SHM) as name:
        folder = Path(name)
        for file, content in contents.items():
            left = damaged(content, *hit[file]) if file in hit else content
            if left is not None:
                (folder / file).write_bytes(left)
        try:
            log, dataset = PatchLog.open(folder)
        except StoreDamagedError:
            return

        found = log.head.number
        assert lines_of(dataset) == history[found]
        assert found == newest or log.damages
        assert log.damages or not any(is_told(file, kind) for file, (kind, *_) in hit.items())

        with WriterLock(folder) as lock:
            log, dataset = PatchLog.open(folder, lock)
            assert lines_of(dataset) == history[found]
            made = write(log, dataset, UNIVERSE[:1])
        assert made.number > newest or "head" in hit
        log, dataset = PatchLog.open(folder)
        assert log.head == made
        assert lines_of(dataset) == set(UNIVERSE[:1])


def test_mending_sets_aside_deletes_nothing_and_marks_the_loss(store):
    (store / "4.rdfp").write_bytes(b"")
    (store / "6.rdfp.unfinished").write_bytes(b"half")

    with WriterLock(store) as lock:
        log, _ = PatchLog.open(store, lock)

    assert log.head.number == 6
    assert (log.head.author, log.head.message) == (REPAIRER, "Generations 4 to 5 were lost")
    assert {path.name for path in store.iterdir()} == {
        *["1.rdfp", "2.rdfp", "3.rdfp", "3.nq.gz", "4.rdfp.aside", "5.rdfp.aside", "6.rdfp"],
        *["head", "lock", "snapshot"],
    }


def test_a_loss_is_said_as_long_as_its_files_are_there(store):
    (store / "5.rdfp").write_bytes(b"")
    for _ in range(2):
        with WriterLock(store) as lock:
            log, _ = PatchLog.open(store, lock)
            log.append(Changes(), author="kim", message="go on")

    assert log.head.number == 8
    assert [damage.path.name for damage in log.damages] == ["5.rdfp.aside"]


def test_the_deletion_of_the_newest_patch_is_said_and_its_number_not_used_again(store):
    (store / "5.rdfp").unlink()

    with WriterLock(store) as lock:
        log, _ = PatchLog.open(store, lock)

    assert [(damage.path.name, damage.fault) for damage in log.damages] == [
        ("5.rdfp", "it is missing")
    ]
    assert log.head.number == 6


def test_a_reader_does_not_write(store):
    log, _ = PatchLog.open(store)

    with pytest.raises(StoreError, match="read only"):
        log.append(Changes(), author="", message="")


def test_a_follower_gets_what_was_appended_and_nothing_twice(store):
    follower, dataset = PatchLog.open(store)
    assert list(follower.newer()) == []

    with WriterLock(store) as lock:
        log, written = PatchLog.open(store, lock)
        write(log, written, UNIVERSE[3:])
        write(log, written, UNIVERSE[2:])

    for _, changes in follower.newer():
        changes.apply_to(dataset)
    assert follower.head == log.head
    assert lines_of(dataset) == set(UNIVERSE[2:])
    assert list(follower.newer()) == []


def test_a_follower_of_generations_that_were_lost_must_open_anew(store):
    follower, _ = PatchLog.open(store)
    (store / "5.rdfp").write_bytes(b"")
    with WriterLock(store) as lock:
        PatchLog.open(store, lock)

    with pytest.raises(StoreDamagedError, match="newer generations cannot be followed"):
        list(follower.newer())


def test_a_snapshot_is_due_by_number_or_by_size_of_patches(store):
    log, dataset = PatchLog.open(store)
    size = sum((store / f"{n}.rdfp").stat().st_size for n in (4, 5))

    assert log.snapshot_due(SnapshotPolicy(patches=2))
    assert not log.snapshot_due(SnapshotPolicy(patches=3))
    assert log.snapshot_due(SnapshotPolicy(bytes=size))
    assert not log.snapshot_due(SnapshotPolicy(bytes=size + 1))
    log.write_snapshot(dataset, keep=2)
    assert not log.snapshot_due(SnapshotPolicy(patches=1))


def test_old_snapshots_go_and_patches_stay(store):
    log, dataset = PatchLog.open(store)
    log.write_snapshot(dataset, keep=1)
    log.write_snapshot(dataset, keep=1)

    names = {path.name for path in store.iterdir()}
    assert {name for name in names if name.endswith(".nq.gz")} == {"5.nq.gz"}
    assert {f"{n}.rdfp" for n in range(1, 6)} <= names


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(records.os, "pwrite", _refuse)

    with pytest.raises(UnwritableFileError), WriterLock(tmp_path) as lock:
        PatchLog.open(tmp_path, lock)


def _refuse(*_):
    raise PermissionError(13, "Permission denied")


def test_a_dataset_of_the_user_keeps_its_blank_nodes(tmp_path):
    with WriterLock(tmp_path) as lock:
        log, dataset = PatchLog.open(tmp_path, lock)
        write(log, dataset, UNIVERSE)
        write(log, dataset, UNIVERSE[2:3])

    _, dataset = PatchLog.open(tmp_path)

    assert next(iter(dataset)).subject == ox.BlankNode("a")
