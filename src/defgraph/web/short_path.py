"""Queries by GET, answered in front of the application.

Most requests are these, and routing, dependencies and middleware take longer than many an answer.
Here is only what such a request needs; what it is answered with, `defgraph.web.replies` decides for
both. Whatever is out of the ordinary goes on to the application.
"""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from defgraph.errors import DefgraphError
from defgraph.negotiation import wants_page
from defgraph.web import problems, protocol
from defgraph.web.headers import HeadersMiddleware, headers_for
from defgraph.web.replies import QueryReplies, Wishes

PATH: Final = "/sparql"

_COMMON_HEADERS: Final = tuple(
    (name.lower().encode(), value.encode())
    for name, value in headers_for({"method": "GET", "path": PATH}).items()
    if name != "Cache-Control"  # every reply has its own
)


class ShortPath:
    """Answers ``GET /sparql?query=...``; all else is for *app* to answer."""

    def __init__(self, app: ASGIApp, *, replies: QueryReplies) -> None:
        self._app, self._replies = app, replies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not _is_query_by_get(scope):
            await self._app(scope, receive, send)
            return
        wishes = Wishes.of(scope)
        if wants_page(wishes.accept):
            await self._app(scope, receive, send)
            return
        try:
            operation = protocol.read_get(scope["query_string"])
            reply = await self._replies.reply(operation, wishes, receive)
        except DefgraphError as error:
            await HeadersMiddleware(problems.response(error))(scope, receive, send)
            return
        headers = [*_COMMON_HEADERS, *reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})


def _is_query_by_get(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"] == scope.get("root_path", "") + PATH
        and b"query=" in scope["query_string"]
    )
