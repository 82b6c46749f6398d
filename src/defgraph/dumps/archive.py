"""A dump in one file that was open before, one format a file: for a process that may open none.

The store calls this by its name: see :class:`defgraph.engine.profile.Dumper`. One content follows
the other, then a table of what is where as JSON, and last the length of that table. Whoever finds
no table has a file that was not written to its end.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from struct import Struct
from typing import Final

import pyoxigraph as ox

from defgraph.dumps.plan import LeftOut, contents
from defgraph.errors import StoreError
from defgraph.media_types import RDF_FORMATS, by_media_type

DUMPER: Final = __name__
"""For a profile: have dumps written here."""

_LENGTH: Final = Struct("!Q")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a dump, and where it is in the archive."""

    name: str
    graph: str | None  # the IRI of the one that it holds; None: all of them
    start: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds, and which files were left out for which reason."""

    entries: tuple[Entry, ...]
    left_out: tuple[tuple[str, str], ...]


def write(dataset: ox.Store, media_type: str, file: int) -> None:
    """Write the files in an RDF media type to an empty *file*; raises OSError."""
    entries: list[tuple[str, str | None, int, int, str]] = []
    left_out: list[tuple[str, str]] = []
    at = 0
    for each in contents(dataset, by_media_type(media_type, RDF_FORMATS)):
        if isinstance(each, LeftOut):
            left_out.append(each)
            continue
        _write(file, each.content)
        digest = hashlib.sha256(each.content).hexdigest()
        entries.append((each.name, each.graph, at, len(each.content), digest))
        at += len(each.content)
    table = json.dumps({"entries": entries, "left_out": left_out}).encode()
    _write(file, table + _LENGTH.pack(len(table)))


def read(file: int) -> Archive:
    """Return what the archive in *file* holds; raises StoreError for one without an end."""
    size = os.fstat(file).st_size
    length = 0
    if size >= _LENGTH.size:
        (length,) = _LENGTH.unpack(os.pread(file, _LENGTH.size, size - _LENGTH.size))
    if not 0 < length <= size - _LENGTH.size:
        raise StoreError("a dump was not written to its end")
    table = json.loads(os.pread(file, length, size - _LENGTH.size - length))
    entries = tuple(Entry(*each) for each in table["entries"])
    return Archive(entries, tuple((name, reason) for name, reason in table["left_out"]))


def prepare() -> None:
    """Import and read all that writing needs, as it may open no file."""
    nothing = ox.Store()
    for form in RDF_FORMATS:
        for _ in contents(nothing, form):
            pass


def _write(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
