"""The application: routes, error handling and headers put together around one store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

import defgraph
from defgraph.engine.limits import MIB
from defgraph.settings import Settings
from defgraph.store.protocol import Store
from defgraph.web import analysis, failures
from defgraph.web.authorisation import Authority
from defgraph.web.cache import AnswerCache
from defgraph.web.connections.congestion import Congestion
from defgraph.web.cross_origin import CrossOrigin
from defgraph.web.dataset import Colophons
from defgraph.web.dereferencing import contexts, finding, sameas, sitemap, vocabulary, void
from defgraph.web.dereferencing import things as documents
from defgraph.web.direct.connection import Desk
from defgraph.web.direct.familiar import Familiar
from defgraph.web.direct.short_path import ShortPath
from defgraph.web.dumps import downloads as dumps
from defgraph.web.dumps.sets import DumpKeeper
from defgraph.web.forwarded import Forwarded
from defgraph.web.http.headers import HeadersMiddleware
from defgraph.web.http.in_flight import InFlight
from defgraph.web.http.kept_path import KeptPath, is_distinct
from defgraph.web.http.routes import routes_of
from defgraph.web.kinds import kinds_of
from defgraph.web.known_names import KnownNames
from defgraph.web.operating import health, monitoring
from defgraph.web.operating.standing import Standing
from defgraph.web.pages import api as api_pages
from defgraph.web.pages import first_page as pages
from defgraph.web.rates import RateLimit
from defgraph.web.readiness import Readiness
from defgraph.web.reconciliation import service as reconciliation
from defgraph.web.replies import QueryReplies
from defgraph.web.representations import Representations
from defgraph.web.sparql import endpoint as sparql
from defgraph.web.sparql import graphs, updates
from defgraph.web.telemetry.journal import Journal
from defgraph.web.telemetry.logs import Log
from defgraph.web.telemetry.metrics import Metrics

STATIC = Path(__file__).parent / "static"


class _Application(FastAPI):
    """The application, which requests come to by an *entry* of its own."""

    entry: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in."""
        await self.entry(scope, receive, send)


def _entry(app: _Application, answering: ASGIApp, settings: Settings, log: Log | None) -> ASGIApp:
    """Return what a request of *app* meets before the part that is *answering*, the last first.

    Each is a bare ASGI application that costs a request microseconds, and is not there where it is
    not asked for.
    """
    state = app.state
    short = ShortPath(answering, replies=state.replies)
    entry: ASGIApp = Congestion(short, state.in_flight)
    seconds, errors = settings.client_seconds_per_minute, settings.client_errors_per_minute
    rates = None
    if seconds is not None or errors is not None:
        entry = rates = RateLimit(entry, seconds=seconds, errors=errors)
    entry = journal = Journal(entry, metrics=state.metrics, kinds=kinds_of(app), log=log)
    state.journal = journal
    state.desk = Desk(state.replies, Familiar(), journal, state.in_flight, rates)
    if is_distinct(settings.root_path, (each.path for each in routes_of(app))):
        entry = KeptPath(entry, settings.root_path)
    if settings.forwarded_allow_ips:
        entry = Forwarded(entry, trusted=settings.forwarded_allow_ips)
    return entry


def create_app(settings: Settings, *, store: Store, log: Log | None = None) -> FastAPI:
    """Make the application that serves *store*, and that starts and closes it.

    Without a *log* it notes requests in its metrics alone.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await store.start()
        app.state.standing.start()
        yield
        await app.state.standing.stop()
        await app.state.dumps.close()
        await store.close()

    app = _Application(
        lifespan=lifespan,
        title="defgraph",
        summary="A knowledge graph over HTTP: asked, read, written, linked and taken away",
        version=defgraph.__version__,
        openapi_url=None,  # `api_pages` describes it
    )
    app.state.settings = settings
    app.state.store = store
    cache = AnswerCache(
        store, max_bytes=settings.cache_mb * MIB, lifetime_s=settings.cache_lifetime_s
    )
    app.state.replies = QueryReplies(cache)
    app.state.metrics = Metrics(store, cache.counts, log.stream if log else None)
    app.state.readiness = Readiness()
    app.state.standing = Standing(settings)
    app.state.dumps = DumpKeeper(store)
    app.state.representations = Representations()
    app.state.names = KnownNames(store, settings.query_timeout_s)
    app.state.colophons = Colophons(store)
    app.state.authority = Authority(settings)
    app.state.in_flight = InFlight(settings.max_in_flight_bytes)
    app.add_middleware(CrossOrigin)
    app.add_middleware(HeadersMiddleware)
    failures.install(app)
    app.include_router(sparql.router)
    app.include_router(updates.router)
    app.include_router(graphs.router)
    app.include_router(documents.router)
    app.include_router(finding.router)
    app.include_router(sameas.router)
    app.include_router(vocabulary.router)
    app.include_router(contexts.router)
    app.include_router(reconciliation.router)
    app.include_router(health.router)
    app.include_router(monitoring.router)
    app.include_router(void.router)
    app.include_router(dumps.router)
    app.include_router(sitemap.router)
    app.include_router(analysis.router)
    app.include_router(pages.router)
    app.include_router(api_pages.router)
    app.mount("/static/swagger-ui", StaticFiles(directory=api_pages.SWAGGER_UI))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.entry = _entry(app, super(_Application, app).__call__, settings, log)
    return app
