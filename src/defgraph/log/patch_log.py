"""The log of a store: what the process that holds the dataset knows of it, and adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pyoxigraph as ox

from defgraph.errors import StoreDamagedError, StoreError
from defgraph.log import patches
from defgraph.log.changes import Changes
from defgraph.log.files import (
    UNFINISHED,
    BrokenFileError,
    WriterLock,
    publish,
    set_aside,
    writing,
)
from defgraph.log.generations import Generation, encode
from defgraph.log.patches import NEWEST_SNAPSHOT, PATCH, SNAPSHOT, Damage, Opened
from defgraph.log.snapshots import write_snapshot

REPAIRER: Final = "defgraph"
"""The author of the generation that marks a loss."""


@dataclass(frozen=True, slots=True)
class SnapshotPolicy:
    """When a snapshot is due, by what was written since the last; and how many are kept."""

    patches: int = 1_000
    bytes: int = 64 * 2**20
    keep: int = 3


class PatchLog:
    """The log of the store in one folder, at the generation *head* that its holder has in memory.

    It may be forked with its holder. The copy that appended is the newer one; every other one
    catches up with :meth:`newer`, as it must when a writer ended and did not say how far it came.
    """

    @classmethod
    def open(cls, folder: Path, lock: WriterLock | None = None) -> tuple[Self, ox.Store]:
        """Open the store in *folder*: to read, or with its *lock* to write, which mends it first.

        Mending sets broken files aside with all that came after them, and marks the loss by a
        generation that changes nothing. A folder without a store becomes an empty one.
        Raises NoStoreError, StoreDamagedError, and UnwritableFileError.
        """
        with writing(folder):
            if lock is not None and patches.last_number(folder) == 0:
                patches.record_head(folder, 0)
                patches.record_snapshot(folder, 0)
            opened = patches.read(folder)
            log = cls(folder, opened, lock)
            if lock is not None:
                log._mend()
        return log, opened.dataset

    def __init__(self, folder: Path, opened: Opened, lock: WriterLock | None) -> None:
        self.folder = folder
        self.head = opened.generation
        self.damages = opened.damages
        self.lock = lock
        self._last = patches.last_number(folder)
        self._had_patch = self.is_continued()

    def check(self) -> None:
        """Raise StoreDamagedError where the patch of *head* was there, and is no more.

        Another patch would continue nothing, and be lost when the store is opened again.
        """
        if self._had_patch and not self.is_continued():
            path = patches.path_of(self.folder, self.head.number, PATCH)
            fault = "it was replaced, damaged or deleted since the store was opened"
            remedy = "put it back, or end what serves the store and restore a backup"
            raise StoreDamagedError(
                self.folder, [Damage(path, fault, "nothing more is written", remedy)]
            )

    def append(self, changes: Changes, *, author: str, message: str) -> Generation:
        """Make *changes* the next generation; it is durable once this returns.

        The dataset in memory must hold these changes already, or be thrown away when this fails.
        Raises UnwritableFileError when the disk is full or fails; then nothing has changed, and
        the next write may succeed.
        """
        if self.lock is None:
            raise StoreError(f"{self.folder} was opened to be read only")
        number = self._last + 1
        made, file = encode(self.head, number, changes, author=author, message=message)
        publish(patches.path_of(self.folder, number, PATCH), file)
        with suppress(OSError):  # the generation is there; its loss alone would go unnoticed
            patches.record_head(self.folder, number)
        self.head, self._last, self._had_patch = made, number, True
        return made

    def newer(self) -> Iterator[tuple[Generation, Changes]]:
        """Yield the generations that another process appended, and move *head* along with them.

        Costs a few looks at files when there are none. Raises StoreDamagedError when the files do
        not continue *head*: then the store is to be opened anew.
        """
        if not self.is_continued():
            fault = "another history has taken the place of its own"
            damage = Damage(self.folder, fault, "newer generations cannot be followed")
            raise StoreDamagedError(self.folder, [damage])
        if not self._is_behind():
            return
        found = patches.numbered(self.folder, PATCH)
        for number in sorted(each for each in found if each > self.head.number):
            try:
                made, changes = patches.read_next(found[number], self.head)
            except BrokenFileError as error:
                damage = Damage(found[number], str(error), "newer generations cannot be followed")
                raise StoreDamagedError(self.folder, [damage]) from error
            self.head, self._last = made, number
            yield made, changes

    def is_continued(self) -> bool:
        """Whether the files still hold the generation *head*, so that they continue it, if any."""
        if self.head.number == 0:
            return True
        try:
            found, _ = patches.read_patch(patches.path_of(self.folder, self.head.number, PATCH))
        except BrokenFileError:
            return False
        return found.id == self.head.id

    def snapshot_due(self, policy: SnapshotPolicy) -> bool:
        """Whether so much was written since the last snapshot that another should be made."""
        newest = max(patches.numbered(self.folder, SNAPSHOT), default=0)
        found = patches.numbered(self.folder, PATCH)
        sizes = [path.stat().st_size for number, path in found.items() if number > newest]
        return len(sizes) >= policy.patches or sum(sizes) >= policy.bytes

    def write_snapshot(self, dataset: ox.Store, *, keep: int) -> None:
        """Write *dataset*, which is *head*, as a snapshot, and remove all but the newest *keep*.

        It may be done by a forked copy while its holder goes on. Raises UnwritableFileError.
        """
        path = patches.path_of(self.folder, self.head.number, SNAPSHOT)
        if not path.exists():
            write_snapshot(path, self.head, dataset)
        with suppress(OSError):  # the snapshot is there; its loss alone would go unnoticed
            patches.record_snapshot(self.folder, self.head.number)
        snapshots = patches.numbered(self.folder, SNAPSHOT)
        for number in sorted(snapshots)[:-keep]:
            snapshots[number].unlink(missing_ok=True)

    def _mend(self) -> None:
        """Set aside what is broken and all that came after it; mark a loss by a generation."""
        for unfinished in self.folder.glob(f"*{UNFINISHED}"):
            unfinished.unlink()
        damaged = {damage.path for damage in self.damages}
        for ending in (PATCH, SNAPSHOT):
            for number, path in patches.numbered(self.folder, ending).items():
                if number > self.head.number or (ending == SNAPSHOT and path in damaged):
                    set_aside(path)
        if self.folder / NEWEST_SNAPSHOT in damaged:
            newest = max(patches.numbered(self.folder, SNAPSHOT), default=0)
            patches.record_snapshot(self.folder, newest)
        if self._last > self.head.number:
            lost = f"Generations {self.head.number + 1} to {self._last} were lost"
            self.append(Changes(), author=REPAIRER, message=lost)
        else:
            patches.record_head(self.folder, self._last)

    def _is_behind(self) -> bool:
        if patches.path_of(self.folder, self.head.number + 1, PATCH).exists():
            return True
        try:
            return patches.recorded_head(self.folder) > self.head.number
        except BrokenFileError:
            return True  # so look at the patches themselves
