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
with a socket, and maybe a file       ..
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
import select
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from defgraph import children, sandbox
from defgraph.engine.describing import add_description, remove_description
from defgraph.engine.limits import MIB, Limits
from defgraph.engine.outcomes import Refused
from defgraph.engine.profile import Profile
from defgraph.errors import DefgraphError, StoreError
from defgraph.log.changes import Changes, lines_of
from defgraph.log.files import WriterLock
from defgraph.log.patch_log import PatchLog, SnapshotPolicy
from defgraph.store.protocol import State
from defgraph.store.succession import catch_up, succeed
from defgraph.store.wire import error_as_json, receive_message, send_message
from defgraph.store.worker import Duty, work

STACK_BYTES: Final = 256 * MIB
"""Of a worker's only thread: the engine recurses as deep as a query is nested."""

_LOCK_WAIT_S: Final = 2.0  # for a process that is just ending
_SNAPSHOTS_EVERY: Final = 64  # generations it is looked at whether a snapshot is due
_SEEDER: Final = "defgraph"
_BEGINNING: Final = "What the store begins with"


def main() -> None:
    """Be a zygote over the control socket whose number is the last argument."""
    children.have_large_stack(STACK_BYTES)
    control = socket.socket(fileno=int(sys.argv[-1]))
    try:
        zygote = _prepare(control)
        while zygote is not None:
            zygote = zygote.run()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the web process is gone


def _prepare(control: socket.socket) -> _Zygote | None:
    """Take the dataset into memory and find means to confine workers; None if that fails."""
    setup, descriptors = receive_message(control)
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
        state, log = State(setup["generation"], setup["id"]), None
        if setup["folder"] is not None:
            log, dataset = _opened(Path(setup["folder"]), dataset, follows=setup["follows"])
            state = State(log.head.number, log.head.id)
        profile = Profile(**setup["profile"])
        profile.prepare()
    except DefgraphError as error:
        send_message(control, {"error": error_as_json(error)})
        return None
    duty = Duty(dataset, state, profile, Limits(**setup["limits"]), means, address_space=0)
    return _Zygote(control, duty, log)


def _opened(folder: Path, seed: ox.Store, *, follows: bool) -> tuple[PatchLog, ox.Store]:
    """Open a store, to write to it unless this *follows*; an empty one begins with *seed*."""
    if follows:
        return PatchLog.open(folder)
    log, dataset = PatchLog.open(folder, WriterLock(folder, wait_s=_LOCK_WAIT_S))
    if log.head.number == 0 and len(seed):
        log.append(
            Changes(added=frozenset(lines_of(seed))),
            author=_SEEDER,
            message=_BEGINNING,
        )
        return log, seed
    return log, dataset


class _Zygote:
    """The loop: fork when asked to, report who ended."""

    def __init__(self, control: socket.socket, duty: Duty, log: PatchLog | None) -> None:
        gc.collect()
        gc.freeze()  # or the first collection in a worker would copy every page
        add_description(duty.dataset, duty.profile, duty.means, duty.limits)
        address_space = sandbox.prepare() + duty.limits.memory_mb * MIB
        self._control, self._log = control, log
        self._duty = replace(duty, address_space=address_space)
        self._children: dict[int, int | None] = {}  # pidfd to the web process's number of it
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._has_successor = False
        made, damages = (0, 0), []
        if log is not None:
            made = (log.head.added, log.head.deleted)
            damages = [str(damage) for damage in log.damages]
        ready = {"ready": duty.state, "means": duty.means, "pid": os.getpid()}
        send_message(control, {**ready, "made": made, "damages": damages})

    def run(self) -> _Zygote | None:
        """Go on until the control socket closes; in the fork that succeeds, return that zygote."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._children:
                    self._report_end(descriptor)
                    continue
                message, descriptors = receive_message(self._control)
                match message:
                    case {"fork": number, "may_connect": may_connect}:
                        self._fork_worker(number, descriptors, may_connect=may_connect)
                    case {"succeed": number, **write}:
                        successor = self._fork_successor(number, descriptors, write)
                        if successor is not None:
                            return successor
                    case {"succeeded": _}:
                        self._has_successor = True
                        if self._log is not None and self._log.lock is not None:
                            self._log.lock.release()
                    case _:
                        self._finish_snapshot()
                        return None

    def _fork_worker(self, number: int, descriptors: Sequence[int], *, may_connect: bool) -> None:
        """Fork a worker that has a channel, and files to write to if it is to write dumps."""
        channel, *files = descriptors
        duty = replace(self._duty, may_connect=may_connect)
        if files:
            limits = duty.limits.of_dump
            more = (limits.memory_mb - duty.limits.memory_mb) * MIB
            duty = replace(duty, limits=limits, address_space=duty.address_space + more)
        self._add_child(children.fork(lambda: work(duty, channel, *files)), number)
        for descriptor in descriptors:
            os.close(descriptor)

    def _fork_successor(
        self, number: int, descriptors: Sequence[int], write: dict[str, Any]
    ) -> _Zygote | None:
        """Fork; in the child do the write and return the zygote that it has become."""
        child = os.fork()
        if child == 0:
            control, *files = descriptors
            successor = self._become_successor(socket.socket(fileno=control), files, write)
            if successor is not None:
                return successor
            os._exit(0)
        self._add_child(child, number)
        for descriptor in descriptors:
            os.close(descriptor)
        return None

    def _become_successor(
        self, control: socket.socket, files: Sequence[int], write: dict[str, Any]
    ) -> _Zygote | None:
        """Do the write, or catch up, and say so over *control*; None if nothing came of it."""
        self._control.close()
        for pidfd in self._children:
            os.close(pidfd)
        log = self._log
        assert log is not None  # noqa: S101 - or it would not have been asked
        remove_description(self._duty.dataset, self._duty.profile)
        try:
            if log.lock is None:
                return _Zygote(control, catch_up(self._duty, log), log)
            with os.fdopen(files[0], "r+b") as file:
                changes = succeed(file.read(), self._duty)
                if isinstance(changes, Refused):
                    file.seek(0)
                    file.truncate()
                    file.write(json.dumps(asdict(changes)).encode())
                    file.flush()
                    send_message(control, {"refused": True})
                    return None
            log.check()
            send_message(control, {"publishing": True})
            made = log.append(changes, **write)
            log.lock.sign()
            duty = replace(self._duty, state=State(made.number, made.id))
            zygote = _Zygote(control, duty, log)
            zygote._snapshot_if_due()
        except DefgraphError as error:
            send_message(control, {"error": error_as_json(error)})
            return None
        except BaseException:  # noqa: BLE001 - whatever it is, this is not the zygote
            os._exit(1)
        return zygote

    def _snapshot_if_due(self) -> None:
        """Have a child write a snapshot, now and then."""
        log, policy = self._log, SnapshotPolicy()
        assert log is not None  # noqa: S101 - it has just written
        lock = log.lock
        if lock is None or log.head.number % _SNAPSHOTS_EVERY or not log.snapshot_due(policy):
            return

        def write() -> None:
            self._control.close()
            lock.release()
            remove_description(self._duty.dataset, self._duty.profile)
            log.write_snapshot(self._duty.dataset, keep=policy.keep)

        self._add_child(children.fork(write), None)

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
            send_message(self._control, {"forked": number, "pid": child}, [pidfd])

    def _report_end(self, pidfd: int) -> None:
        end = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        number = self._children.pop(pidfd)
        if number is None:
            return
        exited = end is not None and end.si_code == os.CLD_EXITED
        status = end.si_status if end is not None else 0
        send_message(self._control, {"ended": number, "status": status if exited else -status})
