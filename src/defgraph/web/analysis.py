"""The dataset for analysts' tools: the network of agreements, a map of states, tables of classes.

The store answers the queries, within their limits; what is made of the answers is made in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from defgraph.analysis import QUERIES, geography, network, tables
from defgraph.errors import UnknownTableError
from defgraph.negotiation import JSON_RESULTS
from defgraph.results import Solutions, decode
from defgraph.store.protocol import Store
from defgraph.web.dependencies import ApplicationStore
from defgraph.web.http.departure import StoreForRequest
from defgraph.web.http.headers import GENERATION
from defgraph.web.http.place import base_of
from defgraph.web.http.validators import etag_of, tags_in
from defgraph.web.replies import Wishes

router = APIRouter()


@router.head("/network.graphml")
@router.get("/network.graphml")
async def graphml(request: Request, store: ApplicationStore) -> Response:
    """Send the network of agreements; raises what `Store.query` does."""
    queries = (QUERIES.text("parties"), QUERIES.text("agreements"))
    return await _response(request, store, network.MEDIA_TYPE, network.graphml, *queries)


@router.head("/states.geojson")
@router.get("/states.geojson")
async def geojson(request: Request, store: ApplicationStore) -> Response:
    """Send the states where their capitals are; raises what `Store.query` does."""
    query = QUERIES.text("states")
    return await _response(request, store, geography.MEDIA_TYPE, geography.geojson, query)


@router.head("/tables/")
@router.get("/tables/")
async def listed(request: Request, store: ApplicationStore) -> Response:
    """List the tables, a line each; raises what `Store.query` does."""
    below = f"{base_of(request)}tables/"

    def lines(classes: Solutions) -> bytes:
        return "".join(f"{below}{name}.csv\n" for name in tables.names(classes)).encode()

    query = QUERIES.text("classes")
    return await _response(request, store, "text/plain; charset=utf-8", lines, query)


@router.head("/tables/{name}.csv")
@router.get("/tables/{name}.csv")
async def table(request: Request, name: str, store: ApplicationStore) -> Response:
    """Send the table of a class; raises UnknownTableError and what `Store.query` does."""
    classes = tables.names(await _found(StoreForRequest(store, request), QUERIES.text("classes")))
    if name not in classes:
        raise UnknownTableError(name, classes)
    query = QUERIES.about("things", [classes[name]])
    return await _response(request, store, tables.MEDIA_TYPE, tables.table, query)


async def _response(
    request: Request, store: Store, content_type: str, make: Callable[..., bytes], *queries: str
) -> Response:
    """Send what is made of the solutions of *queries*, unless the client has it already."""
    state, form = store.state, content_type.partition(";")[0].rpartition("/")[2]
    tag = None if state is None else etag_of(state, form)
    headers = {"Content-Type": content_type}
    if state is not None and tag is not None:
        headers |= {"ETag": tag, GENERATION: str(state.generation)}
        wanted = Wishes.of(request.scope).if_none_match
        if wanted is not None and tag in tags_in(wanted):
            del headers["Content-Type"]
            return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    asked = StoreForRequest(store, request)
    found = [await _found(asked, query) for query in queries]
    body = await asyncio.to_thread(make, *found)
    if state != store.state:  # a write came between
        headers = {"Content-Type": content_type}
    return Response(body, headers=headers)


async def _found(store: Store, query: str) -> Solutions:
    answer = await store.query(query, accept=JSON_RESULTS)
    found = await asyncio.to_thread(decode, answer.body, answer.media_type)
    assert isinstance(found, Solutions)  # noqa: S101 - each of them is a SELECT
    return found
