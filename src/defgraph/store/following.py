"""What a follower looks at: the folder of a store that another process writes to.

The folder may be the writer's own, or a copy that is brought up to date now and then, file by file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeAlias

from defgraph.log.patches import HEAD, PATCH, path_of

LOOK_EVERY_S: Final = 0.2
"""So often the files are looked at, which takes three system calls."""

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
