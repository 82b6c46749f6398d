"""What those who run the server ask it."""

from __future__ import annotations

from typing import Final

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
    },
}

OPERATIONS: Final = (
    Operation(
        "/healthz",
        "GET",
        "health",
        "Operation",
        "Whether the store answers",
        {200: Answer("It does.", {"application/json": _STATUS})},
        problems=STORE,
    ),
    Operation(
        "/readyz",
        "GET",
        "readiness",
        "Operation",
        "Whether the store answers, and what of it is damaged",
        {200: Answer("It does.", {"application/json": _STATUS})},
        problems=STORE,
    ),
)  # fmt: skip
