"""What a browser asks before a page of another origin may send a request (CORS preflight).

Any page may read; none may write, for no page holds a token. So nothing is said here of
credentials, and a write is refused before it is sent.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from defgraph.web import problems
from defgraph.web.http.headers import only_reads, path_in
from defgraph.web.http.refusals import CrossOriginWriteError
from defgraph.web.http.routes import methods_at
from defgraph.web.telemetry.journal import note_of

_ASKED: Final = "access-control-request-method"
_ALLOWED: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class CrossOrigin:
    """Answers preflights; all else goes on to *app*."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        method = Headers(scope=scope).get(_ASKED)
        if method is None:
            await self._app(scope, receive, send)
            return
        await _answer(method, scope)(scope, receive, send)


def _answer(method: str, scope: Scope) -> Response:
    path = path_in(scope)
    methods = methods_at(scope["app"], scope)
    if method in methods and only_reads(method, path):
        told = {"Allow": ", ".join(methods), "Access-Control-Allow-Methods": method}
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={**_ALLOWED, **told})
    return problems.response(CrossOriginWriteError(method, path), note_of(scope).id)
