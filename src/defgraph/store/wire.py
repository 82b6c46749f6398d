"""What the processes of a store send each other: tasks, answers, errors, messages of control.

A task and an answer begin with a head of fixed length, which says how long the parts after it are.
A worker is sent pickles. The web process trusts no worker: an answer is numbers, bytes and at most
some JSON.
"""

from __future__ import annotations

import json
import pickle
import socket
from collections.abc import Mapping, Sequence
from inspect import signature
from struct import Struct
from typing import Any, Final, NamedTuple

from defgraph import errors
from defgraph.engine.tasks import Task
from defgraph.negotiation import FormatChoice
from defgraph.store.protocol import Answer

_TASK: Final = Struct("!Q")  # its length
_ANSWER: Final = Struct("!BHQQQ")
# flags; length of the media type; generation; rows, and one more; length of the body

_FAILED: Final = 1
_WORN: Final = 2

_MAX_MESSAGE: Final = 64 * 1024

_CLASSES: Final[dict[str, Any]] = {name: getattr(errors, name) for name in errors.__all__}


class Reply(NamedTuple):
    """What a worker said: an answer or an error, and whether it wishes to be replaced."""

    outcome: Answer | errors.DefgraphError
    worn: bool


def task(task: Task) -> bytes:
    """Return a task as bytes to send to a worker."""
    # What a query has is plain values, for a class by its name would take longer than all the rest.
    kind, body, uploads, graph, accept, *dataset = task
    pickled = pickle.dumps((kind, body, uploads, graph, *accept, *dataset))
    return _TASK.pack(len(pickled)) + pickled


def take_task(received: bytearray) -> Task | None:
    """Remove the first task from what was received; None while it is not there as a whole."""
    if len(received) < _TASK.size:
        return None
    end = _TASK.size + _TASK.unpack_from(received)[0]
    if len(received) < end:
        return None
    with memoryview(received) as view:
        kind, body, uploads, graph, results, form, default_graphs, named_graphs = pickle.loads(  # noqa: S301 - the web process's own
            view[_TASK.size : end]
        )
    del received[:end]
    accept = FormatChoice(results, form)
    return Task(kind, body, uploads, graph, accept, default_graphs, named_graphs)


def answer(found: Answer, *, worn: bool) -> tuple[bytes, bytes]:
    """Return an answer as bytes for the web process: a head, and the body as it is."""
    assert found.generation is not None  # noqa: S101 - a worker knows its own
    media_type = found.media_type.encode()
    flags = _WORN if worn else 0
    rows = 0 if found.rows is None else found.rows + 1
    head = _ANSWER.pack(flags, len(media_type), found.generation, rows, len(found.body))
    return head + media_type, found.body


def failure(error: errors.DefgraphError, *, worn: bool) -> tuple[bytes, bytes]:
    """Return an error as bytes for the web process."""
    body = json.dumps(error_as_json(error)).encode()
    return _ANSWER.pack(_FAILED | (_WORN if worn else 0), 0, 0, 0, len(body)), body


def take_reply(received: bytearray, *, max_bytes: int) -> Reply | None:
    """Remove the first reply from what was received; None while it is not there as a whole.

    Raises ValueError for what no worker of ours would send.
    """
    if len(received) < _ANSWER.size:
        return None
    flags, type_length, generation, rows, body_length = _ANSWER.unpack_from(received)
    if body_length > max_bytes:
        raise ValueError(f"a reply of {body_length} bytes")
    start = _ANSWER.size + type_length
    if len(received) < start + body_length:
        return None
    with memoryview(received) as view:
        media_type = bytes(view[_ANSWER.size : start]).decode()
        body = bytes(view[start : start + body_length])
    del received[: start + body_length]
    outcome = (
        error_from_json(json.loads(body))
        if flags & _FAILED
        else Answer(media_type, body, generation, rows - 1 if rows else None)
    )
    return Reply(outcome, bool(flags & _WORN))


def error_as_json(error: errors.DefgraphError) -> list[Any]:
    """Return an error as a value for JSON: the name of its class, and what makes it anew.

    One that is not of :mod:`defgraph.errors` becomes a StoreError.
    """
    if type(error).__name__ not in _CLASSES:
        error = errors.StoreError(getattr(error, "reason", str(error)))
    values = {name: getattr(error, name) for name in signature(type(error)).parameters}
    return [type(error).__name__, json.loads(json.dumps(values, default=str))]


def error_from_json(value: tuple[str, dict[str, Any]]) -> errors.DefgraphError:
    """Return the error that `error_as_json` was given; raises ValueError for none of ours."""
    try:
        name, values = value
        error: errors.DefgraphError = _CLASSES[name](**values)
    except (KeyError, TypeError) as fault:
        raise ValueError("an error that nobody here sends") from fault
    return error


def send_message(
    control: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()
) -> None:
    """Send a message, and file descriptors with it, over the control socket of a zygote."""
    socket.send_fds(control, [json.dumps(message).encode()], descriptors)


def receive_message(control: socket.socket, flags: int = 0) -> tuple[dict[str, Any], list[int]]:
    """Return a message and the file descriptors with it; an empty one at the end."""
    data, descriptors, _, _ = socket.recv_fds(
        control, _MAX_MESSAGE, 2, flags | socket.MSG_CMSG_CLOEXEC
    )
    return (json.loads(data) if data else {}), descriptors
