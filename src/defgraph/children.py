"""Processes that do one thing and end: how they are forked, what they hold, how they are ended."""

from __future__ import annotations

import fcntl
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
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


def have_large_stack(size: int) -> None:
    """Start this program anew if its stack is smaller: where memory lies is decided when it starts.

    *size* is in bytes, and what may not be had of it is not. Children have the stack, too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = size if hard == resource.RLIM_INFINITY else min(size, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the very program that runs


def have_only(*descriptors: int) -> tuple[int, ...]:
    """Close what else is open but standard input, output and error, which are as the first of them.

    Returns the numbers that *descriptors* have now, from 3 on.
    """
    beyond = 3 + len(descriptors)
    moved = [fcntl.fcntl(each, fcntl.F_DUPFD, beyond) for each in descriptors]
    for number, descriptor in enumerate(moved, 3):
        os.dup2(descriptor, number)
    for standard in (1, 2):
        os.dup2(0, standard)
    os.closerange(beyond, os.sysconf("SC_OPEN_MAX"))
    return tuple(range(3, beyond))


def kill(pidfd: int) -> None:
    """End a process at once."""
    with suppress(ProcessLookupError):  # it has ended by itself, and its parent knows
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)


def wait(pidfd: int, grace_s: float) -> None:
    """Wait until a process has ended; end it if that takes longer than *grace_s*."""
    ended = select.poll()
    ended.register(pidfd, select.POLLIN)
    if not ended.poll(grace_s * 1000):
        kill(pidfd)
        ended.poll()
