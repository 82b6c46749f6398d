"""Reading the files of a store: the newest whole generation, and of each damage what it costs."""

import shutil
from contextlib import suppress
from dataclasses import replace

import pytest

from defgraph.errors import NoStoreError, StoreDamagedError
from defgraph.log import history, patches
from defgraph.log.changes import Changes, Fingerprint, difference, lines_of
from defgraph.log.files import BrokenFileError, WriterLock
from defgraph.log.generations import encode
from defgraph.log.patch_log import PatchLog
from defgraph.log.patches import Damage

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


@pytest.mark.parametrize("stray", ["003.rdfp", "0.rdfp", "٣.rdfp", "9" * 5000 + ".rdfp"])
def test_a_file_whose_name_is_no_number_of_a_generation_is_none_of_the_store(store, stray):
    with suppress(OSError):  # the last name is longer than a file can have
        (store / stray).write_bytes(b"garbage")

    opened = patches.read(store)

    assert (opened.generation.number, opened.damages) == (5, ())


def test_the_newest_snapshot_does_not_disappear_unsaid(store):
    (store / "3.nq.gz").unlink()

    opened = patches.read(store)

    assert opened.generation.number == 5
    assert [(each.path.name, each.fault) for each in opened.damages] == [
        ("3.nq.gz", "it is missing")
    ]
    assert [each.path.name for each in history.generations(store) if isinstance(each, Damage)] == [
        "3.nq.gz"
    ]


def test_every_snapshot_is_looked_at_though_the_newest_is_enough(store):
    with WriterLock(store) as lock:
        log, dataset = PatchLog.open(store, lock)
        log.write_snapshot(dataset, keep=2)
    (store / "3.nq.gz").write_bytes(b"")

    opened = patches.read(store)

    assert opened.generation.number == 5
    assert [each.path.name for each in opened.damages] == ["3.nq.gz"]


@pytest.mark.parametrize("file", ["5.rdfp", "3.nq.gz", "head", "snapshot", "2.rdfp"])
def test_a_folder_in_the_place_of_a_file_is_damage_and_is_mended(store, file):
    (store / file).unlink()
    (store / file).mkdir()

    opened = patches.read(store)
    with WriterLock(store) as lock:
        log, _ = PatchLog.open(store, lock)

    assert ["a folder has taken its place" in str(each) for each in opened.damages][:1] == [True]
    assert lines_of(opened.dataset) == set(QUADS[: 4 if file == "5.rdfp" else 5])
    assert log.head.number == (6 if file == "5.rdfp" else 5)


@pytest.mark.parametrize("name", ["head", "snapshot"])
@pytest.mark.parametrize("content", [b"", b"9" * 4301, b"9" * 10_000, b"\xff" * 78, bytes(78)])
def test_no_content_of_a_record_is_more_than_garbled(store, name, content):
    (store / name).write_bytes(content)

    opened = patches.read(store)
    with WriterLock(store) as lock:
        PatchLog.open(store, lock)

    assert [each.path.name for each in opened.damages] == [name]
    assert patches.read(store).damages == ()


def test_the_log_tells_that_the_first_patch_is_missing(store):
    (store / "1.rdfp").unlink()

    told = [each for each in history.generations(store) if isinstance(each, Damage)]

    assert [each.path.name for each in told] == ["2.rdfp"]


def test_a_store_of_nothing_but_a_snapshot_is_read_and_its_loss_told(store):
    for path in store.glob("*.rdfp"):
        path.unlink()

    assert patches.read(store).generation.number == 3
    assert {each.path.name for each in history.generations(store)} >= {"3.rdfp", "5.rdfp"}
