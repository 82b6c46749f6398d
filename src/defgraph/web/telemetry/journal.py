"""What became of each request: one line in the log, and the numbers of ``/metrics``.

Nothing that a client wrote stands there: no query, no path, no token. A query is known by its hash,
and a request by its id, which its answer carries in a header and in every problem.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from itertools import count
from typing import Any, Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from defgraph.web.telemetry.logs import Log
from defgraph.web.telemetry.metrics import Metrics

HEADER: Final = "X-Request-Id"
OTHER: Final = "other"
"""The kind of a request that no operation takes, or that was refused before one was looked for."""

_KEY: Final = "defgraph.note"
_GIVEN: Final = "defgraph.request_id"
_RAW_HEADER: Final = HEADER.lower().encode()
_SERIES: Final = secrets.token_hex(4)
_NUMBERS: Final = count(1)
_NOT_SENT: Final = 499  # of a request whose client went away, as nginx has it


class Note:
    """What is found out about one request while it is answered."""

    __slots__ = ("bytes", "cache", "id", "kind", "outcome", "query", "rows", "status")

    def __init__(self, given: str | None = None) -> None:
        self.id = given or f"{_SERIES}-{next(_NUMBERS):x}"
        self.kind: str | None = None
        self.outcome: str | None = None  # where the status alone does not say it
        self.query: str | None = None  # its text, of which only the hash is told
        self.cache: str | None = None
        self.rows: int | None = None
        self.status = _NOT_SENT
        self.bytes = 0


def note_of(scope: Scope) -> Note:
    """Return the note of a request; without a journal it is a new one, which nobody reads."""
    note: Note | None = scope.get(_KEY)
    return note if note is not None else Note(scope.get(_GIVEN))


def give_note(scope: Scope, note: Note) -> None:
    """Let *note* be that of a request."""
    scope[_KEY] = note


def has_given_id(scope: Scope) -> bool:
    """Tell whether a proxy gave the request its id."""
    return _GIVEN in scope


def give_id(scope: Scope, request_id: str) -> None:
    """Let a request have the id that a proxy, which we believe, gave it."""
    scope[_GIVEN] = request_id


class Journal:
    """Notes what becomes of each request that *app* answers.

    The kind of a request is that of the function in *kinds* which the router found for it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        kinds: Mapping[Callable[..., Any], str],
        log: Log | None = None,
    ) -> None:
        self._app, self._metrics, self._kinds, self._log = app, metrics, kinds, log
        self._unwritten: list[_Entry] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        note = scope[_KEY] = Note(scope.get(_GIVEN))
        header = (_RAW_HEADER, note.id.encode())
        begun = time.perf_counter()

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                note.status = message["status"]
                message["headers"] = (*message.get("headers", ()), header)
            else:
                note.bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            seconds = time.perf_counter() - begun
            if note.kind is None and "endpoint" in scope:
                note.kind = self._kinds.get(scope["endpoint"])
            method, client = scope["method"], scope.get("client")
            self.enter(note, seconds=seconds, method=method, client=client)

    def enter(
        self,
        note: Note,
        *,
        seconds: float = 0.0,
        method: str | None = None,
        client: tuple[str, int] | None = None,
    ) -> None:
        """Write of a request; without a *method* it was refused before it was one."""
        kind, outcome = note.kind or OTHER, note.outcome or _outcome(note.status)
        self._metrics.count(kind, outcome, seconds)
        if self._log is not None:
            if not self._unwritten:
                asyncio.get_running_loop().call_soon(self._write)
            self._unwritten.append(_Entry(note, kind, outcome, seconds, method, client))

    def _write(self) -> None:
        """Write the lines of this turn of the event loop: one after the other they cost a third."""
        assert self._log is not None  # noqa: S101 - or there were no entries
        self._log.tell("request", [entry.told() for entry in self._unwritten])
        for entry in self._unwritten:
            entry.note.query = None  # it may be long, and what else a request had is freed later
        self._unwritten.clear()


class _Entry(NamedTuple):
    """A request that has ended."""

    note: Note
    kind: str
    outcome: str
    seconds: float
    method: str | None
    client: tuple[str, int] | None

    def told(self) -> dict[str, Any]:
        """Return what its line says."""
        note = self.note
        told: dict[str, Any] = {
            "request_id": note.id,
            "kind": self.kind,
            "method": self.method,
            "status": note.status,
            "outcome": self.outcome,
            "duration_ms": round(self.seconds * 1000, 3),
            "bytes": 0 if self.method == "HEAD" else note.bytes,
            "client": self.client[0] if self.client else None,
        }
        if note.query is not None:
            told["query"] = hash_of(note.query)
            told["cache"] = note.cache
            told["rows"] = note.rows
        return told


def hash_of(query: str) -> str:
    """Return by what a query is known in the log: the first 16 digits of its SHA-256."""
    return hashlib.sha256(query.encode(errors="surrogatepass")).hexdigest()[:16]


def _outcome(status: int) -> str:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return "answered"
    if status == HTTPStatus.NOT_MODIFIED:
        return "not modified"
    if status < HTTPStatus.BAD_REQUEST:
        return "redirected"
    return "ClientGoneError" if status == _NOT_SENT else HTTPStatus(status).phrase
