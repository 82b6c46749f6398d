"""Updates: ``POST /update`` (SPARQL 1.1 Protocol, section 2.2)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from defgraph.web import outcomes, protocol
from defgraph.web.authorisation import Author
from defgraph.web.dependencies import CurrentSettings, CurrentWritableStore

router = APIRouter(tags=["SPARQL"])


def _described() -> dict[str, Any]:
    """Describe the operation for ``/openapi.json``: its parameters are read by `protocol`."""
    text = {"type": "string"}
    iris = {"type": "array", "items": {"type": "string", "format": "iri"}}
    fields = {"update": text, "using-graph-uri": iris, "using-named-graph-uri": iris}
    form = {"schema": {"type": "object", "required": ["update"], "properties": fields}}
    content = {protocol.UPDATE: {"schema": text}, protocol.FORM: form}
    return {
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "What was changed"}, **outcomes.DESCRIBED},
    }


@router.post("/update", openapi_extra=_described())
async def update(
    request: Request, author: Author, store: CurrentWritableStore, settings: CurrentSettings
) -> Response:
    """Make a new generation of the dataset, if the shapes allow it."""
    operation = await protocol.read_update(request, settings)
    outcome = await store.update(
        operation.update,
        author=author,
        using_graphs=operation.using_graphs,
        using_named_graphs=operation.using_named_graphs,
    )
    return outcomes.summary(outcome, request)
