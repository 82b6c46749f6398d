"""The past of a store: what its files tell beyond the newest generation. Nothing here writes to it.

To go back to a generation is to append the difference from the newest one to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from defgraph.errors import (
    NoStoreError,
    StoreDamagedError,
    UnknownGenerationError,
    UnwritableFileError,
)
from defgraph.log import patches
from defgraph.log.changes import Changes, in_one
from defgraph.log.files import BrokenFileError, publish, writing
from defgraph.log.generations import EMPTY, Generation
from defgraph.log.patches import PATCH, SNAPSHOT, Damage, Opened
from defgraph.log.snapshots import check_snapshot


def generations(folder: Path) -> Iterator[Generation | Damage]:
    """Yield the generations of a store, the newest first, and in their places what is damaged."""
    found = patches.numbered(folder, PATCH)
    if not found:
        raise NoStoreError(folder)
    yield from patches.missing_head(folder, max(found))
    yield from patches.aside_in(folder)
    yield from _damaged_snapshots(folder)
    after: Generation | None = None
    for number in sorted(found, reverse=True):
        try:
            generation, _ = patches.read_patch(found[number])
        except BrokenFileError as error:
            after = None
            yield Damage(found[number], str(error), "what it changed is lost")
            continue
        if after is not None and after.previous != generation.id:
            yield Damage(
                found[after.number], "the generation that it continues is not here", patches.PAST
            )
        after = generation
        yield generation


def dataset_at(folder: Path, number: int) -> ox.Store:
    """Return the dataset of a generation; raises UnknownGenerationError, StoreDamagedError."""
    _check_known(folder, number)
    if number == 0:
        return ox.Store()
    opened = patches.read(folder, upto=number)
    if opened.generation.number != number:
        raise StoreDamagedError(folder, opened.damages)
    return opened.dataset


def difference(folder: Path, start: int, end: int) -> Changes:
    """Return the changes that lead from one generation to another, which may be an older one.

    Costs as much as what was written between the two, whatever the dataset holds. Raises
    UnknownGenerationError, and StoreDamagedError when a patch between the two is not whole.
    """
    _check_known(folder, start, end)
    low, high = min(start, end), max(start, end)
    found = patches.numbered(folder, PATCH, high)
    path = patches.path_of(folder, low, PATCH)
    steps = []
    try:
        before = EMPTY if low == 0 else patches.read_patch(path)[0]
        for number in sorted(number for number in found if number > low):
            path = found[number]
            before, changes = patches.read_next(path, before)
            steps.append(changes)
    except BrokenFileError as error:
        raise StoreDamagedError(folder, [Damage(path, str(error), patches.PAST)]) from error
    changes = in_one(steps)
    return changes if start <= end else changes.inverted()


def copy_store(source: Path, target: Path) -> Opened:
    """Copy a store, which may be in use, into an empty folder, and read the copy as a check.

    Only whole files are copied; the result tells which were not. It serves to back up and to
    restore. Raises UnwritableFileError, and StoreDamagedError when *source* has nothing whole.
    """
    opened = patches.read(source)
    with writing(target):
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise UnwritableFileError(target, "it is not empty")
    damaged = {damage.path for damage in opened.damages}
    for ending in (PATCH, SNAPSHOT):
        for path in patches.numbered(source, ending, opened.generation.number).values():
            if path not in damaged:
                publish(target / path.name, path.read_bytes())
    patches.record_head(target, opened.generation.number)
    copied = patches.read(target)
    if copied.generation != opened.generation:
        raise StoreDamagedError(target, copied.damages)
    return opened


def _damaged_snapshots(folder: Path) -> Iterator[Damage]:
    for path in patches.numbered(folder, SNAPSHOT).values():
        try:
            check_snapshot(path)
        except BrokenFileError as error:
            if path.exists():  # or it was removed since we looked, as there are newer ones
                loss = "what the patches hold is not lost"
                yield Damage(path, str(error), loss, "the next snapshot replaces it")


def _check_known(folder: Path, *numbers: int) -> None:
    found = patches.numbered(folder, PATCH) | patches.numbered(folder, SNAPSHOT)
    if not found:
        raise NoStoreError(folder)
    for number in numbers:
        if number != 0 and number not in found:
            raise UnknownGenerationError(number, max(found))
