"""Reading what others wrote, tried first in a child that may not take more than it is given.

A file may be of a kind that takes all memory there is, or that ends the process.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from defgraph import children
from defgraph.errors import DefgraphError, UnreadableFileError

MEMORY_MIB: Final = 1024
CPU_S: Final = 60
"""What reading one file of somebody's may take."""


def try_to_read(path: Path, reading: Callable[[], object]) -> None:
    """Do *reading* of the file at *path* in a child, whatever error it raises itself.

    Raises UnreadableFileError where it takes more than MEMORY_MIB or CPU_S.
    """

    def work() -> bytes:
        with suppress(DefgraphError):  # which will be raised again where it can be told
            reading()
        return b""

    try:
        children.computed(work, _confine)
    except MemoryError as error:
        reason = f"to read it takes more than {MEMORY_MIB:,} MiB of memory; divide it"
        raise UnreadableFileError(path, reason) from error
    except ChildProcessError as error:
        reason = f"to read it takes more than {CPU_S} s, or ends the program ({error}); divide it"
        raise UnreadableFileError(path, reason) from error


def _confine() -> None:
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + MEMORY_MIB * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    with Path(os.devnull).open("w") as nowhere:  # for what the engine says as it dies
        os.dup2(nowhere.fileno(), 2)
