"""The files of a store on disk: a patch for each generation, and now and then a snapshot.

::

    16.rdfp         what generation 16 changed; see defgraph.log.generations
    16.nq.gz        generation 16 as a whole; see defgraph.log.snapshots
    head            the number of the newest generation; see defgraph.log.records
    snapshot        the number of the newest snapshot
    lock            who may write, for people to read; see defgraph.log.files
    17.rdfp.aside   a file that could not be used when the store was last opened for writing

A file is never changed, and a number never used twice. Reading takes the newest whole snapshot and
the patches after it, and checks every hash on the way. What is damaged is reported, never skipped:
the state is the one before the damage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph.errors import NoStoreError, StoreDamagedError, StoreError
from defgraph.log.changes import Changes
from defgraph.log.files import ASIDE, BrokenFileError, reading
from defgraph.log.generations import EMPTY, Generation, changes_in, decode
from defgraph.log.records import DIGITS, record, recorded
from defgraph.log.snapshots import check_snapshot, read_snapshot

PATCH: Final = ".rdfp"
SNAPSHOT: Final = ".nq.gz"
PAST: Final = "its generation cannot be compared with, nor gone back to"
HEAD: Final = "head"
NEWEST_SNAPSHOT: Final = "snapshot"
_NUMBER: Final = rf"[1-9][0-9]{{0,{DIGITS - 2}}}"  # there is always a next one
_NAME: Final = re.compile(rf"({_NUMBER})({re.escape(PATCH)}|{re.escape(SNAPSHOT)})({ASIDE}.*)?")


@dataclass(frozen=True, slots=True)
class Damage:
    """A file of a store that is not as it was written."""

    path: Path
    fault: str
    loss: str
    remedy: str = "restore a backup if you need what is lost"

    def __str__(self) -> str:
        return f"{self.path}: {self.fault}; {self.loss}; {self.remedy}."


@dataclass(frozen=True, slots=True)
class Opened:
    """What a directory holds: its newest whole generation, and what is damaged."""

    generation: Generation
    dataset: ox.Store
    damages: tuple[Damage, ...]


def read(folder: Path, upto: int | None = None) -> Opened:
    """Read the newest whole generation, or the newest of those *upto* a number; change nothing.

    Raises NoStoreError, and StoreDamagedError when no generation is whole.
    """
    patches, snapshots = numbered(folder, PATCH, upto), numbered(folder, SNAPSHOT, upto)
    if not (patches or snapshots or (folder / HEAD).exists()):
        raise NoStoreError(folder)
    damages: list[Damage] = []
    base, dataset = _newest_snapshot(snapshots, damages)
    head = base
    before: Generation | None = EMPTY
    for number, path in sorted(patches.items()):
        try:
            if number <= base.number:
                before = _read_past(path, before)
            else:
                head, changes = read_next(path, head)
                changes.apply_to(dataset)
        except BrokenFileError as error:
            if number > base.number:
                loss = f"generation {number} and those after it are lost"
                damages.append(Damage(path, str(error), loss))
                break
            damages.append(Damage(path, str(error), PAST))
            before = None
    if before is not None and before.id != base.id:
        damages.append(Damage(path_of(folder, base.number, PATCH), "it is missing", PAST))
    if upto is None:
        damages += missing_head(folder, max([head.number, *patches]))
        damages += missing_snapshot(folder)
    if head is EMPTY and damages:
        raise StoreDamagedError(folder, damages)
    if len(dataset) != head.fingerprint.quads:
        raise StoreError(f"what {folder} makes of generation {head.number} is not that generation")
    return Opened(head, dataset, (*damages, *aside_in(folder)))


def read_patch(path: Path) -> tuple[Generation, bytes]:
    """Return the generation of a patch, and its lines; raises BrokenFileError."""
    with reading(path):
        generation, lines = decode(path.read_bytes())
    if path.name != f"{generation.number}{PATCH}":
        raise BrokenFileError(f"it is the patch of generation {generation.number}, renamed")
    return generation, lines


def read_next(path: Path, before: Generation) -> tuple[Generation, Changes]:
    """Return the generation of the patch that is next after *before*; raises BrokenFileError."""
    generation, lines = read_patch(path)
    changes = changes_in(lines)
    if generation.previous != before.id:
        raise BrokenFileError("it continues a generation that is not here")
    if generation.fingerprint != before.fingerprint.after(changes):
        raise BrokenFileError("its changes do not make the dataset that it says they make")
    return generation, changes


def numbered(folder: Path, ending: str, upto: int | None = None) -> dict[int, Path]:
    """Return the files of one kind by the numbers of their generations."""
    found = {n: path for n, path, end, aside in _files(folder) if end == ending and not aside}
    return {n: path for n, path in found.items() if upto is None or n <= upto}


def aside_in(folder: Path) -> list[Damage]:
    """Return the files that were set aside when the store was opened for writing."""
    aside = sorted(path for _, path, _, aside in _files(folder) if aside)
    remedy = "restore a backup if you need it, or move the file away"
    return [Damage(path, "it was set aside", "what it holds is not used", remedy) for path in aside]


def missing_head(folder: Path, newest: int) -> Iterator[Damage]:
    """Yield a damage if the last generation to be acknowledged is none of those up to *newest*."""
    try:
        recorded = recorded_head(folder)
    except BrokenFileError as error:
        loss = "it cannot be told whether the newest generations are here"
        yield Damage(folder / HEAD, str(error), loss, "the next write replaces it")
    else:
        path = path_of(folder, recorded, PATCH)
        if recorded > newest and not path.exists():  # else it was written since we looked
            yield Damage(path, "it is missing", f"generation {recorded} is lost")


def missing_snapshot(folder: Path) -> Iterator[Damage]:
    """Yield a damage if the newest snapshot that was written is not there, whole or not."""
    path = folder / NEWEST_SNAPSHOT
    newest = max(numbered(folder, SNAPSHOT), default=0)
    try:
        number = recorded(path)
    except BrokenFileError as error:
        loss = "it cannot be told whether the newest snapshot is here"
        yield Damage(path, str(error), loss, "the next write replaces it")
    else:
        path = path_of(folder, number, SNAPSHOT)
        if number > newest and not path.exists():  # else it was written since we looked
            yield _of_snapshot(path, "it is missing")


def damaged_snapshots(paths: Iterable[Path]) -> Iterator[Damage]:
    """Yield a damage for each of some snapshots that is not whole."""
    for path in paths:
        try:
            check_snapshot(path)
        except BrokenFileError as error:
            if path.exists():  # or it was removed since we looked, as there are newer ones
                yield _of_snapshot(path, str(error))


def last_number(folder: Path) -> int:
    """Return the highest number that was ever used in *folder*, as far as its files tell."""
    try:
        recorded = recorded_head(folder)
    except BrokenFileError:
        recorded = 0
    return max([recorded, *(number for number, *_ in _files(folder))])


def recorded_head(folder: Path) -> int:
    """Return the number of the newest generation that was acknowledged; raises BrokenFileError."""
    return recorded(folder / HEAD)


def record_head(folder: Path, number: int) -> None:
    """Write down that generation *number* is the newest; raises OSError."""
    record(folder / HEAD, number)


def record_snapshot(folder: Path, number: int) -> None:
    """Write down that the snapshot of generation *number* is the newest; raises OSError."""
    record(folder / NEWEST_SNAPSHOT, number)


def path_of(folder: Path, number: int, ending: str) -> Path:
    """Return where the patch or the snapshot of a generation stands."""
    return folder / f"{number}{ending}"


def _newest_snapshot(
    snapshots: dict[int, Path], damages: list[Damage]
) -> tuple[Generation, ox.Store]:
    """Read the newest snapshot that is whole, and look whether the others are."""
    newest_first = [snapshots[number] for number in sorted(snapshots, reverse=True)]
    for at, path in enumerate(newest_first, 1):
        try:
            found = read_snapshot(path)
        except BrokenFileError as error:
            if path.exists():  # or it was removed since we looked, as there are newer ones
                damages.append(_of_snapshot(path, str(error)))
        else:
            damages += damaged_snapshots(newest_first[at:])
            return found
    return EMPTY, ox.Store()


def _of_snapshot(path: Path, fault: str) -> Damage:
    loss = "what the patches hold is not lost"
    return Damage(path, fault, loss, "the next snapshot replaces it")


def _read_past(path: Path, before: Generation | None) -> Generation:
    """Check a patch that the state does not need, since there is a snapshot after it."""
    generation, _ = read_patch(path)
    if before is not None and generation.previous != before.id:
        raise BrokenFileError("the generation that it continues is not here")
    return generation


def _files(folder: Path) -> Iterator[tuple[int, Path, str, bool]]:
    """Yield each file's number, path and ending, and whether it was set aside."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if found := _NAME.fullmatch(path.name):
            yield int(found[1]), path, found[2], bool(found[3])
