"""The zygote: a process that holds one generation of the dataset and forks workers from it.

It is started by exec, so that it inherits no thread, lock or event loop, and it imports nothing
but pyoxigraph, the standard library, the few modules of ours that queries need, and the gate where
writes are judged. Over its control socket (SEQPACKET: a message is a packet) it is sent one setup,
and then sockets; of each it makes a worker, and it reports what becomes of it. Or it is sent a
write with a control socket for its successor: a fork of it becomes the next zygote, as
:mod:`defgraph.store.succession` says, and reports over that socket. Messages are JSON:

====================================  ===============================================
from the web process                  from the zygote
====================================  ===============================================
setup, with a file of N-Quads or not  ``{"ready": state, ...}`` or ``{"error": ...}``
``{"fork": n, "may_connect": no}``,   ``{"forked": n}``, with a pidfd
with a socket                         ..
..                                    ``{"ended": n, "status": exit code or -signal}``
``{"succeed": n, ...}``, with a       ``{"forked": n}``, with a pidfd; and its successor:
control socket and a file with the    ``{"publishing": true}`` and ``{"ready": ...}``,
patch, or none to follow another's    ``{"error": ...}``, or ``{"refused": true}`` with
                                      the report in the file
``{"succeeded": true}``               ..
====================================  ===============================================

When the control socket closes, however the web process ended, it ends, and its workers with it.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from defgraph import sandbox
from defgraph.engine.limits import MIB, Limits
from defgraph.engine.profile import Profile, writer_called
from defgraph.errors import DefgraphError, StoreError
from defgraph.log.changes import Changes, lines_of
from defgraph.log.files import WriterLock
from defgraph.log.patch_log import PatchLog, SnapshotPolicy
from defgraph.store import wire
from defgraph.store.protocol import Refused, State
from defgraph.store.succession import Write, catch_up, gate_called, succeed
from defgraph.store.worker import Duty, become_worker

STACK_BYTES: Final = 256 * MIB
"""Of a worker's only thread: the engine recurses as deep as a query is nested."""

_MAX_MESSAGE: Final = 64 * 1024
_LOCK_WAIT_S: Final = 2.0  # for a process that is just ending
_SNAPSHOTS_EVERY: Final = 64  # generations it is looked at whether a snapshot is due
_SEEDER: Final = "defgraph"


def main() -> None:
    """Be a zygote over the control socket whose number is the last argument."""
    _have_large_stack()
    control = socket.socket(fileno=int(sys.argv[-1]))
    try:
        zygote = _prepare(control)
        while zygote is not None:
            zygote = zygote.run()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the web process is gone


def _have_large_stack() -> None:
    """Start anew if the stack is small: where memory lies is decided when a program starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = STACK_BYTES if hard == resource.RLIM_INFINITY else min(STACK_BYTES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the very program that runs


def _prepare(control: socket.socket) -> _Zygote | None:
    """Take the dataset into memory and find means to confine workers; None if that fails."""
    setup, descriptors = _receive(control)
    try:
        means = sandbox.choose()
        if means == "none" and not setup["allow_unconfined"]:
            raise StoreError("the kernel has neither seccomp nor network namespaces for us")
        if means == "namespace" and setup["profile"]["services"]:
            raise StoreError("to let queries ask other endpoints, the kernel must have seccomp")
        dataset = ox.Store()
        for descriptor in descriptors:
            with os.fdopen(descriptor, "rb") as nquads:
                # Not load or bulk_load, which give blank nodes other labels.
                dataset.bulk_extend(ox.parse(nquads, ox.RdfFormat.N_QUADS))
        state, history = State(setup["generation"], setup["id"]), None
        if setup["folder"] is not None:
            folder = Path(setup["folder"])
            history, dataset = _History.open(folder, seed=None if setup["follows"] else dataset)
            state = State(history.log.head.number, history.log.head.id)
        profile = Profile(**setup["profile"])
        if profile.gate is not None:
            gate_called(profile.gate).prepare()
        for name in profile.writers.values():
            writer_called(name).prepare()
    except DefgraphError as error:
        _send(control, {"error": wire.error_as_json(error)})
        return None
    duty = Duty(dataset, state, profile, Limits(**setup["limits"]), means, address_space=0)
    return _Zygote(control, duty, history)


class _History:
    """The log of the store on disk, and the right to write to it, but for a follower."""

    def __init__(self, log: PatchLog, lock: WriterLock | None) -> None:
        self.log, self.lock = log, lock

    @classmethod
    def open(cls, folder: Path, *, seed: ox.Store | None) -> tuple[_History, ox.Store]:
        """Open a store and return its dataset; an empty one begins with *seed*, None: to follow."""
        if seed is None:
            log, dataset = PatchLog.open(folder)
            return cls(log, None), dataset
        lock = WriterLock(folder, wait_s=_LOCK_WAIT_S)
        log, dataset = PatchLog.open(folder, lock)
        if log.head.number == 0 and len(seed):
            log.append(
                Changes(added=frozenset(lines_of(seed))),
                author=_SEEDER,
                message="What the store begins with",
            )
            dataset = seed
        return cls(log, lock), dataset


class _Zygote:
    """The loop: fork when asked to, report who ended."""

    def __init__(self, control: socket.socket, duty: Duty, history: _History | None) -> None:
        gc.collect()
        gc.freeze()  # or the first collection in a worker would copy every page
        address_space = sandbox.prepare() + duty.limits.memory_mb * MIB
        self._control, self._history = control, history
        self._duty = replace(duty, address_space=address_space)
        self._children: dict[int, int | None] = {}  # pidfd to the web process's number of it
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._has_successor = False
        made, damages = (0, 0), []
        if history is not None:
            made = (history.log.head.added, history.log.head.deleted)
            damages = [str(damage) for damage in history.log.damages]
        ready = {"ready": duty.state, "means": duty.means, "pid": os.getpid()}
        _send(control, {**ready, "made": made, "damages": damages})

    def run(self) -> _Zygote | None:
        """Go on until the control socket closes; in the fork that succeeds, return that zygote."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._children:
                    self._report_end(descriptor)
                    continue
                message, descriptors = _receive(self._control)
                match message:
                    case {"fork": number, "may_connect": may_connect}:
                        duty = replace(self._duty, may_connect=may_connect)
                        self._fork_worker(number, descriptors[0], duty)
                    case {"succeed": number, **write}:
                        successor = self._fork_successor(number, descriptors, write)
                        if successor is not None:
                            return successor
                    case {"succeeded": _}:
                        self._has_successor = True
                        if self._history is not None and self._history.lock is not None:
                            self._history.lock.release()
                    case _:
                        self._finish_snapshot()
                        return None

    def _fork_worker(self, number: int, channel: int, duty: Duty) -> None:
        zygote = os.getpid()
        child = os.fork()
        if child == 0:
            become_worker(duty, channel, zygote)
        self._add_child(child, number)
        os.close(channel)

    def _fork_successor(
        self, number: int, descriptors: Sequence[int], write: dict[str, Any]
    ) -> _Zygote | None:
        """Fork; in the child do the write and return the zygote that it has become."""
        control, *files = descriptors
        child = os.fork()
        if child == 0:
            self._control.close()
            for pidfd in self._children:
                os.close(pidfd)
            try:
                return self._become_successor(socket.socket(fileno=control), files, write)
            except BaseException:  # noqa: BLE001 - whatever it is, this is not the zygote
                os._exit(1)
        self._add_child(child, number)
        for descriptor in descriptors:
            os.close(descriptor)
        return None

    def _become_successor(
        self, control: socket.socket, files: Sequence[int], write: dict[str, Any]
    ) -> _Zygote:
        assert self._history is not None  # noqa: S101 - or it would not have been asked
        log, lock = self._history.log, self._history.lock
        if lock is None:
            try:
                return _Zygote(control, catch_up(self._duty, log), self._history)
            except DefgraphError as error:
                _send(control, {"error": wire.error_as_json(error)})
                os._exit(0)
        (file,) = files
        with os.fdopen(file, "r+b") as patch:
            try:
                done = succeed(
                    Write(patch.read(), **write),
                    self._duty,
                    log,
                    lambda: _send(control, {"publishing": True}),
                )
            except DefgraphError as error:
                _send(control, {"error": wire.error_as_json(error)})
                os._exit(0)
            if isinstance(done, Refused):
                patch.seek(0)
                patch.truncate()
                patch.write(json.dumps(asdict(done)).encode())
                patch.flush()
                _send(control, {"refused": True})
                os._exit(0)
        lock.sign()
        zygote = _Zygote(control, done, self._history)
        zygote._snapshot_if_due()
        return zygote

    def _snapshot_if_due(self) -> None:
        """Have a child write a snapshot, now and then."""
        assert self._history is not None and self._history.lock is not None  # noqa: S101, PT018
        log, policy = self._history.log, SnapshotPolicy()
        if log.head.number % _SNAPSHOTS_EVERY or not log.snapshot_due(policy):
            return
        zygote = os.getpid()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                sandbox.end_with_parent(zygote)
                self._control.close()
                self._history.lock.release()
                log.write_snapshot(self._duty.dataset, keep=policy.keep)
                status = 0
            finally:
                os._exit(status)
        self._add_child(child, None)

    def _finish_snapshot(self) -> None:
        """Wait for the child that writes a snapshot, if this ends only since it has a successor."""
        if self._has_successor:
            for pidfd, number in self._children.items():
                if number is None:
                    os.waitid(os.P_PIDFD, pidfd, os.WEXITED)

    def _add_child(self, child: int, number: int | None) -> None:
        pidfd = os.pidfd_open(child)
        self._children[pidfd] = number
        self._poll.register(pidfd, select.POLLIN)
        if number is not None:
            _send(self._control, {"forked": number, "pid": child}, [pidfd])

    def _report_end(self, pidfd: int) -> None:
        end = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        number = self._children.pop(pidfd)
        if number is None:
            return
        exited = end is not None and end.si_code == os.CLD_EXITED
        status = end.si_status if end is not None else 0
        _send(self._control, {"ended": number, "status": status if exited else -status})


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return a message and the file descriptors with it; an empty one at the end."""
    data, descriptors, _, _ = socket.recv_fds(control, _MAX_MESSAGE, 2, socket.MSG_CMSG_CLOEXEC)
    return (json.loads(data) if data else {}), descriptors


def _send(control: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], descriptors)
