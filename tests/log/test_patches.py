"""Reading the files of a store: the newest whole generation, and of each damage what it costs."""

import shutil
from dataclasses import replace

import pytest

from defgraph.errors import NoStoreError, StoreDamagedError
from defgraph.log import patches
from defgraph.log.changes import Changes, Fingerprint, difference, lines_of
from defgraph.log.files import BrokenFileError, WriterLock
from defgraph.log.generations import encode
from defgraph.log.patch_log import PatchLog

QUADS = [f'_:b <http://e/p> "{n}" <http://e/g> .'.encode() for n in range(6)]
LATER = "generation 4 and those after it are lost"


def fill(folder, states):
    """Make a store with a generation for each state, and a snapshot of the third."""
    with WriterLock(folder) as lock:
        log, dataset = PatchLog.open(folder, lock)
        for state in states:
            changes = difference(lines_of(dataset), set(state))
            changes.apply_to(dataset)
            log.append(changes, author="kim", message="")
            if log.head.number == 3:
                log.write_snapshot(dataset, keep=1)
    return folder


@pytest.fixture
def store(tmp_path):
    return fill(tmp_path / "store", [QUADS[:n] for n in range(1, 6)])


def test_a_whole_store_is_read_to_its_end(store):
    opened = patches.read(store)

    assert opened.generation.number == 5
    assert opened.damages == ()
    assert lines_of(opened.dataset) == set(QUADS[:5])


@pytest.mark.parametrize("number", range(1, 6))
def test_the_first_files_of_a_store_are_a_store(store, number):
    opened = patches.read(store, upto=number)

    assert opened.generation.number == number
    assert opened.damages == ()
    assert lines_of(opened.dataset) == set(QUADS[:number])


def test_a_damaged_patch_costs_what_came_after_it_and_is_said(store):
    path = store / "4.rdfp"
    path.write_bytes(path.read_bytes().replace(b"kim", b"lee"))

    opened = patches.read(store)

    assert opened.generation.number == 3
    assert lines_of(opened.dataset) == set(QUADS[:3])
    assert str(opened.damages[0]) == (
        f"{path}: its bytes do not have the hash that was written with them; {LATER}; "
        "restore a backup if you need what is lost."
    )


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("other/4.rdfp", "it continues a generation that is not here"),
        ("store/5.rdfp", "it is the patch of generation 5, renamed"),
    ],
)
def test_a_whole_patch_in_the_wrong_place_is_not_taken(store, tmp_path, source, fault):
    fill(tmp_path / "other", [QUADS[5:]] * 5)
    shutil.copy(tmp_path / source, store / "4.rdfp")

    opened = patches.read(store)

    assert opened.generation.number == 3
    assert [(each.fault, each.loss) for each in opened.damages] == [(fault, LATER)]


def test_a_patch_that_does_not_make_what_it_says_is_not_taken(store):
    wrong = replace(patches.read(store).generation, fingerprint=Fingerprint(17, 17))
    _, file = encode(wrong, 6, Changes(), author="kim", message="")
    (store / "6.rdfp").write_bytes(file)

    opened = patches.read(store)

    assert opened.generation.number == 5
    assert opened.damages[0].fault.startswith("its changes do not make the dataset")


def test_a_patch_after_the_acknowledged_ones_is_whole_and_counts(store):
    patches.record_head(store, 4)  # as when the writer was killed before it wrote it down

    opened = patches.read(store)

    assert (opened.generation.number, opened.damages) == (5, ())


def test_what_is_written_while_the_files_are_listed_is_not_lost(store, monkeypatch):
    listed = patches.numbered

    def listed_before_a_write(folder, ending, upto=None):
        found = listed(folder, ending, upto)
        if ending == patches.PATCH:
            monkeypatch.undo()
            fill(folder, [QUADS])
        return found

    monkeypatch.setattr(patches, "numbered", listed_before_a_write)
    opened = patches.read(store)

    assert (opened.generation.number, opened.damages) == (5, ())
    assert patches.recorded_head(store) == 6


def test_the_newest_patch_does_not_disappear_unsaid(store):
    (store / "5.rdfp").unlink()

    opened = patches.read(store)

    assert opened.generation.number == 4
    assert [(each.path.name, each.fault, each.loss) for each in opened.damages] == [
        ("5.rdfp", "it is missing", "generation 5 is lost")
    ]


@pytest.mark.parametrize("content", [b"", b"000000000009 00", b"9", b"\xff" * 78])
def test_a_garbled_record_of_the_newest_number_is_said_and_costs_nothing(store, content):
    (store / "head").write_bytes(content)

    opened = patches.read(store)

    assert opened.generation.number == 5
    assert [each.path.name for each in opened.damages] == ["head"]
    with pytest.raises(BrokenFileError):
        patches.recorded_head(store)


@pytest.mark.parametrize(("file", "said"), [("2.rdfp", "3.rdfp"), ("3.rdfp", "3.rdfp")])
def test_damage_before_a_snapshot_costs_the_past_only(store, file, said):
    (store / file).unlink()

    opened = patches.read(store)

    assert opened.generation.number == 5
    assert lines_of(opened.dataset) == set(QUADS[:5])
    assert [(each.path.name, each.loss) for each in opened.damages] == [(said, patches.PAST)]


def test_a_damaged_snapshot_costs_nothing_while_the_patches_are_whole(store):
    (store / "3.nq.gz").write_bytes(b"")

    opened = patches.read(store)

    assert opened.generation.number == 5
    assert lines_of(opened.dataset) == set(QUADS[:5])
    assert [each.path.name for each in opened.damages] == ["3.nq.gz"]


def test_a_store_with_nothing_whole_is_refused_aloud(store):
    (store / "3.nq.gz").unlink()
    (store / "1.rdfp").write_bytes(b"")

    with pytest.raises(StoreDamagedError, match=r"1\.rdfp: its bytes"), WriterLock(store) as lock:
        PatchLog.open(store, lock)

    assert (store / "5.rdfp").exists()


def test_a_folder_without_a_store_is_read_by_nobody(tmp_path):
    with pytest.raises(NoStoreError):
        patches.read(tmp_path)
    with pytest.raises(NoStoreError):
        patches.read(tmp_path / "missing")


def test_the_last_number_counts_what_was_set_aside(store):
    (store / "17.rdfp.aside-2").touch()

    assert patches.last_number(store) == 17
    assert patches.read(store).damages[0].fault == "it was set aside"
