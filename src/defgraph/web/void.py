"""What the dataset holds, in the words of VoID, where tools look for it.

``/.well-known/void`` is the place that RFC 8615's registry has for it ("Describing Linked Datasets
with the VoID Vocabulary", section 7.2). It is counted by one query, so it is never out of date:
kept, validated and limited like the answer to any query.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from defgraph.negotiation import choose
from defgraph.web.cache import Asked
from defgraph.web.dependencies import Replies
from defgraph.web.encodings import choose_encoding
from defgraph.web.journal import note_of
from defgraph.web.parameters import Parameters
from defgraph.web.place import base_of
from defgraph.web.queries import text
from defgraph.web.replies import Wanted, Wishes

router = APIRouter()


@router.head("/.well-known/void")
@router.get("/.well-known/void")
async def void(request: Request, replies: Replies) -> Response:
    """Count classes, properties and links of the dataset and of each named graph."""
    wishes = Wishes.of(request.scope)
    name = Parameters.of_query_string(request.scope["query_string"]).single("format")
    query = f"BASE <{base_of(request)}.well-known/void>\n{text('void')}"
    asked = Asked(query, choose(wishes.accept, name)._replace(results=None))
    want = Wanted(asked, choose_encoding(wishes.accept_encoding))
    note = note_of(request.scope)
    return (await replies.reply(want, wishes.if_none_match, request.receive, note)).response()
