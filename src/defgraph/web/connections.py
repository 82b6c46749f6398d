"""Connections: what one client may take of the server before its request is a request.

The application sees a request when its header is whole, so what comes before, and who does not
come to the end of it, is looked after here: the bytes of the URL and the header, the time that
header and body take, the time in which an answer is read, and how many connections there are. This
is uvicorn's protocol for httptools with those limits; it costs nothing in the application.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any, ClassVar, Final, NoReturn, cast

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from defgraph.errors import DefgraphError
from defgraph.web import problems
from defgraph.web.connection_limits import ConnectionLimits
from defgraph.web.headers import COMMON_HEADERS
from defgraph.web.refusals import (
    BrokenRequestError,
    HeaderTooLargeError,
    SlowBodyError,
    SlowHeaderError,
    TooManyConnectionsError,
    TooManyHeaderFieldsError,
    UrlTooLongError,
)
from defgraph.web.transports import JoiningTransport

MIN_BODY_RATE: Final = 1000
"""The bytes a second at which a body must arrive, once its time has passed."""

LINGER_S: Final = 2.0
"""How long a client that was refused may go on sending, so that it comes to read why."""

_FIELD_OVERHEAD: Final = len(b": \r\n")


def connection_class(limits: ConnectionLimits) -> type[HttpToolsProtocol]:
    """Return the protocol class that keeps *limits*, for ``uvicorn.Config(http=...)``."""
    return type("Connection", (Connection,), {"limits": limits})


class _Awaited(Enum):
    """What is awaited of the client."""

    REQUEST = auto()
    HEADER = auto()  # its rest
    BODY = auto()  # its rest
    NOTHING = auto()  # but that it reads its answer
    END = auto()  # it was refused


class Connection(HttpToolsProtocol):
    """One connection, from its first byte to its last; `connection_class` gives it its limits."""

    limits: ClassVar[ConnectionLimits]

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.timeout_keep_alive = self.limits.idle_timeout_s  # type: ignore[assignment]
        self.idle_since = 0.0
        self._awaited = _Awaited.REQUEST
        self._refusal: DefgraphError | None = None
        self._is_surplus = False
        self._header_room = 0
        self._header_fed = 0
        self._hosts = 0
        self._body_began = 0.0
        self._body_bytes = 0
        self._receiving: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._unsent = 0

    # -- The connection ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; where there are too many, that which was idle for longest makes room."""
        super().connection_made(cast(asyncio.Transport, JoiningTransport(transport, self.loop)))
        self.idle_since = self.loop.time()
        if len(self.connections) > self.limits.max_connections:
            self._is_surplus = not _make_room(cast(Iterable[Connection], self.connections), self)
        self._receiving = self.loop.call_later(self.limits.header_timeout_s, self._header_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_receiving()
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being asked or answered on it."""
        return self._awaited is _Awaited.REQUEST and not self._is_answering

    @property
    def _is_answering(self) -> bool:
        cycle = cast(RequestResponseCycle | None, self.cycle)  # None before the first request
        return cycle is not None and not cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Take what came; instead of uvicorn's, which answers what is no HTTP as plain text."""
        if self._awaited is _Awaited.END:
            return
        self._unset_keepalive_if_required()
        was_in_header = self._awaited is _Awaited.HEADER
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            self._refuse(self._refusal or BrokenRequestError(str(error)))
            return
        if self._awaited is _Awaited.HEADER:
            # The parser keeps a URL or a field that does not end, and tells nobody of it.
            self._header_fed = self._header_fed + len(data) if was_in_header else 0
            if self._header_fed > self.limits.max_url_bytes + self.limits.max_header_bytes:
                self._refuse(HeaderTooLargeError(self.limits.max_header_bytes))
                return
        self._watch_receiving()

    def _feed(self, data: bytes) -> None:
        """Let the parser have what came; nothing here is answered in another protocol.

        Of a request that offers one (Java's HttpClient offers HTTP/2 in each that it begins with),
        the parser has the header only. It gets the request again, without the offer.
        """
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn
            else:
                return

    def _without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % field for field in self.headers if field[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    # -- What the parser finds ---------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._awaited = _Awaited.HEADER
        self._header_room = self.limits.max_header_bytes
        self._hosts = 0

    def on_url(self, url: bytes) -> None:
        """Its target, or a part of it."""
        super().on_url(url)
        if len(self.url) > self.limits.max_url_bytes:
            self._refuse_within(UrlTooLongError(self.limits.max_url_bytes))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of its header."""
        super().on_header(name, value)
        self._header_room -= len(name) + len(value) + _FIELD_OVERHEAD
        if self._header_room < 0:
            self._refuse_within(HeaderTooLargeError(self.limits.max_header_bytes))
        if len(name) == 4 and name.lower() == b"host":
            self._hosts += 1

    def on_headers_complete(self) -> None:
        """The header is whole, and the application may see it."""
        if self.parser.get_method() == b"CONNECT":
            self._refuse_within(BrokenRequestError("this server is no proxy"))
        if len(self.headers) > self.limits.max_header_fields:
            self._refuse_within(TooManyHeaderFieldsError(self.limits.max_header_fields))
        if self._hosts != 1 and (self._hosts or self.parser.get_http_version() == "1.1"):
            said = "two fields" if self._hosts else "no field"
            self._refuse_within(BrokenRequestError(f"it has {said} Host"))
        if self._is_surplus:
            self._refuse_within(TooManyConnectionsError(self.limits.max_connections))
        if self.parser.should_upgrade():
            return
        super().on_headers_complete()
        self._awaited = _Awaited.BODY
        self._body_began, self._body_bytes = self.loop.time(), 0

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._awaited is not _Awaited.BODY:
            return  # its header, which comes again
        super().on_message_complete()
        # It may be answered before it is whole: who may not write is not listened to.
        is_answered = self.cycle.response_complete
        self._awaited = _Awaited.REQUEST if is_answered else _Awaited.NOTHING

    def on_response_complete(self) -> None:
        """It is answered, though perhaps not all of the answer is sent."""
        self.idle_since = self.loop.time()
        if self._awaited is _Awaited.NOTHING:
            self._awaited = _Awaited.REQUEST
        elif self._awaited is _Awaited.BODY and self.cycle.response_complete:
            # It was refused for its header. The rest of its body is awaited, but not for long.
            self._stop_receiving()
            self._receiving = self.loop.call_later(LINGER_S, self._body_is_late)
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self._watch_sending()

    # -- Who is slow -------------------------------------------------------------------------

    def _watch_receiving(self) -> None:
        if self._awaited is _Awaited.HEADER:
            if self._receiving is None:
                timeout = self.limits.header_timeout_s
                self._receiving = self.loop.call_later(timeout, self._header_is_late)
        elif self._awaited is _Awaited.BODY:
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
        if self._awaited is _Awaited.HEADER:
            self._refuse(SlowHeaderError(self.limits.header_timeout_s))
        elif self._awaited is _Awaited.BODY:
            self._watch_receiving()
        elif self.is_idle:
            self.transport.close()

    def _body_is_late(self) -> None:
        self._receiving = None
        if self._awaited is not _Awaited.BODY:
            self._watch_receiving()
            return
        if not self._is_answering:
            self.transport.close()
            return
        allowed = self.limits.body_timeout_s + self._body_bytes / MIN_BODY_RATE
        left = self._body_began + allowed - self.loop.time()
        if self.flow.read_paused:  # it is we who do not read
            left = max(left, self.limits.body_timeout_s)
        if left > 0:
            self._receiving = self.loop.call_later(left, self._body_is_late)
        else:
            self._refuse(SlowBodyError(self.limits.body_timeout_s, MIN_BODY_RATE))

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
            self._unsent = self.transport.get_write_buffer_size()
            timeout = self.limits.send_timeout_s
            self._sending = self.loop.call_later(timeout, self._look_at_sending)

    def _look_at_sending(self) -> None:
        self._sending = None
        unsent = self.transport.get_write_buffer_size()
        if unsent and unsent >= self._unsent:
            self.transport.abort()
        elif unsent:
            self._watch_sending()

    # -- Refusing ----------------------------------------------------------------------------

    def _refuse_within(self, error: DefgraphError) -> NoReturn:
        """Refuse the request from within the parser, which makes an error of its own of this."""
        self._refusal = error
        raise error

    def _refuse(self, error: DefgraphError) -> None:
        """Answer with *error* and close, if it is this request's turn to be answered."""
        begun = self._awaited
        self._awaited = _Awaited.END
        self._stop_receiving()
        in_progress = self._is_answering
        if in_progress and begun is not _Awaited.BODY:
            self.cycle.keep_alive = False  # the requests before it are answered, and then nothing
            return
        if in_progress and (self.cycle.response_started or self.pipeline):
            self.transport.close()
            return
        if in_progress:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(_as_bytes(error, self.server_state.default_headers))
        if self.transport.can_write_eof():
            # Closed at once, what it still sends would have the kernel take the answer back.
            self.transport.write_eof()
            self._receiving = self.loop.call_later(LINGER_S, self.transport.abort)
        else:
            self.transport.close()


def _make_room(connections: Iterable[Connection], newest: Connection) -> bool:
    """Close the connection that was idle for longest; return whether there was one."""
    idle = [each for each in connections if each is not newest and each.is_idle]
    if not idle:
        return False
    min(idle, key=lambda each: each.idle_since).transport.close()
    return True


def _as_bytes(error: DefgraphError, default_headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    response = problems.response(error)
    common = [(name.lower().encode(), value.encode()) for name, value in COMMON_HEADERS.items()]
    headers = [*default_headers, *common, *response.raw_headers, (b"connection", b"close")]
    fields = b"".join(b"%b: %b\r\n" % field for field in headers)
    return STATUS_LINE[response.status_code] + fields + b"\r\n" + bytes(response.body)
