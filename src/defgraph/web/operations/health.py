"""What those who run the server ask it."""

from __future__ import annotations

from typing import Final

from defgraph.web.http.refusals import NotTheOperatorError
from defgraph.web.operations.common import STORE
from defgraph.web.operations.rows import TEXT, Answer, Operation, Schema

_STATUS: Final[Schema] = {
    "type": "object",
    "required": ["status", "generation"],
    "properties": {
        "status": TEXT,
        "version": TEXT,
        "generation": {"type": ["integer", "null"]},
        "damages": {"type": "array", "items": TEXT},
        "warnings": {"type": "array", "items": TEXT},
    },
}

_NUMBERS: Final = {"text/plain": TEXT, "application/openmetrics-text": TEXT}

OPERATIONS: Final = (
    Operation(
        "/healthz",
        "GET",
        "health",
        "Operation",
        "Whether the server lives, however busy it is",
        {200: Answer("It does.", {"application/json": _STATUS})},
    ),
    Operation(
        "/readyz",
        "GET",
        "readiness",
        "Operation",
        "Whether the store answers, and what of it is damaged or breaks the shapes",
        {200: Answer("It does.", {"application/json": _STATUS})},
        problems=STORE,
    ),
    Operation(
        "/metrics",
        "GET",
        "metrics",
        "Operation",
        "Numbers about the server, for Prometheus",
        {200: Answer("The numbers.", _NUMBERS, ("Vary",))},
        description="Only for the addresses in DEFGRAPH_METRICS_ALLOW_IPS.",
        problems=(NotTheOperatorError,),
    ),
)  # fmt: skip
