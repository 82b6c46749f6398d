"""Headers that every answer carries: what a browser may do with it, and who may read it."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMMON_HEADERS: Final = {
    # Answers hold text that strangers wrote: nothing in them may run, be sniffed or be framed.
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # An answer may be kept, but not shown again without asking: the dataset may have changed.
    "Cache-Control": "no-cache",
}

_FOR_ANY_PAGE: Final = {"Access-Control-Allow-Origin": "*"}
"""The data are public and no answer depends on who asks: any page may read them. None may write."""

_READING_METHODS: Final = ("GET", "HEAD")
_QUERY_PATH: Final = "/sparql"


def headers_for(scope: Scope) -> dict[str, str]:
    """Return the headers that the answer to a request carries."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    reads = scope["method"] in _READING_METHODS or path == _QUERY_PATH
    return {**COMMON_HEADERS, **(_FOR_ANY_PAGE if reads else {})}


READING_HEADERS: Final = tuple(
    (name.lower().encode(), value.encode())
    for name, value in headers_for({"method": "GET", "path": _QUERY_PATH}).items()
)
"""The headers of an answer to a query, as ASGI wants them."""


class HeadersMiddleware:
    """Adds these headers where the application has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_for(scope).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
