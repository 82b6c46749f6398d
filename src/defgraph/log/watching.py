"""Looking at the files of a store from outside, to see whether another process has written."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from defgraph.log.patches import HEAD, PATCH, path_of

Look: TypeAlias = tuple[tuple[int, int, int] | None, ...]
"""What the files looked like; what has changed since has another look."""


def look_at(folder: Path, generation: int) -> Look:
    """Look at the files that change when *generation* is no longer the newest, or never was."""
    return tuple(
        _look_at_file(path)
        for path in (
            folder / HEAD,
            path_of(folder, generation, PATCH),
            path_of(folder, generation + 1, PATCH),
        )
    )


def _look_at_file(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
