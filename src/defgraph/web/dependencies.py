"""What handlers ask for: the store and the settings that the application was made with."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from defgraph.settings import Settings
from defgraph.store.protocol import Store
from defgraph.web.departure import StoreForRequest


async def current_store(request: Request) -> Store:
    """The store of the application that answers this request; it stops when the client goes."""
    return StoreForRequest(cast(Store, request.app.state.store), request)


async def current_settings(request: Request) -> Settings:
    """The settings of the application that answers this request."""
    return cast(Settings, request.app.state.settings)


CurrentStore = Annotated[Store, Depends(current_store)]
CurrentSettings = Annotated[Settings, Depends(current_settings)]
