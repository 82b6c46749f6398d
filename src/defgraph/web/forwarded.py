"""Behind a proxy: who asks, and by what address, as the proxy says; nobody else is believed."""

from __future__ import annotations

import re
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_FORWARDED_HOST: Final = b"x-forwarded-host"


class Forwarded:
    """Believes ``X-Forwarded-For``, ``-Proto`` and ``-Host`` of *trusted* addresses and networks.

    Of several values of ``-Host`` the last counts: the proxy that is next to us wrote that, and
    those before it may be the client's own. ``*`` trusts everybody.
    """

    def __init__(self, app: ASGIApp, *, trusted: str) -> None:
        self._app = app
        # uvicorn has types of its own for the same things.
        self._proxy_headers = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as it was sent to the proxy."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        if client and client[0] in self._proxy_headers.trusted_hosts:
            _take_host(scope)
        await self._proxy_headers(scope, receive, send)  # type: ignore[arg-type]


def _take_host(scope: Scope) -> None:
    for name, value in reversed(scope["headers"]):
        if name == _FORWARDED_HOST:
            host = value.rpartition(b",")[2].strip()
            if _HOST.fullmatch(host):
                others = [each for each in scope["headers"] if each[0] != b"host"]
                scope["headers"] = [(b"host", host), *others]
            return
