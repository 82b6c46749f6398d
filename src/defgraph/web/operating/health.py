"""Whether the server lives, and whether it is ready: for load balancers, and people who wonder."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

import defgraph
from defgraph.negotiation import choose
from defgraph.store.protocol import DurableStore
from defgraph.web.dependencies import ApplicationStore
from defgraph.web.readiness import EndingError

router = APIRouter()


@router.head("/healthz")
@router.get("/healthz")
async def health(store: ApplicationStore) -> dict[str, Any]:
    """Answer at once, however busy the store is: the process lives, and is not to be ended."""
    generation = store.state.generation if store.state is not None else None
    return {"status": "ok", "version": defgraph.__version__, "generation": generation}


@router.head("/readyz")
@router.get("/readyz")
async def readiness(request: Request, store: ApplicationStore) -> dict[str, Any]:
    """Ask the store a query, and say what of it is damaged: the rest is served nevertheless.

    So is a dataset that does not conform to the shapes, of which the warnings tell.

    Raises EndingError once the server has been told to end.
    """
    if request.app.state.readiness.is_ending:
        raise EndingError
    answer = await store.query("ASK {}", accept=choose(None))
    damages = list(store.damages) if isinstance(store, DurableStore) else []
    status = "damaged" if damages else "ready"
    return {
        "status": status,
        "generation": answer.generation,
        "damages": damages,
        "warnings": list(request.app.state.standing.warnings),
    }
