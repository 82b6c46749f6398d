"""A worker: a process forked from the zygote that answers one query after the other.

It has the dataset in memory, one socket, and nothing else: see :mod:`defgraph.sandbox`. It
may crash, hang or run out of memory at any time; that is what it is for. What it can report
itself, it reports; of everything else its death tells the web process.
"""

from __future__ import annotations

import os
import resource
import socket
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph import sandbox
from defgraph.children import have_only
from defgraph.engine.answering import answer
from defgraph.engine.counting import rows_of
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.errors import (
    DefgraphError,
    MemoryExceededError,
    QueryEvaluationError,
    ServiceFailedError,
)
from defgraph.store import wire
from defgraph.store.protocol import Answer, State

MAX_QUERIES: Final = 4000
MAX_GROWTH_KB: Final = 64 * 1024
"""After so many queries, or grown by so much, a worker asks to be replaced."""

_SMALL: Final = 64 * 1024
_NICENESS: Final = 10


@dataclass(frozen=True, slots=True)
class Duty:
    """What all workers of one zygote have in common."""

    dataset: ox.Store
    state: State
    profile: Profile
    limits: Limits
    means: sandbox.Means
    address_space: int  # in bytes; what the zygote has, and the budget of a query
    may_connect: bool = False  # to ask another endpoint


def work(duty: Duty, channel: int, *files: int) -> None:
    """Answer what comes over the socket *channel*, in a process that was forked for this alone.

    One that has a file to write to goes on when nobody else has anything to do.
    """
    channel, *written = have_only(channel, *files)
    if files:
        os.nice(_NICENESS)
    connection = socket.socket(fileno=channel)
    sandbox.enter(
        duty.means,
        address_space=duty.address_space,
        may_connect=duty.may_connect,
        file_bytes=duty.limits.max_dump_bytes if files else 0,
    )
    _serve(connection, duty, written[0] if written else None)


def _serve(channel: socket.socket, duty: Duty, file: int | None) -> None:
    """Answer until the web process closes the channel."""
    grown_kb = _peak_kb() + MAX_GROWTH_KB
    answered = 0
    received = bytearray()
    while chunk := channel.recv(65536):
        received += chunk
        while (task := wire.take_task(received)) is not None:
            answered += 1
            worn = task.is_write or answered >= MAX_QUERIES or _peak_kb() > grown_kb
            head, body = _reply(task, duty, file, worn=worn)
            if len(body) < _SMALL:  # or the web process would be woken for the head alone
                channel.sendall(head + body)
            else:
                channel.sendall(head)
                channel.sendall(body)
            if task.is_write:  # its dataset is no longer that of its generation
                while channel.recv(65536):
                    pass  # what was sent ahead is asked of another; to end now would cut the reply
                return


def _reply(task: Task, duty: Duty, file: int | None, *, worn: bool) -> tuple[bytes, bytes]:
    try:
        media_type, body = answer(
            task,
            duty.dataset,
            duty.profile,
            duty.limits,
            may_connect=duty.may_connect,
            file=file,
        )
        rows = None if task.is_write else rows_of(media_type, body)
        return wire.answer(Answer(media_type, body, duty.state.generation, rows), worn=worn)
    except DefgraphError as error:
        if duty.may_connect and isinstance(error, QueryEvaluationError):
            error = ServiceFailedError(error.reason)
        return wire.failure(error, worn=worn)
    except MemoryError:
        return wire.failure(MemoryExceededError(duty.limits.memory_mb, task.what), worn=True)


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
