"""The dumps of one generation: made once, by whoever asks first, and kept on disk while it is read.

They are in files without a name, one for each format, which the kernel takes back when nobody has
them open any more: however the server ends, nothing is left behind. Whoever is being sent one holds
it; the set itself is forgotten soon after the dataset has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Final

from defgraph.dumps import SUMS, archive, sums
from defgraph.dumps.plan import COMPRESSED
from defgraph.errors import (
    DefgraphError,
    DumpError,
    DumpPendingError,
    NoDumpsError,
    UnknownDumpError,
)
from defgraph.media_types import RDF_FORMATS, Format
from defgraph.store.protocol import DumpableStore, State, Store

PATIENCE_S: Final = 20.0
"""For so long a request waits for the dumps to be written, before it is told to come again."""

CHECK_EVERY_S: Final = 10.0
"""So much later at most, the dumps of a former generation are given back to the disk."""

PAUSE_S: Final = 5.0
"""After a failure, for so long nobody tries again."""

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_GZIP: Final = "application/gzip"
_TEXT: Final = "text/plain; charset=utf-8"


class Scratch:
    """A file that has no name, and is gone when nothing refers to it any more."""

    def __init__(self, content: bytes = b"") -> None:
        with tempfile.TemporaryFile(prefix="defgraph-dump-") as file:
            file.write(content)
            file.flush()
            self.descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self.descriptor)


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file of a set: *size* bytes of *scratch* from *start*."""

    name: str
    form: Format | None  # None: the sums
    graph: str | None  # the IRI of the one that it holds; None: all of them
    scratch: Scratch
    start: int
    size: int
    sha256: str
    modified: datetime = _NEVER  # to the second: since when it has these bytes, as far as known

    @property
    def is_compressed(self) -> bool:
        """Whether it is compressed."""
        return self.name.endswith(COMPRESSED)

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``."""
        if self.form is None:
            return _TEXT
        return _GZIP if self.is_compressed else self.form.content_type

    @property
    def tag(self) -> str:
        """The entity tag: equal bytes have equal ones, whatever else of the dataset changes."""
        return f'"{self.sha256}"'


@dataclass(frozen=True, slots=True)
class DumpSet:
    """All dumps of a *state* by their names, and why those that were *left_out* are not there."""

    state: State
    files: Mapping[str, DumpFile]
    left_out: Mapping[str, str]
    lists: dict[tuple[str, str], bytes] = field(default_factory=dict)  # as they were sent

    def file(self, name: str) -> DumpFile:
        """Return a file by its name; raises UnknownDumpError."""
        found = self.files.get(name)
        if found is None:
            plain = name.removesuffix(COMPRESSED)
            of_format = f"*{PurePath(plain).suffix}"
            reason = self.left_out.get(plain) or self.left_out.get(of_format)
            raise UnknownDumpError(name[:200], self.files, reason)
        return found


class Dates:
    """Since when each file has the bytes that it has, as long as this server runs."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, datetime]] = {}

    def dated(self, made: DumpSet) -> DumpSet:
        """Return the set with its files dated; no second has two versions of a file."""
        now = datetime.now(UTC).replace(microsecond=0)
        dates = {}
        for name, file in made.files.items():
            sha256, since = self._known.get(name, ("", _NEVER))
            same = sha256 == file.sha256
            dates[name] = file.sha256, since if same else max(now, since + timedelta(seconds=1))
        self._known = dates
        files = {name: replace(file, modified=dates[name][1]) for name, file in made.files.items()}
        return replace(made, files=files)


class DumpKeeper:
    """The dumps of the dataset in *store* as it is now."""

    def __init__(self, store: Store, *, patience_s: float = PATIENCE_S) -> None:
        self._dates = Dates()
        self._store, self._patience_s = store, patience_s
        self._set: DumpSet | None = None
        self._making: asyncio.Task[DumpSet] | None = None
        self._failure: tuple[DefgraphError, float] | None = None

    async def current(self) -> DumpSet:
        """Return the dumps, which are made if they are not there; all who wait get the same.

        Raises NoDumpsError, DumpPendingError, DumpError and StoreError.
        """
        if self._set is not None and self._set.state == self._store.state:
            return self._set
        loop = asyncio.get_running_loop()
        if self._making is None:
            if self._failure is not None and loop.time() < self._failure[1]:
                raise self._failure[0]
            self._set = None  # its room may be needed
            self._making = loop.create_task(self._make())
            self._making.add_done_callback(self._on_made)
        making = self._making
        done, _ = await asyncio.wait({making}, timeout=self._patience_s)
        if not done:
            raise DumpPendingError
        return making.result()

    async def close(self) -> None:
        """Forget the dumps, and end whoever makes them."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.wait({self._making})
        self._set = None

    def _on_made(self, making: asyncio.Task[DumpSet]) -> None:
        self._making = None
        if making.cancelled():
            return
        error = making.exception()
        loop = asyncio.get_running_loop()
        if isinstance(error, DefgraphError):
            self._failure = error, loop.time() + PAUSE_S
        elif error is None:
            self._set, self._failure = making.result(), None
            loop.call_later(CHECK_EVERY_S, self._forget_former)

    def _forget_former(self) -> None:
        if self._set is None:
            return
        if self._set.state == self._store.state:
            asyncio.get_running_loop().call_later(CHECK_EVERY_S, self._forget_former)
        else:
            self._set = None

    async def _make(self) -> DumpSet:
        store = self._store
        if not isinstance(store, DumpableStore):
            raise NoDumpsError
        try:
            scratches = {form.media_type: Scratch() for form in RDF_FORMATS}
            made = await store.dump({name: each.descriptor for name, each in scratches.items()})
            found = await asyncio.to_thread(_read, made.state, scratches, made.failed)
            return self._dates.dated(found)
        except OSError as error:
            raise DumpError((error.strerror or str(error)).lower()) from error


def _read(state: State, scratches: Mapping[str, Scratch], failed: Mapping[str, str]) -> DumpSet:
    files: dict[str, DumpFile] = {}
    left_out: dict[str, str] = {}
    for form in RDF_FORMATS:
        if form.media_type in failed:
            left_out[f"*{form.extension}"] = failed[form.media_type]
            continue
        held = archive.read(scratches[form.media_type].descriptor)
        left_out.update(held.left_out)
        for each in held.entries:
            files[each.name] = DumpFile(
                each.name,
                form,
                each.graph,
                scratches[form.media_type],
                each.start,
                each.size,
                each.sha256,
            )
    files[SUMS] = _sums(files.values())
    return DumpSet(state, files, left_out)


def _sums(files: Iterable[DumpFile]) -> DumpFile:
    content = sums({each.name: each.sha256 for each in files})
    digest = hashlib.sha256(content).hexdigest()
    return DumpFile(SUMS, None, None, Scratch(content), 0, len(content), digest)
