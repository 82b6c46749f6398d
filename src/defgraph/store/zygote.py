"""The zygote: a process that holds one generation of the dataset and forks workers from it.

It is started by exec, so that it inherits no thread, lock or event loop, and it imports nothing
but pyoxigraph, the standard library and the few modules of ours that queries need. Over its control
socket (SEQPACKET: a message is a packet) it is sent one setup with the dataset, and then sockets;
of each it makes a worker, and it reports what becomes of it. Messages are JSON:

====================================  ===============================================
from the web process                  from the zygote
====================================  ===============================================
setup, with a file of N-Quads         ``{"ready": quads, "means": ...}`` or an error
``{"fork": n}``, with a socket        ``{"forked": n}``, with a pidfd
..                                    ``{"ended": n, "status": exit code or -signal}``
====================================  ===============================================

When the control socket closes, however the web process ended, it kills its workers and ends.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Any, Final

import pyoxigraph as ox

from defgraph.store import sandbox
from defgraph.store.limits import MIB, Limits
from defgraph.store.worker import Duty, become_worker

STACK_BYTES: Final = 256 * MIB
"""Of a worker's only thread: the engine recurses as deep as a query is nested."""

_MAX_MESSAGE: Final = 64 * 1024


def main() -> None:
    """Be a zygote over the control socket whose number is the last argument."""
    _have_large_stack()
    control = socket.socket(fileno=int(sys.argv[-1]))
    try:
        duty = _prepare(control)
        if duty is not None:
            _Zygote(control, duty).run()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the web process is gone


def _have_large_stack() -> None:
    """Start anew if the stack is small: where memory lies is decided when a program starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = STACK_BYTES if hard == resource.RLIM_INFINITY else min(STACK_BYTES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the very program that runs


def _prepare(control: socket.socket) -> Duty | None:
    """Load the dataset and find means to confine workers; None if there are none."""
    message, descriptors = _receive(control)
    with os.fdopen(descriptors[0], "rb") as nquads:
        dataset = ox.Store()
        # Not load or bulk_load, which give blank nodes other labels.
        dataset.bulk_extend(ox.parse(nquads, ox.RdfFormat.N_QUADS))
    means = sandbox.choose()
    if means == "none" and not message["allow_unconfined"]:
        _send(control, {"error": "the kernel has neither seccomp nor network namespaces for us"})
        return None
    gc.collect()
    gc.freeze()  # or the first collection in a worker would copy every page
    _send(control, {"ready": len(dataset), "means": means})
    limits = Limits(**message["limits"])
    return Duty(
        dataset,
        message["generation"],
        message["prefixes"],
        limits,
        means,
        address_space=sandbox.prepare() + limits.memory_mb * MIB,
    )


class _Zygote:
    """The loop: fork when asked to, report who ended."""

    def __init__(self, control: socket.socket, duty: Duty) -> None:
        self._control, self._duty = control, duty
        self._workers: dict[int, int] = {}  # pidfd to the web process's number of the worker
        self._poll = select.poll()

    def run(self) -> None:
        self._poll.register(self._control, select.POLLIN)
        try:
            while self._step():
                pass
        finally:
            for pidfd in self._workers:
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    def _step(self) -> bool:
        for descriptor, _ in self._poll.poll():
            if descriptor in self._workers:
                self._report_end(descriptor)
            else:
                message, descriptors = _receive(self._control)
                if not message:
                    return False
                self._fork(message["fork"], descriptors[0])
        return True

    def _fork(self, number: int, channel: int) -> None:
        zygote = os.getpid()
        child = os.fork()
        if child == 0:
            become_worker(self._duty, channel, zygote)
        os.close(channel)
        pidfd = os.pidfd_open(child)
        self._workers[pidfd] = number
        self._poll.register(pidfd, select.POLLIN)
        _send(self._control, {"forked": number, "pid": child}, [pidfd])

    def _report_end(self, pidfd: int) -> None:
        end = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        number = self._workers.pop(pidfd)
        exited = end is not None and end.si_code == os.CLD_EXITED
        status = end.si_status if end is not None else 0
        _send(self._control, {"ended": number, "status": status if exited else -status})


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return a message and the file descriptors with it; an empty one at the end."""
    data, descriptors, _, _ = socket.recv_fds(control, _MAX_MESSAGE, 1, socket.MSG_CMSG_CLOEXEC)
    return (json.loads(data) if data else {}), descriptors


def _send(control: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], descriptors)
