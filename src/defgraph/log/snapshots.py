"""A snapshot: a whole generation in one compressed file of N-Quads, to open a store from quickly.

It is a file of gzip (RFC 1952) whose comment is the SHA-256 of all bytes after it. Comments of
N-Quads come first, which say which generation it is, and then its quads. All it holds can be had
from the patches, too.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
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
_GZIP_HEADER: Final = bytes.fromhex("1f8b08 10 00000000 04 03")
"""With a comment, without a name and a time. Without the comment it has as many bytes."""


def write_snapshot(path: Path, generation: Generation, dataset: ox.Store) -> None:
    """Write *dataset*, which is *generation*, to *path*; raises UnwritableFileError."""
    quads = sorted(lines_of(dataset))  # neighbours in the file are neighbours in memory: faster
    if Fingerprint(len(quads), hash_of(quads) % 2**256) != generation.fingerprint:
        raise StoreError(f"the dataset in memory is not generation {generation.number}")
    header = [b"# " + line for line in header_of(generation).splitlines()]
    publish(path, pack(b"\n".join([*header, *quads, b""])))


def pack(text: bytes) -> bytes:
    """Compress *text*, with a hash of what comes of it in the header."""
    rest = gzip.compress(text, compresslevel=1, mtime=0)[len(_GZIP_HEADER) :]
    return _first(hashlib.sha256(rest).hexdigest()) + rest


def read_snapshot(path: Path) -> tuple[Generation, ox.Store]:
    """Return the generation that the snapshot is of, and its dataset.

    Raises BrokenFileError unless every byte is as it was written.
    """
    check_snapshot(path)
    dataset = ox.Store()
    with reading(path), BufferedReader(gzip.GzipFile(path)) as file:
        header = b"".join(islice(file, _HEAD_LINES))
        quads = _Quads(file)
        dataset.bulk_extend(quads.read())
    generation = from_header(header.removeprefix(b"# ").replace(b"\n# ", b"\n"))
    if Fingerprint(len(dataset), quads.hash % 2**256) != generation.fingerprint:
        raise BrokenFileError("its quads are not those of its generation")
    if path.name.partition(".")[0] != str(generation.number):
        raise BrokenFileError(f"it is the snapshot of generation {generation.number}, renamed")
    return generation, dataset


def check_snapshot(path: Path) -> None:
    """Raise BrokenFileError unless every byte of a snapshot is as it was written."""
    with reading(path), path.open("rb") as file:
        first = file.read(len(_first("0" * 64)))
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if first != _first(digest):
        raise BrokenFileError("its bytes do not have the hash that was written with them")


class _Quads:
    """The quads of a file, read in blocks of lines, and what they add up to."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = 0

    def read(self) -> Iterator[ox.Quad]:
        while lines := self._file.readlines(_BLOCK):
            self.hash += hash_of(line[:-1] for line in lines)
            yield from ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS)


def _first(digest: str) -> bytes:
    """Return what a snapshot begins with: the header of gzip, and its comment."""
    return _GZIP_HEADER + f"sha256 {digest}\0".encode()
