"""What the dataset holds, in the words of VoID, where tools look for it.

``/.well-known/void`` is the place that RFC 8615's registry has for it ("Describing Linked Datasets
with the VoID Vocabulary", section 7.2). It is counted by one query, so it is never out of date:
kept, validated and limited like the answer to any query. Where the dataset has a graph that
describes it, what that says of the whole is said here, too.
"""

from __future__ import annotations

from urllib.parse import urldefrag

from fastapi import APIRouter, Request, Response

from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import VOID_GRAPH
from defgraph.negotiation import choose
from defgraph.web.cache import Asked
from defgraph.web.dataset import dataset_at, dumps_of
from defgraph.web.dependencies import ApplicationStore, Replies
from defgraph.web.http.encodings import choose_encoding
from defgraph.web.http.parameters import Parameters
from defgraph.web.http.place import base_of
from defgraph.web.queries import QUERIES, graph_exists
from defgraph.web.replies import Wanted, Wishes
from defgraph.web.representations import link
from defgraph.web.telemetry.journal import note_of

router = APIRouter()


@router.head("/.well-known/void")
@router.get("/.well-known/void")
async def void(request: Request, replies: Replies, store: ApplicationStore) -> Response:
    """Count classes, properties and links of the dataset and of each named graph."""
    wishes = Wishes.of(request.scope)
    name = Parameters.of_query_string(request.scope["query_string"]).single("format")
    base = base_of(request)
    names, _ = urldefrag(await dataset_at(store, base))
    is_described = await graph_exists(store, VOID_GRAPH)
    body = QUERIES.about("void_of_graphs" if is_described else "void", dumps_of(store, base))
    query = f"BASE <{names}>\nPREFIX server: <{base}>\n{body}"
    asked = Asked(query, choose(wishes.accept, name)._replace(results=None))
    want = Wanted(asked, choose_encoding(wishes.accept_encoding))
    note = note_of(request.scope)
    response = (await replies.reply(want, wishes.if_none_match, request.receive, note)).response()
    response.headers["Link"] = ", ".join(
        link(f"{base}.well-known/void?format={each.name}", "alternate", type=each.media_type)
        for each in RDF_FORMATS
    )
    return response
