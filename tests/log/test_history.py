"""The past of a store: log, differences, states as of a generation, copies."""

import pytest

from defgraph.errors import (
    NoStoreError,
    StoreDamagedError,
    UnknownGenerationError,
    UnwritableFileError,
)
from defgraph.log import history, patches
from defgraph.log.changes import Changes, difference, lines_of
from defgraph.log.files import WriterLock
from defgraph.log.generations import Generation
from defgraph.log.patch_log import PatchLog
from defgraph.log.patches import Damage

QUADS = [f'_:b <http://e/p> "{n}" <http://e/g> .'.encode() for n in range(6)]
STATES = [set(), set(QUADS[:2]), set(QUADS[1:4]), set(QUADS[:5]), set(QUADS[4:])]


@pytest.fixture
def store(tmp_path):
    """A store whose generation n is STATES[n]."""
    folder = tmp_path / "store"
    with WriterLock(folder) as lock:
        log, dataset = PatchLog.open(folder, lock)
        for number, state in enumerate(STATES[1:], 1):
            changes = difference(lines_of(dataset), state)
            changes.apply_to(dataset)
            log.append(changes, author="kim", message=f"state {number}")
            if number == 3:
                log.write_snapshot(dataset, keep=2)
    return folder


def test_the_log_tells_of_each_generation_the_newest_first(store):
    told = [
        (each.number, each.author, each.message, each.added, each.deleted, each.fingerprint.quads)
        for each in history.generations(store)
    ]

    assert told == [
        (4, "kim", "state 4", 1, 4, 2),
        (3, "kim", "state 3", 2, 0, 5),
        (2, "kim", "state 2", 2, 1, 3),
        (1, "kim", "state 1", 2, 0, 2),
    ]


def test_the_log_tells_what_is_damaged_where_it_is(store):
    (store / "2.rdfp").write_bytes(b"")

    told = [
        each.number if isinstance(each, Generation) else each.path.name
        for each in history.generations(store)
    ]

    assert told == [4, 3, "2.rdfp", 1]


def test_the_log_tells_what_is_missing(store):
    (store / "2.rdfp").unlink()
    (store / "4.rdfp").unlink()

    faults = [each.fault for each in history.generations(store) if isinstance(each, Damage)]

    assert faults == ["it is missing", "the generation that it continues is not here"]


@pytest.mark.parametrize("start", range(5))
@pytest.mark.parametrize("end", range(5))
def test_the_difference_between_any_two_generations(store, start, end):
    changes = history.difference(store, start, end)

    assert changes == difference(STATES[start], STATES[end])


@pytest.mark.parametrize("number", range(5))
def test_the_dataset_as_of_any_generation(store, number):
    assert lines_of(history.dataset_at(store, number)) == STATES[number]


def test_going_back_is_a_new_generation_with_old_content(store):
    with WriterLock(store) as lock:
        log, dataset = PatchLog.open(store, lock)
        back = history.difference(store, log.head.number, 2)
        back.apply_to(dataset)
        made = log.append(back, author="lee", message="Back to 2")

    assert made.number == 5
    assert lines_of(history.dataset_at(store, 5)) == STATES[2]
    assert history.difference(store, 2, 5) == Changes()


def test_a_generation_that_is_not_there_is_named(store):
    with pytest.raises(UnknownGenerationError, match="no generation 9; its newest is 4"):
        history.difference(store, 1, 9)
    with pytest.raises(UnknownGenerationError):
        history.dataset_at(store, 9)


def test_a_difference_across_a_damaged_patch_is_refused(store):
    (store / "2.rdfp").write_bytes(b"")

    with pytest.raises(StoreDamagedError, match=r"2\.rdfp"):
        history.difference(store, 1, 4)
    with pytest.raises(StoreDamagedError, match=r"2\.rdfp"):
        history.dataset_at(store, 2)
    assert history.difference(store, 3, 4) == difference(STATES[3], STATES[4])


def test_a_difference_across_a_missing_patch_is_refused(store):
    (store / "2.rdfp").unlink()

    with pytest.raises(StoreDamagedError, match="continues a generation that is not here"):
        history.difference(store, 1, 4)


def test_a_copy_made_while_in_use_is_the_whole_store(store, tmp_path):
    with WriterLock(store):
        opened = history.copy_store(store, tmp_path / "copy")

    assert opened.damages == ()
    copied = patches.read(tmp_path / "copy")
    assert copied.generation == opened.generation
    assert copied.damages == ()
    assert lines_of(copied.dataset) == STATES[4]
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {
        path.name for path in store.iterdir()
    } - {"lock"}


def test_a_copy_leaves_out_what_is_damaged_and_says_so(store, tmp_path):
    (store / "3.nq.gz").write_bytes(b"")
    (store / "4.rdfp").write_bytes(b"")

    opened = history.copy_store(store, tmp_path / "copy")

    assert {damage.path.name for damage in opened.damages} == {"3.nq.gz", "4.rdfp"}
    copied = patches.read(tmp_path / "copy")
    assert (copied.generation.number, copied.damages) == (3, ())


def test_a_copy_is_made_into_an_empty_folder_only(store, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").touch()

    with pytest.raises(UnwritableFileError, match="not empty"):
        history.copy_store(store, tmp_path / "copy")


def test_a_damaged_copy_is_not_restored(store, tmp_path):
    history.copy_store(store, tmp_path / "copy")
    for path in (tmp_path / "copy").iterdir():
        path.write_bytes(b"")

    with pytest.raises(StoreDamagedError):
        history.copy_store(tmp_path / "copy", tmp_path / "restored")

    assert not (tmp_path / "restored").exists()


def test_a_restored_store_goes_on_where_the_copy_was_made(store, tmp_path):
    history.copy_store(store, tmp_path / "copy")
    restored = tmp_path / "restored"
    history.copy_store(tmp_path / "copy", restored)

    with WriterLock(restored) as lock:
        log, _ = PatchLog.open(restored, lock)
        made = log.append(Changes(), author="kim", message="go on")

    assert made.number == 5
    assert lines_of(history.dataset_at(restored, 1)) == STATES[1]


def test_a_folder_without_a_store_has_no_past(tmp_path):
    with pytest.raises(NoStoreError):
        list(history.generations(tmp_path))
    with pytest.raises(NoStoreError):
        history.difference(tmp_path, 0, 1)
    with pytest.raises(NoStoreError):
        history.copy_store(tmp_path, tmp_path / "copy")


def test_a_damaged_snapshot_is_told_though_nothing_is_lost(tmp_path):
    with WriterLock(tmp_path) as lock:
        log, dataset = PatchLog.open(tmp_path, lock)
        log.append(Changes(), author="kim", message="")
        log.write_snapshot(dataset, keep=1)
    path = tmp_path / "1.nq.gz"
    path.write_bytes(path.read_bytes()[:-9])

    told = list(history.generations(tmp_path))

    assert [each.path for each in told if isinstance(each, Damage)] == [path]
    assert [each.number for each in told if isinstance(each, Generation)] == [1]
