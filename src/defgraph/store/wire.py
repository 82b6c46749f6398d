"""What the processes of a store send each other: questions and tasks, answers and errors.

Both are a head of fixed length, which says how long the parts after it are. The web process
trusts no worker: an answer is numbers, bytes and at most a little JSON, never a pickle.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any, Final

from defgraph import errors
from defgraph.engine.writes import Task
from defgraph.store.protocol import Answer, FormatChoice

_QUESTION: Final = Struct("!IHHII")  # lengths: text, two media types, default and named graphs
_TASK: Final = 0xFFFF  # for a length of the first media type: a task, whose head is "named graphs"
_ANSWER: Final = Struct("!BHQQ")  # flags; length of the media type; generation; length of the body

_FAILED: Final = 1
_WORN: Final = 2

_ERRORS: Final[dict[type[errors.DefgraphError], tuple[str, ...]]] = {
    errors.QuerySyntaxError: ("reason", "line", "column"),
    errors.QueryRefusedError: ("reason", "line", "column"),
    errors.QueryEvaluationError: ("reason",),
    errors.ServiceFailedError: ("reason",),
    errors.ConnectionNeededError: (),
    errors.NotAcceptableError: ("offered",),
    errors.MemoryExceededError: ("value",),
    errors.ResultTooLargeError: ("value",),
    errors.UploadTooLargeError: ("value",),
    errors.DataSyntaxError: ("reason", "line", "column"),
    errors.InferredGraphError: ("iri",),
    errors.UnknownGraphError: ("iri", "known"),
    errors.UnwritableFileError: ("path", "reason"),
    errors.StoreError: ("reason",),
    errors.StoreLockedError: ("folder", "holder"),
    errors.StoreDamagedError: ("folder", "damages"),
}
"""The errors that a worker or a zygote reports, and the attributes that make them anew."""

_TASK_HEAD: Final = ("kind", "graph", "media_type", "using_graphs", "using_named_graphs")
_BY_NAME: Final = {each.__name__: each for each in _ERRORS}


@dataclass(frozen=True, slots=True)
class Question:
    """A query as a worker reads it."""

    text: str
    accept: FormatChoice
    default_graphs: list[str] | None
    named_graphs: list[str] | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker said: an answer or an error, and whether it wishes to be replaced."""

    outcome: Answer | errors.DefgraphError
    worn: bool


def question(
    text: bytes,
    accept: FormatChoice,
    default_graphs: Sequence[str] | None,
    named_graphs: Sequence[str] | None,
) -> bytes:
    """Return a query as bytes to send to a worker."""
    results, graph = (accept.results or "").encode(), (accept.graph or "").encode()
    default, named = _graphs(default_graphs), _graphs(named_graphs)
    head = _QUESTION.pack(len(text), len(results), len(graph), len(default), len(named))
    return b"".join((head, text, results, graph, default, named))


def task(task: Task) -> bytes:
    """Return a task as bytes to send to a worker."""
    head = json.dumps({name: getattr(task, name) for name in _TASK_HEAD}).encode()
    return _QUESTION.pack(len(task.body), _TASK, 0, 0, len(head)) + task.body + head


def take_question(received: bytearray) -> Question | Task | None:
    """Remove the first message from what was received; None while it is not there as a whole."""
    if len(received) < _QUESTION.size:
        return None
    lengths = _QUESTION.unpack_from(received)
    if is_task := lengths[1] == _TASK:
        lengths = (lengths[0], 0, 0, 0, lengths[4])
    end = _QUESTION.size + sum(lengths)
    if len(received) < end:
        return None
    parts = []
    at = _QUESTION.size
    for length in lengths:
        parts.append(bytes(received[at : at + length]))
        at += length
    del received[:end]
    if is_task:
        return Task(body=parts[0], **json.loads(parts[4]))
    text, results, graph, default, named = (part.decode() for part in parts)
    return Question(
        text,
        FormatChoice(results or None, graph or None),
        json.loads(default) if default else None,
        json.loads(named) if named else None,
    )


def answer(found: Answer, *, worn: bool) -> tuple[bytes, bytes]:
    """Return an answer as bytes for the web process: a head, and the body as it is."""
    assert found.generation is not None  # noqa: S101 - a worker knows its own
    media_type = found.media_type.encode()
    flags = _WORN if worn else 0
    head = _ANSWER.pack(flags, len(media_type), found.generation, len(found.body))
    return head + media_type, found.body


def failure(error: errors.DefgraphError, *, worn: bool) -> tuple[bytes, bytes]:
    """Return an error as bytes for the web process; it must be of a class named above."""
    body = json.dumps(error_as_json(error)).encode()
    return _ANSWER.pack(_FAILED | (_WORN if worn else 0), 0, 0, len(body)), body


def take_reply(received: bytearray, *, max_bytes: int) -> Reply | None:
    """Remove the first reply from what was received; None while it is not there as a whole.

    Raises ValueError for what no worker of ours would send.
    """
    if len(received) < _ANSWER.size:
        return None
    flags, type_length, generation, body_length = _ANSWER.unpack_from(received)
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
        else Answer(media_type, body, generation)
    )
    return Reply(outcome, bool(flags & _WORN))


def error_as_json(error: errors.DefgraphError) -> list[Any]:
    """Return an error as a value for JSON; one of another class becomes a StoreError."""
    if type(error) not in _ERRORS:
        error = errors.StoreError(getattr(error, "reason", str(error)))
    values = {name: getattr(error, name) for name in _ERRORS[type(error)]}
    return [type(error).__name__, json.loads(json.dumps(values, default=str))]


def error_from_json(value: tuple[str, dict[str, Any]]) -> errors.DefgraphError:
    """Return the error that `error_as_json` was given; raises ValueError for none of ours."""
    try:
        name, values = value
        return _BY_NAME[name](**values)
    except (KeyError, TypeError) as error:
        raise ValueError("an error that nobody here sends") from error


def _graphs(iris: Sequence[str] | None) -> bytes:
    return b"" if iris is None else json.dumps(list(iris)).encode()
