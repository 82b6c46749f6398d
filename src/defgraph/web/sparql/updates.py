"""Updates: ``POST /update`` (SPARQL 1.1 Protocol, section 2.2)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from defgraph.engine import tasks
from defgraph.web import protocol
from defgraph.web.authorisation import Author
from defgraph.web.dependencies import CurrentSettings, CurrentWritableStore
from defgraph.web.sparql import outcomes
from defgraph.web.sparql.conditions import Preconditions

router = APIRouter()


@router.post("/update")
async def update(
    request: Request, author: Author, store: CurrentWritableStore, settings: CurrentSettings
) -> Response:
    """Make a new generation of the dataset, if the shapes allow it."""
    condition = Preconditions.of(request)
    operation = await protocol.read_update(request, settings)
    outcome = await store.write(
        tasks.update(operation.update, operation.using_graphs, operation.using_named_graphs),
        author=author,
        condition=condition,
    )
    return outcomes.summary(outcome, request)
