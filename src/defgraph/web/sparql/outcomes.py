"""What came of a write, as a response."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from defgraph.engine.outcomes import Outcome, Published, Refused, Unchanged
from defgraph.media_types import Format
from defgraph.namespaces import BASE
from defgraph.negotiation import best_format, parse_accept
from defgraph.web import problems
from defgraph.web.http.headers import GENERATION
from defgraph.web.telemetry.journal import note_of

_PROBLEM: Final = Format(
    "json", problems.MEDIA_TYPE, ".json", "rdf", "JSON", aliases=("application/json",)
)
_TURTLE: Final = Format("turtle", "text/turtle", ".ttl", "rdf", "Turtle")
_TEXT: Final = Format("text", "text/plain", ".txt", "rdf", "Text")
_REPORTS: Final = (_PROBLEM, _TURTLE, _TEXT)


def acknowledgement(outcome: Outcome, request: Request, done: HTTPStatus) -> Response:
    """Return a response with the status *done* and no body, or with what the shapes report."""
    _note(outcome, request)
    match outcome:
        case Published(generation=generation) | Unchanged(generation=generation):
            return Response(status_code=done, headers={GENERATION: str(generation)})
        case Refused():
            return _report(outcome, request)


def summary(outcome: Outcome, request: Request) -> Response:
    """Return a response that says how much was changed, or what the shapes report."""
    _note(outcome, request)
    match outcome:
        case Published(generation, added, deleted):
            return _counted(generation, added, deleted)
        case Unchanged(generation, hint):
            return _counted(generation, 0, 0, hint)
        case Refused():
            return _report(outcome, request)


def _note(outcome: Outcome, request: Request) -> None:
    note_of(request.scope).outcome = type(outcome).__name__


def _counted(generation: int, added: int, deleted: int, hint: str | None = None) -> Response:
    counts: dict[str, int | str] = {"generation": generation, "added": added, "deleted": deleted}
    if hint is not None:
        counts["hint"] = hint
    return JSONResponse(counts, headers={GENERATION: str(generation)})


def _report(refused: Refused, request: Request) -> Response:
    """Return the report in the format that the client likes best, JSON if it likes none."""
    wanted = best_format(parse_accept(request.headers.get("accept")), _REPORTS) or _PROBLEM
    bodies = {
        "json": _problem(refused, note_of(request.scope).id),
        "turtle": refused.turtle,
        "text": refused.text,
    }
    headers = {"Content-Type": wanted.content_type, "Vary": "Accept"}
    return Response(bodies[wanted.name], HTTPStatus.UNPROCESSABLE_ENTITY, headers)


def _problem(refused: Refused, request_id: str) -> str:
    """Return the report as problem details (RFC 9457), whose members it adds to."""
    details = {
        "type": f"{BASE}problem/Refused",
        "title": "Refused",
        "status": int(HTTPStatus.UNPROCESSABLE_ENTITY),
        "detail": "The shapes refuse this write, and nothing has changed; the results say why",
        "request_id": request_id,
        **json.loads(refused.json),
    }
    return json.dumps(details, ensure_ascii=False, indent=2) + "\n"
