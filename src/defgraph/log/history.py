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


def generations(folder: Path) -> Iterator[Generation | Damage]:
    """Yield the generations of a store, the newest first, and in their places what is damaged."""
    found = patches.numbered(folder, PATCH)
    if not found:
        yield from patches.read(folder).damages
        return
    yield from patches.missing_head(folder, max(found))
    yield from patches.aside_in(folder)
    yield from patches.missing_snapshot(folder)
    yield from patches.damaged_snapshots(patches.numbered(folder, SNAPSHOT).values())
    after: Generation | None = None
    for number in sorted(found, reverse=True):
        try:
            generation, _ = patches.read_patch(found[number])
        except BrokenFileError as error:
            after = None
            yield Damage(found[number], str(error), "what it changed is lost")
            continue
        yield from _gap(folder, generation, after)
        after = generation
        yield generation
    yield from _gap(folder, EMPTY, after)


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
    patches.record_snapshot(target, max(patches.numbered(target, SNAPSHOT), default=0))
    copied = patches.read(target)
    if copied.generation != opened.generation:
        raise StoreDamagedError(target, copied.damages)
    return opened


def _gap(folder: Path, before: Generation, after: Generation | None) -> Iterator[Damage]:
    """Yield a damage if *after*, whose patch is whole, does not continue the one *before*."""
    if after is not None and after.previous != before.id:
        path = patches.path_of(folder, after.number, PATCH)
        yield Damage(path, "the generation that it continues is not here", patches.PAST)


def _check_known(folder: Path, *numbers: int) -> None:
    found = patches.numbered(folder, PATCH) | patches.numbered(folder, SNAPSHOT)
    if not found:
        raise NoStoreError(folder)
    for number in numbers:
        if number != 0 and number not in found:
            raise UnknownGenerationError(number, max(found))
