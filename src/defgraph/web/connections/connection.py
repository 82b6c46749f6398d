"""Connections: what one client may take of the server before its request is a request.

The application sees a request when its header is whole, so what comes before, and who does not
come to the end of it, is looked after here: the bytes of the URL and the header, the time that
header and body take, the time in which an answer is read, and how many connections there are.
"""

from __future__ import annotations

import asyncio
import time
from operator import itemgetter
from typing import Any, ClassVar, Final, cast

import uvicorn
from uvicorn.server import ServerState

from defgraph.errors import DefgraphError
from defgraph.web.connections.http11 import LINGER_S, Awaited, Http11
from defgraph.web.connections.limits import ConnectionLimits
from defgraph.web.connections.transports import JoiningTransport
from defgraph.web.http.in_flight import InFlight, Reader
from defgraph.web.http.refusals import (
    HeaderTooLargeError,
    SlowBodyError,
    SlowHeaderError,
    TooManyConnectionsError,
    TooManyHeaderFieldsError,
    UrlTooLongError,
)
from defgraph.web.readiness import Readiness
from defgraph.web.telemetry.journal import Journal

MIN_RATE: Final = 1000
"""The bytes a second at which a body must arrive, and an answer be read, after a while."""

SLOW_AFTER_S: Final = 1.0
SLOW_RATE: Final = 10_000
"""Where there is no room, a client goes that took more than a second, at fewer bytes a second."""

MAX_SURPLUS: Final = 100
"""So many connections too many are told so; more are closed without a word."""

_FIELD_OVERHEAD: Final = len(b": \r\n")


def connection_class(
    limits: ConnectionLimits,
    in_flight: InFlight | None = None,
    journal: Journal | None = None,
    readiness: Readiness | None = None,
) -> type[Connection]:
    """Return the protocol class that keeps *limits*, for ``uvicorn.Config(http=...)``.

    Its connections say to *in_flight* which clients have not read what they were answered. In
    *journal* stands who is refused before there is a request. Once *readiness* says that the server
    is ending, a connection takes one request more.
    """
    own = {
        "limits": limits,
        "readers": in_flight.readers if in_flight is not None else set(),
        "journal": journal,
        "readiness": readiness or Readiness(),
    }
    return type("Connection", (Connection,), own)


class Connection(Http11):
    """One connection, from its first byte to its last; `connection_class` gives it its limits."""

    limits: ClassVar[ConnectionLimits]
    readers: ClassVar[set[Reader]]

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.timeout_keep_alive = self.limits.idle_timeout_s  # type: ignore[assignment]
        self._idle_since = 0.0
        self._began = 0.0  # what is awaited now
        self._header_room = 0
        self._header_fed = 0
        self._body_bytes = 0
        self._receiving: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._read, self._read_since = 0, 0.0  # so much of all answers the client had read then

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; where there are too many, one that waits for its client makes room."""
        super().connection_made(cast(asyncio.Transport, JoiningTransport(transport, self.loop)))
        self._idle_since = self._began = self.loop.time()
        if len(self.connections) > self.limits.max_connections + MAX_SURPLUS:
            self.transport.abort()
            return
        self._has_room()
        self._receiving = self.loop.call_later(self.limits.header_timeout_s, self._header_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_receiving()
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
        self.readers.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        was_in_header = self.awaited is Awaited.HEADER
        super().data_received(data)
        if self.awaited is Awaited.HEADER:
            # The parser keeps a URL or a field that does not end, and tells nobody of it.
            self._header_fed = self._header_fed + len(data) if was_in_header else 0
            if self._header_fed > self.limits.max_url_bytes + self.limits.max_header_bytes:
                self.refuse(HeaderTooLargeError(self.limits.max_header_bytes))
        self._watch_receiving()

    def refuse(self, error: DefgraphError) -> None:
        """Answer with *error*, and wait for nothing more."""
        self._stop_receiving()
        super().refuse(error)

    # -- How much ----------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._began = self.loop.time()
        self._header_room = self.limits.max_header_bytes

    def on_url(self, url: bytes) -> None:
        """Its target, or a part of it."""
        super().on_url(url)
        if len(self.url) > self.limits.max_url_bytes:
            self.refuse_within(UrlTooLongError(self.limits.max_url_bytes))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of its header."""
        super().on_header(name, value)
        self._header_room -= len(name) + len(value) + _FIELD_OVERHEAD
        if self._header_room < 0:
            self.refuse_within(HeaderTooLargeError(self.limits.max_header_bytes))

    def on_headers_complete(self) -> None:
        """The header is whole, and the application may see it."""
        if len(self.headers) > self.limits.max_header_fields:
            self.refuse_within(TooManyHeaderFieldsError(self.limits.max_header_fields))
        if not self._has_room():
            self.refuse_within(TooManyConnectionsError(self.limits.max_connections))
        self._began, self._body_bytes = self.loop.time(), 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_response_complete(self) -> None:
        """It is answered, though perhaps not all of the answer is sent."""
        self._idle_since = self.loop.time()
        if self.awaited is Awaited.BODY and not self.is_answering:
            # It was refused for its header. The rest of its body is awaited, but not for long.
            self._stop_receiving()
            self._receiving = self.loop.call_later(LINGER_S, self._body_is_late)
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self._watch_sending()

    # -- How many ----------------------------------------------------------------------------

    def waits_since(self, now: float) -> tuple[int, float] | None:
        """Return how well this can be done without, least first; None if it cannot.

        Best without one that is idle, for longest; then one whose client takes its time.
        """
        if self.is_idle:
            return 0, self._idle_since
        took = now - self._began
        is_slow = took > SLOW_AFTER_S and (
            self.awaited is Awaited.HEADER
            or (self.awaited is Awaited.BODY and self._body_bytes < took * SLOW_RATE)
        )
        return (1, self._began) if is_slow else None

    def make_room(self) -> None:
        """Go, for another to come."""
        if self.is_idle:
            self.transport.close()
        else:
            self.refuse(TooManyConnectionsError(self.limits.max_connections))

    def _has_room(self) -> bool:
        """Whether this connection is within their number, or another can make room for it."""
        if len(self.connections) <= self.limits.max_connections:
            return True
        now = self.loop.time()
        others = (cast(Connection, each) for each in self.connections if each is not self)
        waiting = [(since, each) for each in others if (since := each.waits_since(now)) is not None]
        if not waiting:
            return False
        min(waiting, key=itemgetter(0))[1].make_room()
        return True

    # -- How slow ----------------------------------------------------------------------------

    def _watch_receiving(self) -> None:
        if self.awaited is Awaited.HEADER:
            if self._receiving is None:
                timeout = self.limits.header_timeout_s
                self._receiving = self.loop.call_later(timeout, self._header_is_late)
        elif self.awaited is Awaited.BODY:
            if self._receiving is None:
                timeout = self.limits.body_timeout_s
                self._receiving = self.loop.call_later(timeout, self._body_is_late)
        else:
            self._stop_receiving()
            if self.is_idle and self.timeout_keep_alive_task is None:
                self.timeout_keep_alive_task = self.loop.call_later(
                    self.timeout_keep_alive, self.timeout_keep_alive_handler
                )

    def _stop_receiving(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _header_is_late(self) -> None:
        self._receiving = None
        if self.awaited is Awaited.HEADER:
            self.refuse(SlowHeaderError(self.limits.header_timeout_s))
        elif self.awaited is Awaited.BODY:
            self._watch_receiving()
        elif self.is_idle:
            self.transport.close()

    def _body_is_late(self) -> None:
        self._receiving = None
        if self.awaited is not Awaited.BODY:
            self._watch_receiving()
            return
        allowed = self.limits.body_timeout_s + self._body_bytes / MIN_RATE
        left = self._began + allowed - self.loop.time()
        if self.flow.read_paused:  # it is we who do not read
            left = max(left, self.limits.body_timeout_s)
        if left > 0 and self.is_answering:
            self._receiving = self.loop.call_later(left, self._body_is_late)
        else:
            self.refuse(SlowBodyError(self.limits.body_timeout_s, MIN_RATE))

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered."""
        super().pause_writing()
        self._watch_sending()

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection, since it was idle for long; what is being sent is sent first."""
        if self.transport.get_write_buffer_size():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def _watch_sending(self) -> None:
        if self._sending is None:
            self.readers.add(self)
            self._read, self._read_since = self._read_bytes(), time.monotonic()
            timeout = self.limits.send_timeout_s
            self._sending = self.loop.call_later(timeout, self._look_at_sending)

    def _look_at_sending(self) -> None:
        self._sending = None
        if not self.unsent_bytes():
            self.readers.discard(self)
        elif self._read_bytes() - self._read < MIN_RATE * self.limits.send_timeout_s:
            self.leave()
        else:
            self._watch_sending()

    def unsent_bytes(self) -> int:
        """Return how much of what the client was answered it has not read."""
        return self.transport.get_write_buffer_size()

    def _read_bytes(self) -> int:
        written = cast(JoiningTransport, self.transport).written_bytes
        return written - self.unsent_bytes()

    def rate(self, now: float) -> float | None:
        """Return the bytes a second at which the client reads; None before it had a second."""
        took = now - self._read_since
        return (self._read_bytes() - self._read) / took if took > SLOW_AFTER_S else None

    def leave(self) -> None:
        """Send nothing more to a client that does not read it."""
        self.transport.abort()
