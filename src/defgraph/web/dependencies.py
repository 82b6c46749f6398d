"""What handlers ask for: the store and the settings that the application was made with."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from defgraph.errors import ReadOnlyError
from defgraph.settings import Settings
from defgraph.store.protocol import Store, WritableStore
from defgraph.web.dataset import Colophons
from defgraph.web.http.departure import StoreForRequest
from defgraph.web.replies import QueryReplies
from defgraph.web.representations import Representations


async def application_store(request: Request) -> Store:
    """The store of the application that answers this request."""
    return cast(Store, request.app.state.store)


async def current_store(request: Request) -> Store:
    """The same store, which stops when the client of this request goes."""
    return StoreForRequest(await application_store(request), request)


async def current_writable_store(request: Request) -> WritableStore:
    """The same store, to write to: a write goes on when its client has gone away.

    Raises ReadOnlyError where the store takes no writes.
    """
    store = await application_store(request)
    if not isinstance(store, WritableStore):
        raise ReadOnlyError
    return store


async def current_settings(request: Request) -> Settings:
    """The settings of the application that answers this request."""
    return cast(Settings, request.app.state.settings)


async def query_replies(request: Request) -> QueryReplies:
    """What answers queries for the application of this request."""
    return cast(QueryReplies, request.app.state.replies)


async def representations(request: Request) -> Representations:
    """The forms of documents that the application of this request keeps."""
    return cast(Representations, request.app.state.representations)


async def colophons(request: Request) -> Colophons:
    """What the dataset of the application says of itself."""
    return cast(Colophons, request.app.state.colophons)


ApplicationStore = Annotated[Store, Depends(application_store)]
CurrentStore = Annotated[Store, Depends(current_store)]
CurrentWritableStore = Annotated[WritableStore, Depends(current_writable_store)]
Replies = Annotated[QueryReplies, Depends(query_replies)]
CurrentRepresentations = Annotated[Representations, Depends(representations)]
CurrentColophons = Annotated[Colophons, Depends(colophons)]
CurrentSettings = Annotated[Settings, Depends(current_settings)]
