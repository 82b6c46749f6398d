"""Files of others, read whole and up to a length: a device has no end, a pipe may be silent."""

from __future__ import annotations

import os
import select
import stat
from pathlib import Path
from typing import Final

from defgraph.errors import UnreadableFileError

PATIENCE_S: Final = 10.0
"""How long a pipe may give nothing before it is left."""

_BLOCK: Final = 2**20


def read(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of the file at *path*, which has *max_bytes* at most.

    Raises UnreadableFileError where it is longer, is a pipe that nobody writes to, or is not there.
    """
    try:
        return _read(path, max_bytes)
    except FileNotFoundError as error:
        raise UnreadableFileError.missing(path) from error
    except IsADirectoryError as error:
        raise UnreadableFileError(path, "this is a folder; expected a file") from error
    except OSError as error:
        raise UnreadableFileError(path, f"it cannot be read ({error.strerror})") from error


def _read(path: Path, max_bytes: int) -> bytes:
    content = bytearray()
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        is_plain = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        while len(content) <= max_bytes:
            if not is_plain:
                _wait(path, file.fileno())
            if not (block := file.read(_BLOCK)):
                return bytes(content)
            content += block
    raise UnreadableFileError(path, f"it is longer than {max_bytes:,} bytes; divide it")


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; to open a pipe would wait for who writes. A plain file knows no difference."""
    return os.open(path, flags | os.O_NONBLOCK)


def _wait(path: Path, descriptor: int) -> None:
    there = select.poll()
    there.register(descriptor, select.POLLIN)
    if not there.poll(PATIENCE_S * 1000):
        raise UnreadableFileError(path, f"nothing was written to this pipe for {PATIENCE_S:g} s")
