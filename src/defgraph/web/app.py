"""The application: routes, error handling and headers put together around one store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

import defgraph
from defgraph.engine.limits import MIB
from defgraph.settings import Settings
from defgraph.store.protocol import Store
from defgraph.web import graphs, health, pages, problems, sparql, updates
from defgraph.web.authorisation import Authority
from defgraph.web.cache import AnswerCache
from defgraph.web.forwarded import Forwarded
from defgraph.web.headers import HeadersMiddleware
from defgraph.web.rates import RateLimit
from defgraph.web.replies import QueryReplies
from defgraph.web.short_path import ShortPath

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, *, store: Store) -> FastAPI:
    """Make the application that serves *store*, and that starts and closes it.

    Interactive API pages are left out, since they load their scripts from another host; the
    description itself is at ``/openapi.json``.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await store.start()
        yield
        await store.close()

    app = FastAPI(
        lifespan=lifespan,
        title="defgraph",
        summary="The knowledge graph of defence cooperation",
        version=defgraph.__version__,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.store = store
    app.state.replies = QueryReplies(
        AnswerCache(
            store,
            max_bytes=settings.cache_mb * MIB,
            lifetime_s=settings.cache_lifetime_s,
        )
    )
    app.state.authority = Authority(settings)
    app.add_middleware(HeadersMiddleware)
    app.add_middleware(ShortPath, replies=app.state.replies)
    seconds, errors = settings.client_seconds_per_minute, settings.client_errors_per_minute
    if seconds is not None or errors is not None:
        app.add_middleware(RateLimit, seconds=seconds, errors=errors)
    if settings.forwarded_allow_ips:
        app.add_middleware(Forwarded, trusted=settings.forwarded_allow_ips)
    problems.install(app)
    app.include_router(sparql.router)
    app.include_router(updates.router)
    app.include_router(graphs.router)
    app.include_router(health.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
