"""Which methods an application takes at a path: of all its routes, not of the first that fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope

from defgraph.web.http.headers import root_path_of

HTTP_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY", "OPTIONS")


def routes_of(app: Starlette) -> Iterator[Route]:
    """Yield the routes of *app* and of the routers that it includes."""
    yield from _flat(app.routes)


def methods_at(app: Starlette, scope: Scope) -> tuple[str, ...]:
    """Return the methods that *app* takes at the path of a request, empty if there is no such."""
    scope = {**scope, "root_path": root_path_of(scope)}  # a mount has put its own there
    found: set[str] = set()
    for route in routes_of(app):
        if route.matches(scope)[0] is not Match.NONE:
            found |= route.methods or set()
    if any(isinstance(each, Mount) and each.matches(scope)[0] is Match.FULL for each in app.routes):
        found |= {"GET", "HEAD"}
    if found:
        found |= {"OPTIONS"}
    return tuple(each for each in HTTP_METHODS if each in found)


def _flat(routes: list[BaseRoute]) -> Iterator[Route]:
    for each in routes:
        included: Any = getattr(each, "original_router", None)  # of FastAPI's include_router
        if included is not None:
            yield from _flat(included.routes)
        elif isinstance(each, Route):
            yield each
