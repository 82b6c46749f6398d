"""The web process's end of the socket to each worker, and what passes over it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from dataclasses import dataclass
from typing import Protocol, cast

from defgraph.children import kill
from defgraph.engine.limits import Limits
from defgraph.store import wire
from defgraph.store.protocol import Answer


@dataclass(eq=False, slots=True)
class Ask:
    """A query on its way: what to send to a worker, and who waits for the answer."""

    question: bytes
    answered: asyncio.Future[Answer]
    since: float  # when it was asked
    what: str  # the word for it
    limits: Limits
    files: tuple[int, ...] = ()  # that its worker is to write to
    took_s: float = 0.0  # of a worker's time, once it is answered
    deaths: int = 0  # of workers that had it at their head, and died of something else

    @property
    def is_awaited(self) -> bool:
        """False once it is answered, or the client has gone away."""
        return not self.answered.done()


class Parent(Protocol):
    """Whoever has workers forked."""

    def hire(self, errand: Ask | None = None) -> None:
        """Have one forked, for an *errand* alone if there is one; raises OSError."""


class Owner(Protocol):
    """Whoever hears what happens to workers."""

    def on_ready(self, worker: Worker) -> None:
        """A worker can be sent queries."""

    def on_reply(self, worker: Worker, ask: Ask | None, reply: wire.Reply) -> None:
        """A worker answered what was at its head; None if nobody waits for that any longer."""

    def on_end(self, worker: Worker) -> None:
        """A worker is dead, and all that it said has been heard."""


class Worker(asyncio.Protocol):
    """A worker process, and the queries that were sent to it; it evaluates the first of them."""

    def __init__(
        self, zygote: Parent, owner: Owner, max_reply_bytes: int, errand: Ask | None = None
    ) -> None:
        self.zygote = zygote
        self.errand = errand  # the one query that it is for, if it is
        self.pid: int | None = None
        self.status: int | None = None  # how it ended, if that is known
        self.in_flight: deque[Ask | None] = deque()  # None: asked of another one meanwhile
        self.head_since = 0.0  # when it began with the first of them
        self.dismissed = False
        self._owner = owner
        self._max_reply_bytes = max_reply_bytes
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self._pidfd: int | None = None
        self._has_ended = self._is_cut_off = False

    def send(self, ask: Ask) -> None:
        """Send a query, to be answered after those that were sent before.

        That the process has ended may not have been heard yet; then it is asked of another one.
        """
        assert self._transport is not None  # noqa: S101 - it was ready
        if not self.in_flight:
            self.head_since = self._loop.time()
        self.in_flight.append(ask)
        if not self._transport.is_closing():
            self._transport.write(ask.question)

    def dismiss(self) -> None:
        """End the process at once, whatever it does; its owner will hear no more of it."""
        self.dismissed = True
        self._kill()

    def is_process(self, pid: int, pidfd: int) -> None:
        """Learn which process it is."""
        self.pid, self._pidfd = pid, pidfd
        if self.dismissed:
            self._kill()

    def has_ended(self, status: int | None) -> None:
        """Learn that the process has ended; None: it will at once, since its zygote has."""
        self.status = status
        if status is None:
            self._kill()
            self._abort()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self._has_ended = True
        self._finish()

    async def connect(self, channel: socket.socket) -> None:
        """Begin to take queries, and send them over *channel*.

        Nothing is sent before uvloop has taken the channel over for good. A transport that breaks
        or is aborted before closes the descriptor (0.23), and so does the channel later, when
        another connection may have its number: a worker's answer would be somebody else's.
        """
        await self._loop.create_unix_connection(lambda: self, sock=channel)
        if self.dismissed or self._has_ended:
            self._abort()
        elif not self._is_cut_off:
            self._owner.on_ready(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn by what to send."""
        # Not asserted: uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Hand on each reply that is complete."""
        self._received += data
        while True:
            try:
                reply = wire.take_reply(self._received, max_bytes=self._max_reply_bytes)
            except ValueError:  # it is no longer what it was
                self._kill()
                return
            if reply is None:
                return
            ask = self.in_flight.popleft() if self.in_flight else None
            since, self.head_since = self.head_since, self._loop.time()
            if ask is not None:
                ask.took_s = self.head_since - since
            self._owner.on_reply(self, ask, reply)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Learn that there will be no further reply."""
        self._is_cut_off = True
        self._finish()

    def _finish(self) -> None:
        if self._has_ended and self._is_cut_off and not self.dismissed:
            self._owner.on_end(self)

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _kill(self) -> None:
        if self._pidfd is not None:
            kill(self._pidfd)
