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
from defgraph.remembering import remembered
from defgraph.web import failures, protocol, replies
from defgraph.web.direct import familiar
from defgraph.web.http.headers import HeadersMiddleware
from defgraph.web.replies import QueryReplies, Wanted, Wishes
from defgraph.web.telemetry.journal import note_of

PATH: Final = "/sparql"

_REMEMBERED_BYTES: Final = 4096
"""Of longer URLs it is not remembered what they say: a thousand of these take a few megabytes."""


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
        accept, accept_encoding, if_none_match = wishes
        if wants_page(accept):
            await self._app(scope, receive, send)
            return
        familiar.learn(scope, wishes)
        note = note_of(scope)
        note.kind = "query"
        in_url: bytes = scope["query_string"]
        try:
            want = wanted_in(in_url, accept, accept_encoding)
            reply = await self._replies.reply(want, if_none_match, receive, note)
        except DefgraphError as error:
            await HeadersMiddleware(failures.failure(error, scope))(scope, receive, send)
        except Exception as error:
            await failures.fault(error, scope)(scope, receive, send)
            raise  # the server writes it to its log
        else:
            await reply.send(send)


def _is_query_by_get(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"] == scope.get("root_path", "") + PATH
        and b"query=" in scope["query_string"]
    )


@remembered(1024, longest=_REMEMBERED_BYTES)
def wanted_in(in_url: bytes, accept: str | None, accept_encoding: str | None) -> Wanted:
    """Read what a query by GET wants; raises BadRequestError and UnknownFormatError."""
    return replies.wanted(protocol.read_get(in_url), accept, accept_encoding)
