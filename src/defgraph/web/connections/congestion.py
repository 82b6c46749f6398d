"""Long answers when there is no room for them: a problem goes out instead.

A bare ASGI application, since answers of every route pass here, and the short path's.
"""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from defgraph.web.failures import failure
from defgraph.web.http.headers import HeadersMiddleware
from defgraph.web.http.in_flight import InFlight, give_claim, held_of
from defgraph.web.http.refusals import TooMuchInFlightError

SHORT_BYTES: Final = 64 * 1024
"""An answer that is no longer is always sent: so much is in the kernel's hands at once."""


class Congestion:
    """Has what the requests to *app* hold counted, and refuses answers that have no room."""

    def __init__(self, app: ASGIApp, in_flight: InFlight) -> None:
        self._app, self._in_flight = app, in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back if there is room for it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        claim = give_claim(scope, self._in_flight)
        is_refused = False

        async def send_if_room(message: Message) -> None:
            nonlocal is_refused
            if message["type"] == "http.response.start":
                size = held_of(scope, _length(message))
                if size > SHORT_BYTES:
                    try:
                        claim.answer(size)
                    except TooMuchInFlightError as error:
                        is_refused = True
                        await HeadersMiddleware(failure(error, scope))(scope, receive, send)
            if not is_refused:
                await send(message)

        try:
            await self._app(scope, receive, send_if_room)
        finally:
            claim.release()


def _length(message: Message) -> int:
    for name, value in message.get("headers", ()):
        if name == b"content-length":
            return int(value)
    return 0
