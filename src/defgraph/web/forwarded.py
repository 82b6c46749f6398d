"""Behind a proxy: who asks, by what address and under what id, as the proxy says.

Nobody else is believed.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from defgraph.web.telemetry.journal import HEADER, give_id

_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_FORWARDED_HOST: Final = b"x-forwarded-host"
_RAW_HEADER: Final = HEADER.lower().encode()
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_OF_PROXIES: Final = frozenset({b"x-forwarded-for", b"x-real-ip", b"forwarded"})
_BELIEVED: Final = "defgraph.believed"


class Forwarded:
    """Believes ``X-Forwarded-For``, ``-Proto`` and ``-Host`` of *trusted* addresses and networks.

    And ``X-Request-Id``, which becomes the id of the request.

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
            _take_request_id(scope)
            scope[_BELIEVED] = True
        await self._proxy_headers(scope, receive, send)  # type: ignore[arg-type]


def is_of_unknown_origin(scope: Scope) -> bool:
    """Whether a request came through a proxy that is not believed, so from anywhere."""
    return _BELIEVED not in scope and any(name in _OF_PROXIES for name, _ in scope["headers"])


def _take_request_id(scope: Scope) -> None:
    for name, value in scope["headers"]:
        if name == _RAW_HEADER and _REQUEST_ID.fullmatch(value):
            give_id(scope, value.decode())
            return


def _take_host(scope: Scope) -> None:
    for name, value in reversed(scope["headers"]):
        if name == _FORWARDED_HOST:
            host = value.rpartition(b",")[2].strip()
            if _HOST.fullmatch(host):
                others = [each for each in scope["headers"] if each[0] != b"host"]
                scope["headers"] = [(b"host", host), *others]
            return
