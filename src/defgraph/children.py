"""Forked children that do one thing and end; and ones that compute something in confinement."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from typing import Final

from defgraph.sandbox import end_with_parent

OUT_OF_MEMORY: Final = (3, -signal.SIGABRT)
"""How a child ends that gets no memory: as Python says it, and as the engine does."""


def fork(work: Callable[[], object]) -> int:
    """Return the process id of a child that does *work* and ends, or is ended with this process.

    Its status is 0 if *work* returned, 3 for a MemoryError, and 1 for any other exception.
    """
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            end_with_parent(parent)
            work()
            status = 0
        except MemoryError:
            status = OUT_OF_MEMORY[0]
        finally:
            os._exit(status)
    return child


def computed(work: Callable[[], bytes], confine: Callable[[], None]) -> bytes:
    """Return what *work* returns in a child that *confine* has confined.

    What it changes, it changes in its own copy of this process's memory. Raises MemoryError where
    it needed more than it may have, and ChildProcessError where it died of anything else.
    """
    ours, theirs = socket.socketpair()

    def do() -> None:
        ours.close()
        confine()
        theirs.sendall(work())

    child = fork(do)
    theirs.close()
    with ours:
        said = bytearray()
        while chunk := ours.recv(65536):
            said += chunk
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status in OUT_OF_MEMORY:
        raise MemoryError
    if status != 0:
        raise ChildProcessError(f"it ended with status {status}")
    return bytes(said)
