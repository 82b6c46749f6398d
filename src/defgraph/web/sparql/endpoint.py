"""The SPARQL endpoint: what can be done there, and queries that come in any way.

Queries that come by GET are answered in front of the application: `defgraph.web.direct`.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from defgraph.negotiation import wants_page
from defgraph.web import protocol
from defgraph.web.dependencies import CurrentSettings, Replies
from defgraph.web.replies import QueryReplies, Wanted, Wishes, wanted
from defgraph.web.sparql import description
from defgraph.web.telemetry.journal import note_of

router = APIRouter()


@router.head("/sparql")
@router.get("/sparql")
async def query_by_get(request: Request, replies: Replies, settings: CurrentSettings) -> Response:
    """Answer ``GET /sparql?query=...`` (SPARQL 1.1 Protocol 2.1.1).

    Without a query it is the service description. A browser is sent on to the query page, which
    shows the same answer as a table.
    """
    if wants_page(request.headers.get("accept")) and protocol.asks_only_a_query(request):
        return _see_page(request)
    if description.is_asked_for(request):
        want = description.wanted(request, settings)
        return await _reply(want, Wishes.of(request.scope), request, replies)
    return await answer(protocol.read_get(request.scope["query_string"]), request, replies)


@router.api_route("/sparql", methods=["POST", "QUERY"])
async def query_by_post(request: Request, replies: Replies, settings: CurrentSettings) -> Response:
    """Answer a query sent as a form or as it is (SPARQL 1.1 Protocol 2.1.2 and 2.1.3).

    QUERY is POST that says of itself that it only reads (RFC 10008).
    """
    return await answer(await protocol.read_post(request, settings), request, replies)


async def answer(
    operation: protocol.QueryRequest, request: Request, replies: QueryReplies
) -> Response:
    """Answer *operation*; raises what `QueryReplies.reply` raises."""
    wishes = Wishes.of(request.scope)
    want = wanted(operation, wishes.accept, wishes.accept_encoding)
    return await _reply(want, wishes, request, replies)


async def _reply(want: Wanted, wishes: Wishes, request: Request, replies: QueryReplies) -> Response:
    note = note_of(request.scope)
    return (await replies.reply(want, wishes.if_none_match, request.receive, note)).response()


def _see_page(request: Request) -> Response:
    query = protocol.query_in_url(request)
    page = f"./?{urlencode({'query': query})}" if query else "./"
    return RedirectResponse(page, HTTPStatus.SEE_OTHER, {"Vary": "Accept"})
