"""Requests as they come over a connection: uvicorn's protocol for httptools, mended.

What is no request as RFC 9112 has it is answered with a problem, and nothing is written into the
midst of an answer. A request that offers another protocol is answered in this one.
"""

from __future__ import annotations

import asyncio
import re
from enum import Enum, auto
from typing import Any, ClassVar, Final, NoReturn, cast

import httptools
import uvicorn
from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from defgraph.errors import DefgraphError
from defgraph.web import problems
from defgraph.web.http.headers import COMMON_HEADERS
from defgraph.web.http.refusals import BrokenRequestError, UnknownMethodError
from defgraph.web.readiness import Readiness
from defgraph.web.telemetry.journal import HEADER, Journal, Note, note_of

LINGER_S: Final = 2.0
"""How long a client that was refused may go on sending, so that it comes to read why."""

MAX_AHEAD: Final = 32
"""So many requests may be sent ahead of the one that is being answered; the rest is passed over."""


_HOST: Final = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::\d*)?"
)
_REQUEST_LINE: Final = re.compile(rb"(?:\r\n)*[\w!#$%&'*+.^`|~-]+ [!-~]+ HTTP/1\.[01]\r?\n")
_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)


class Awaited(Enum):
    """What is awaited of the client."""

    REQUEST = auto()
    HEADER = auto()  # its rest
    BODY = auto()  # its rest
    NOTHING = auto()  # but that it reads its answer
    END = auto()  # it was refused


class Http11(HttpToolsProtocol):
    """One connection, and the requests that come over it."""

    journal: ClassVar[Journal | None] = None
    readiness: ClassVar[Readiness] = Readiness()

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.awaited = Awaited.REQUEST
        self._refusal: DefgraphError | None = None
        self._hosts: list[bytes] = []
        self._running: RequestResponseCycle | None = None
        self._lingering: asyncio.TimerHandle | None = None

    @property
    def is_answering(self) -> bool:
        """Whether the newest request is not answered yet."""
        cycle = cast(RequestResponseCycle | None, self.cycle)  # None before the first request
        return cycle is not None and not cycle.response_complete

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being asked or answered."""
        return self.awaited is Awaited.REQUEST and not self.is_answering

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if self._lingering is not None:
            self._lingering.cancel()
        self._unset_keepalive_if_required()
        self.pipeline.clear()
        running = self._running
        if running is not None and not running.response_complete:
            running.disconnected = True  # uvicorn tells only the newest, which may be another
            running.message_event.set()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Let the request that is under way be the last; an idle connection may have one yet."""
        if not self.is_idle and self.cycle is not None:
            self.cycle.keep_alive = False

    def data_received(self, data: bytes) -> None:
        """Take what came; instead of uvicorn's, which answers what is no HTTP as plain text."""
        if self.awaited is Awaited.END:
            return
        self._unset_keepalive_if_required()
        is_first = self.awaited is Awaited.REQUEST
        try:
            self._feed(data)
        except httptools.HttpParserInvalidMethodError as error:
            knows_no_better = is_first and _REQUEST_LINE.match(data)
            self.refuse(UnknownMethodError() if knows_no_better else BrokenRequestError(str(error)))
        except httptools.HttpParserError as error:
            self.refuse(self._refusal or BrokenRequestError(str(error)))

    # -- Refusing ----------------------------------------------------------------------------

    def refuse(self, error: DefgraphError) -> None:
        """Answer with *error* and close, if it is this request's turn to be answered."""
        begun, self.awaited = self.awaited, Awaited.END
        if begun is not Awaited.BODY and self.is_answering:
            self.cycle.keep_alive = False  # the requests before it are answered, and then nothing
        elif begun is Awaited.BODY and (self._is_answered or self.pipeline):
            self.transport.close()
        else:
            self._answer(error)

    def refuse_within(self, error: DefgraphError) -> NoReturn:
        """Refuse the request from within the parser, which makes an error of its own of this."""
        self._refusal = error
        raise error

    @property
    def _is_answered(self) -> bool:
        return bool(self.cycle.response_started or self.cycle.response_complete)

    def _answer(self, error: DefgraphError) -> None:
        if self.is_answering:  # the application waits for a body that does not come
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(self._as_bytes(error))
        if self.transport.can_write_eof():
            # Closed at once, what it still sends would have the kernel take the answer back.
            self.transport.write_eof()
            self._lingering = self.loop.call_later(LINGER_S, self.transport.abort)
        else:
            self.transport.close()

    def _as_bytes(self, error: DefgraphError) -> bytes:
        # That of a request is written when its task has ended.
        note = note_of(cast(Scope, self.cycle.scope)) if self.is_answering else Note()
        note.outcome = note.outcome or type(error).__name__
        response = problems.response(error, note.id)
        if self.journal is not None and not self.is_answering:
            note.status = response.status_code
            self.journal.enter(note, client=self.client)
        common = {**COMMON_HEADERS, HEADER: note.id, "Connection": "close"}
        headers = [*self.server_state.default_headers, *response.raw_headers]
        headers += [(name.lower().encode(), value.encode()) for name, value in common.items()]
        fields = b"".join(b"%b: %b\r\n" % field for field in headers)
        return STATUS_LINE[response.status_code] + fields + b"\r\n" + bytes(response.body)

    # -- What the parser finds ---------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.awaited, self._hosts = Awaited.HEADER, []

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of its header."""
        super().on_header(name, value)
        if len(name) == 4 and name.lower() == b"host":
            self._hosts.append(value)
        elif name.lower() == b"transfer-encoding" and value.strip().lower() != b"chunked":
            self.refuse_within(BrokenRequestError("it has a transfer coding other than chunked"))

    def on_headers_complete(self) -> None:
        """The header is whole, and the application may see it."""
        if self.parser.get_method() == b"CONNECT":
            self.refuse_within(BrokenRequestError("this server is no proxy"))
        if len(self._hosts) != 1 and (self._hosts or self.parser.get_http_version() == "1.1"):
            said = "two fields" if self._hosts else "no field"
            self.refuse_within(BrokenRequestError(f"it has {said} Host"))
        if not all(map(_HOST.fullmatch, self._hosts)):
            self.refuse_within(BrokenRequestError("its field Host names no host"))
        if len(self.pipeline) >= MAX_AHEAD:
            self.refuse_within(BrokenRequestError("too many were sent before it"))
        if self.parser.should_upgrade():
            return  # it comes again
        if self.url[:1] != b"/":
            self._take_absolute_form()
        super().on_headers_complete()
        self.awaited = Awaited.BODY
        if self.readiness.is_ending:
            self.cycle.keep_alive = False

    def _take_absolute_form(self) -> None:
        """Take the host from a target that is a whole URL, instead of from Host (section 3.2.2)."""
        found = _ABSOLUTE.fullmatch(self.url)
        if found is None:
            return  # as OPTIONS *
        if not _HOST.fullmatch(found[1]):
            self.refuse_within(BrokenRequestError("its target names no host"))
        self.url = found[2] if found[2][:1] == b"/" else b"/" + found[2]
        self.headers[:] = [field for field in self.headers if field[0] != b"host"]
        self.headers.append((b"host", found[1]))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self.awaited is not Awaited.BODY:
            return
        super().on_message_complete()
        # It may be answered before it is whole: who may not write is not listened to.
        is_answered = self.cycle.response_complete
        self.awaited = Awaited.REQUEST if is_answered else Awaited.NOTHING

    def on_response_complete(self) -> None:
        """It is answered, though perhaps not all of the answer is sent."""
        if self.awaited is Awaited.NOTHING:
            self.awaited = Awaited.REQUEST
        super().on_response_complete()

    def _feed(self, data: bytes) -> None:
        """Let the parser have what came.

        Of a request that offers another protocol (Java's HttpClient offers HTTP/2 in each that it
        begins with), it has the header only. It gets the request again, without the offer.
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
