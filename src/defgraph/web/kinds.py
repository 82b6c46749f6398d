"""What kind of thing each function of the application does, as the journal calls it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from starlette.applications import Starlette

from defgraph.web.http.routes import routes_of
from defgraph.web.operations import OPERATIONS

WRITE: Final = "write"
_OF_TAG: Final = {"SPARQL": "query"}  # any other is called as its tag is


def kinds_of(app: Starlette) -> dict[Callable[..., Any], str]:
    """Return the kind of each function that *app* has a route to, by the table of operations."""
    by_operation = {
        (each.path, each.method): WRITE if each.writes else _OF_TAG.get(each.tag, each.tag.lower())
        for each in OPERATIONS
    }
    found = {}
    for route in routes_of(app):
        path = re.sub(r":\w+}", "}", route.path)
        for method in route.methods or ():
            kind = by_operation.get((path, method))
            if kind is not None:
                found[route.endpoint] = kind
    return found
