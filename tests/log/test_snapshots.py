"""Snapshots: all of a generation, or an error."""

import gzip

import pyoxigraph as ox
import pytest

from defgraph.errors import StoreError, UnwritableFileError
from defgraph.log.changes import Changes, lines_of
from defgraph.log.files import BrokenFileError
from defgraph.log.generations import EMPTY, encode
from defgraph.log.snapshots import check_snapshot, pack, read_snapshot, write_snapshot

NQUADS = rb"""
_:a <http://e/p> "line\nbreak # and H \u0000 \u2028" <http://e/g> .
_:a <http://e/p> "2.20"^^<http://www.w3.org/2001/XMLSchema#decimal> _:g .
<http://e/s> <http://e/p> <<( _:a <http://e/p> "x"@en-GB )>> .
"""


@pytest.fixture
def dataset():
    dataset = ox.Store()
    dataset.extend(ox.parse(NQUADS, ox.RdfFormat.N_QUADS))
    return dataset


@pytest.fixture
def generation(dataset):
    changes = Changes(added=frozenset(lines_of(dataset)))
    return encode(EMPTY, 7, changes, author="H kim", message="# H\nTX .")[0]


def test_a_snapshot_is_the_generation_that_it_was_made_of(tmp_path, generation, dataset):
    write_snapshot(tmp_path / "7.nq.gz", generation, dataset)

    read, quads = read_snapshot(tmp_path / "7.nq.gz")

    assert read == generation
    assert lines_of(quads) == lines_of(dataset)


def test_a_snapshot_is_n_quads(tmp_path, generation, dataset):
    write_snapshot(tmp_path / "7.nq.gz", generation, dataset)

    text = gzip.decompress((tmp_path / "7.nq.gz").read_bytes())

    assert set(ox.parse(text, ox.RdfFormat.N_QUADS)) == set(dataset)


def test_a_dataset_that_is_another_generation_is_not_written(tmp_path, generation, dataset):
    dataset.remove(next(iter(dataset)))

    with pytest.raises(StoreError, match="not generation 7"):
        write_snapshot(tmp_path / "7.nq.gz", generation, dataset)

    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_is_not_overwritten(tmp_path, generation, dataset):
    write_snapshot(tmp_path / "7.nq.gz", generation, dataset)

    with pytest.raises(UnwritableFileError):
        write_snapshot(tmp_path / "7.nq.gz", generation, dataset)


def test_no_damage_goes_unseen(tmp_path, generation, dataset):
    path = tmp_path / "7.nq.gz"
    write_snapshot(path, generation, dataset)
    file = path.read_bytes()
    for at in range(len(file)):
        for damaged in (file[:at], file[:at] + bytes([file[at] ^ 0x10]) + file[at + 1 :]):
            path.write_bytes(damaged)
            for read in (read_snapshot, check_snapshot):
                with pytest.raises(BrokenFileError):
                    read(path)


@pytest.mark.parametrize(
    "garbage",
    [b"x", bytes(9), gzip.compress(b""), gzip.compress(b"x")],
    ids=["a letter", "zeros", "nothing compressed", "a letter compressed"],
)
def test_what_comes_after_the_end_does_not_go_unseen(tmp_path, generation, dataset, garbage):
    path = tmp_path / "7.nq.gz"
    write_snapshot(path, generation, dataset)
    path.write_bytes(path.read_bytes() + garbage)

    for read in (read_snapshot, check_snapshot):
        with pytest.raises(BrokenFileError):
            read(path)


@pytest.mark.parametrize(
    "edit", [(b'"x"', b'"y"'), (b"_:a", b"_:b"), (b"H author", b"H writer"), (b"kim", b"lee")]
)
def test_a_change_that_is_compressed_anew_is_seen(tmp_path, generation, dataset, edit):
    path = tmp_path / "7.nq.gz"
    write_snapshot(path, generation, dataset)
    text = gzip.decompress(path.read_bytes())
    path.write_bytes(path.read_bytes()[:82] + gzip.compress(text.replace(*edit), mtime=0)[10:])

    with pytest.raises(BrokenFileError):
        read_snapshot(path)


def test_quads_that_are_not_those_of_the_generation_are_seen(tmp_path, generation, dataset):
    path = tmp_path / "7.nq.gz"
    write_snapshot(path, generation, dataset)
    path.write_bytes(pack(gzip.decompress(path.read_bytes()).replace(b'"x"', b'"y"')))

    with pytest.raises(BrokenFileError, match="not those of its generation"):
        read_snapshot(path)


def test_a_renamed_snapshot_is_not_taken_for_another(tmp_path, generation, dataset):
    write_snapshot(tmp_path / "7.nq.gz", generation, dataset)
    (tmp_path / "7.nq.gz").rename(tmp_path / "8.nq.gz")

    with pytest.raises(BrokenFileError, match="generation 7"):
        read_snapshot(tmp_path / "8.nq.gz")
