"""A number written down beside the files of a store, so that the loss of a file is noticed.

It stands with its own hash, and is written over in place: its file has a block on the disk, should
that be full. It is not synced. Where power is lost it may fall back to an earlier number: that a
later file is missing would go unnoticed then, but nothing is lost by it.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from defgraph.log.files import BrokenFileError, reading, set_aside

DIGITS: Final = 12


def recorded(path: Path) -> int:
    """Return the number that was written down last; raises BrokenFileError."""
    with reading(path):
        content = path.read_bytes()
    digits = content[:DIGITS]
    if not digits.isdigit() or content != _record(int(digits)):
        raise BrokenFileError("it is garbled")
    return int(digits)


def record(path: Path, number: int) -> None:
    """Write *number* down; raises OSError."""
    if path.is_dir():
        set_aside(path)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    size = os.fstat(descriptor).st_size
    try:
        content = _record(number)
        os.pwrite(descriptor, content, 0)
        if size != len(content):
            os.ftruncate(descriptor, len(content))
            os.fsync(descriptor)
    except OSError:
        if size == 0:  # it was made for this
            path.unlink()
        raise
    finally:
        os.close(descriptor)


def _record(number: int) -> bytes:
    digits = f"{number:0{DIGITS}}"
    return f"{digits} {sha256(digits.encode()).hexdigest()}\n".encode()
