"""Queries by GET that are answered by their connection, where nothing about them is out of the way.

A request costs uvicorn and ASGI some 80 us, whatever it asks: callbacks for each field, an object
and a task for each request, a dictionary for each message, and headers that are checked one by one.
What is kept is given in a quarter of that. A query by GET whose header is familiar is therefore
looked up before it is parsed. The same objects as ever keep the promises: it is counted, limited,
noted in the log and answered as one that takes the long way. Whatever is not that simple (a client
that has used up what it may, a server that is ending) takes the long way in fact.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import ClassVar, Final, cast

from starlette.types import ASGIApp, Message, Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from defgraph.errors import DefgraphError
from defgraph.web import failures
from defgraph.web.connections.congestion import SHORT_BYTES
from defgraph.web.connections.connection import Connection
from defgraph.web.connections.http11 import Awaited
from defgraph.web.connections.transports import JoiningTransport
from defgraph.web.direct.familiar import Familiar, Header, Request, request_in
from defgraph.web.direct.short_path import wanted_in
from defgraph.web.http.departure import ClientGoneError
from defgraph.web.http.headers import HeadersMiddleware
from defgraph.web.http.in_flight import Claim, InFlight
from defgraph.web.http.reply import Reply
from defgraph.web.rates import RateLimit, client_of
from defgraph.web.replies import QueryReplies, Wanted
from defgraph.web.telemetry.journal import Journal, Note, give_note

_NOBODY: Final = asyncio.Event()  # waits for messages of a request that is answered directly

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers queries by GET, and what every request meets on its way there."""

    replies: QueryReplies
    familiar: Familiar
    journal: Journal
    in_flight: InFlight
    rates: RateLimit | None = None


class Exchange(RequestResponseCycle):
    """A request that is being answered, as far as uvicorn's connection wants to know of it."""

    def __init__(self, in_url: bytes, header: Header, want: Wanted) -> None:
        self.in_url, self.header, self.want = in_url, header, want
        self.note = Note()
        self.begun = time.perf_counter()
        self.asking: asyncio.Task[None] | None = None
        self.message_event = _NOBODY
        self.keep_alive = True
        self.disconnected = self.response_started = self.response_complete = False

    @property  # type: ignore[override]
    def scope(self) -> Scope:
        """The request as ASGI has it."""
        scope = {**self.header.scope, "query_string": self.in_url}
        give_note(scope, self.note)
        return scope

    @scope.setter
    def scope(self, _scope: Scope) -> None:
        raise AttributeError("a request that is answered directly has a scope of its own")


class DirectConnection(Connection):
    """A connection that answers queries by GET itself, at its *desk*."""

    desk: ClassVar[Desk]

    def data_received(self, data: bytes) -> None:
        """Take what came, and answer it if it is such a query."""
        request = header = None
        if self._is_free:
            request = request_in(data, self.client[0] if self.client else "")
        if request is not None:
            header = self.desk.familiar.header(request)
        if request is None or header is None or not self._take(request, header):
            before = self.cycle
            super().data_received(data)
            if request is not None and header is None and self._has_parsed_one_since(before):
                self.desk.familiar.offer(request, cast(Scope, self.cycle.scope))

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and with it what is computed for it."""
        super().connection_lost(exc)
        running = self._running
        if isinstance(running, Exchange) and running.asking is not None:
            running.asking.cancel()

    @property
    def _is_free(self) -> bool:
        """Whether nothing is under way, and nothing is wrong."""
        return (
            self.awaited is Awaited.REQUEST
            and not self.is_answering
            and not self.readiness.is_ending
            and not self.flow.write_paused
            and not self.transport.is_closing()
            and len(self.connections) <= self.limits.max_connections
        )

    def _has_parsed_one_since(self, before: RequestResponseCycle | None) -> bool:
        return (
            self.cycle is not before
            and self.awaited is Awaited.NOTHING
            and not self.pipeline
            and self.cycle.keep_alive
        )

    def _take(self, request: Request, header: Header) -> bool:
        """Begin to answer; False for what takes the long way."""
        desk, (host, _) = self.desk, header.scope["client"] or ("", 0)
        if len(request.in_url) + len("/sparql?") > self.limits.max_url_bytes:
            return False
        if desk.rates is not None and desk.rates.refusal(client_of(host), time.monotonic()):
            return False
        accept, accept_encoding, if_none_match = header.wishes
        try:
            want = wanted_in(request.in_url, accept, accept_encoding)
        except DefgraphError:
            return False
        self._unset_keepalive_if_required()
        self._stop_receiving()
        self._began = self.loop.time()
        exchange = Exchange(request.in_url, header, want)
        reply = desk.replies.at_hand(want, if_none_match, exchange.note)
        if reply is not None and len(reply.body) <= SHORT_BYTES:
            self._send(exchange, reply)
        else:
            self.cycle = self._running = exchange
            self.awaited = Awaited.NOTHING
            exchange.asking = self.loop.create_task(self._ask(exchange))
            self.tasks.add(exchange.asking)
            exchange.asking.add_done_callback(self.tasks.discard)
        return True

    async def _ask(self, exchange: Exchange) -> None:
        """Send the answer when it is there, or what prevents it."""
        claim = Claim(self.desk.in_flight)
        try:
            try:
                reply = await self.desk.replies.found(exchange.want, exchange.note)
                if len(reply.body) > SHORT_BYTES:
                    claim.answer(len(reply.body))
            except asyncio.CancelledError:
                if not exchange.disconnected:
                    raise
                raise ClientGoneError from None
        except DefgraphError as error:
            scope = exchange.scope
            reply = await _rendered(HeadersMiddleware(failures.failure(error, scope)), scope)
        except Exception as error:  # noqa: BLE001 - as in any server, one answer is lost by it
            _log.exception("Exception in what answers a query")
            scope = exchange.scope
            reply = await _rendered(failures.fault(error, scope), scope)
        self._send(exchange, reply)
        claim.release()

    def _send(self, exchange: Exchange, reply: Reply) -> None:
        note = exchange.note
        note.status = reply.status
        if not exchange.disconnected:
            note.bytes = len(reply.body)
            date = b"".join([b"%b: %b\r\n" % each for each in self.server_state.default_headers])
            last = b"x-request-id: %b\r\n\r\n" if exchange.keep_alive else _LAST
            status, head = STATUS_LINE[reply.status], reply.head
            whole = b"".join((status, date, head, last % note.id.encode(), reply.body))
            cast(JoiningTransport, self.transport).write_whole(whole)
            exchange.response_started = exchange.response_complete = True
            if not exchange.keep_alive:
                self.transport.close()
            self.on_response_complete()
        self._note(exchange)

    def _note(self, exchange: Exchange) -> None:
        """Have it in the log and the numbers, and take it from what its client may have."""
        seconds = time.perf_counter() - exchange.begun
        client, note, rates = exchange.header.scope["client"], exchange.note, self.desk.rates
        self.desk.journal.enter(note, seconds=seconds, method="GET", client=client)
        if rates is not None:
            rates.take(
                client_of(client[0] if client else ""), note.status, seconds, time.monotonic()
            )


_LAST: Final = b"x-request-id: %b\r\nconnection: close\r\n\r\n"


def direct(kind: type[Connection], desk: Desk) -> type[Connection]:
    """Return connections of this *kind* that answer queries by GET at *desk*."""
    return type("Connection", (DirectConnection, kind), {"desk": desk})


async def _rendered(app: ASGIApp, scope: Scope) -> Reply:
    """Return what *app* answers, which needs to know no more than the *scope* for it."""
    parts: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        parts.append(message)

    await app(scope, receive, send)
    start, *rest = parts
    headers = tuple((bytes(name), bytes(value)) for name, value in start["headers"])
    return Reply(start["status"], headers, b"".join(part.get("body", b"") for part in rest))
