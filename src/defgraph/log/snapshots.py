"""A snapshot: a whole generation in one compressed file of N-Quads, to open a store from quickly.

Its first line is the SHA-256 of all bytes after it; then come comments that say which generation
it is, and then its quads. All it holds can be had from the patches, too.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from hashlib import sha256
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import pyoxigraph as ox

from defgraph.errors import StoreError
from defgraph.log.changes import Fingerprint, hash_of, lines_of
from defgraph.log.files import BrokenFileError, publish, reading
from defgraph.log.generations import EMPTY, Generation, from_header, header_of

_BLOCK: Final = 2**20
_HEAD_LINES: Final = header_of(EMPTY).count(b"\n")


def write_snapshot(path: Path, generation: Generation, dataset: ox.Store) -> None:
    """Write *dataset*, which is *generation*, to *path*; raises UnwritableFileError."""
    quads = sorted(lines_of(dataset))  # neighbours in the file are neighbours in memory: faster
    if Fingerprint(len(quads), hash_of(quads) % 2**256) != generation.fingerprint:
        raise StoreError(f"the dataset in memory is not generation {generation.number}")
    header = [b"# " + line for line in header_of(generation).splitlines()]
    rest = b"\n".join([*header, *quads, b""])
    publish(path, gzip.compress(_seal(sha256(rest).hexdigest()) + rest, compresslevel=1, mtime=0))


def read_snapshot(path: Path) -> tuple[Generation, ox.Store]:
    """Return the generation that the snapshot is of, and its dataset.

    Raises BrokenFileError unless every quad is as it was written.
    """
    dataset = ox.Store()
    with reading(path), BufferedReader(gzip.GzipFile(path)) as file:
        seal = file.readline()
        header = b"".join(islice(file, _HEAD_LINES))
        quads = _Quads(file, header)
        dataset.bulk_extend(quads.read())
    if seal != _seal(quads.digest.hexdigest()):
        raise BrokenFileError("its bytes do not have the hash that was written with them")
    generation = from_header(header.removeprefix(b"# ").replace(b"\n# ", b"\n"))
    if Fingerprint(len(dataset), quads.hash % 2**256) != generation.fingerprint:
        raise BrokenFileError("its quads are not those of its generation")
    if path.name.partition(".")[0] != str(generation.number):
        raise BrokenFileError(f"it is the snapshot of generation {generation.number}, renamed")
    return generation, dataset


def check_snapshot(path: Path) -> None:
    """Read a snapshot without taking it into memory; raises BrokenFileError for any other byte."""
    digest = sha256()
    with reading(path), gzip.GzipFile(path) as file:
        seal = file.readline()
        while block := file.read(_BLOCK):
            digest.update(block)
    if seal != _seal(digest.hexdigest()):
        raise BrokenFileError("its bytes do not have the hash that was written with them")


class _Quads:
    """The quads of a file, read in blocks of lines, and what they add up to."""

    def __init__(self, file: BinaryIO, header: bytes) -> None:
        self._file = file
        self.digest = sha256(header)
        self.hash = 0

    def read(self) -> Iterator[ox.Quad]:
        while lines := self._file.readlines(_BLOCK):
            block = b"".join(lines)
            self.digest.update(block)
            self.hash += hash_of(line[:-1] for line in lines)
            yield from ox.parse(block, ox.RdfFormat.N_QUADS)


def _seal(digest: str) -> bytes:
    return f"# sha256 {digest}\n".encode()
