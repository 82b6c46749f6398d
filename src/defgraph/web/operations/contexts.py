"""What JSON-LD of ours is read with."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.jsonld.schemas import NAMES
from defgraph.web.operations.common import IF_NONE_MATCH
from defgraph.web.operations.rows import Answer, Content, Operation, Parameter

_HEADERS: Final = ("Cache-Control", "ETag")
_CONTEXT: Final[Content] = {"application/ld+json": {"type": "object", "required": ["@context"]}}
_UNCHANGED: Final = Answer("The client has it already.", headers=_HEADERS)

OPERATIONS: Final = (
    Operation(
        "/context.jsonld",
        "GET",
        "newest_context",
        "Documents",
        "The JSON-LD context",
        {200: Answer("The context of this release.", _CONTEXT, _HEADERS), 304: _UNCHANGED},
        parameters=(IF_NONE_MATCH,),
    ),
    Operation(
        "/context/{version}.jsonld",
        "GET",
        "versioned_context",
        "Documents",
        "The JSON-LD context of a version of the ontology",
        {200: Answer("The context.", _CONTEXT, _HEADERS), 304: _UNCHANGED},
        parameters=(
            Parameter(
                "version",
                "The version.",
                {"type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$"},
                required=True,
                place="path",
                example="1.0.0",
            ),
            IF_NONE_MATCH,
        ),
        problems=(errors.UnknownNameError,),
    ),
    Operation(
        "/schema/{name}.json",
        "GET",
        "json_schema",
        "Documents",
        "The JSON Schema of a class's JSON-LD documents",
        {
            200: Answer(
                "The schema (draft 2020-12).",
                {"application/schema+json": {"type": "object", "required": ["$schema"]}},
                _HEADERS,
            ),
            304: _UNCHANGED,
        },
        parameters=(
            Parameter(
                "name",
                "The class, in small letters.",
                {"enum": list(NAMES)},
                required=True,
                place="path",
                example="state",
            ),
            IF_NONE_MATCH,
        ),
        problems=(errors.UnknownNameError,),
    ),
)  # fmt: skip
