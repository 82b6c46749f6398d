"""The Reconciliation Service API, by which tables are linked to the dataset."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.web.http import bodies, departure
from defgraph.web.operations.common import BODY, STORE
from defgraph.web.operations.rows import (
    HTML,
    IRI,
    TEXT,
    Answer,
    Content,
    Operation,
    Parameter,
    Schema,
)
from defgraph.web.reconciliation import jsonp

_FORM: Final = "application/x-www-form-urlencoded"
_EXAMPLE: Final = '{"q0": {"query": "Aotearoa", "type": "def:State"}}'
_SCRIPT: Final[Content] = {jsonp.SCRIPT: TEXT}
_OBJECT: Final[Content] = {"application/json": {"type": "object"}, **_SCRIPT}
_RESULT: Final[Content] = {
    "application/json": {
        "type": "object",
        "required": ["result"],
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "name"],
                    "properties": {"id": TEXT, "name": TEXT, "description": TEXT},
                },
            }
        },
    },
    **_SCRIPT,
}
_PROPOSED: Final[Content] = {
    "application/json": {
        "type": "object",
        "required": ["properties"],
        "properties": {"properties": {"type": "array"}, "type": TEXT, "limit": {"type": "integer"}},
    },
    **_SCRIPT,
}
_ASKING: Final = (*STORE, bodies.BadRequestError, departure.ClientGoneError)
_BATCHES: Final = {
    "queries": "A batch: an object of queries in JSON, by keys of the client's.",
    "query": "One query in JSON, or a bare name.",
    "extend": "Which properties to tell of which things, in JSON.",
}
_FIELDS: Final[Schema] = {
    "type": "object",
    "properties": {
        name: {"type": "string", "description": text} for name, text in _BATCHES.items()
    },
}
_SUGGESTING: Final = (
    Parameter("prefix", "How it begins.", required=True, example="New", may_be_empty=True),
    Parameter("cursor", "How many to leave out.", {"type": "integer", "minimum": 0}),
)
_CALLBACK: Final = Parameter(
    jsonp.CALLBACK,
    "The function that a script is to call with the answer (JSONP).",
    {"type": "string", "pattern": jsonp.NAME_PATTERN, "maxLength": jsonp.MAX_NAME},
)
_TYPE: Final = Parameter("type", "A class, as its IRI or as def:State.", example="def:State")


def _suggest(kind: str, what: str, *more: Parameter) -> Operation:
    return Operation(
        f"/reconcile/suggest/{kind}",
        "GET",
        f"suggest_{kind}",
        "Reconciliation",
        f"Complete the name of a {what}",
        {200: Answer("What it may become.", _RESULT)},
        parameters=(*_SUGGESTING, *more, _CALLBACK),
        problems=_ASKING,
    )


OPERATIONS: Final = (
    Operation(
        "/reconcile",
        "GET",
        "reconciliation",
        "Reconciliation",
        "See what the service does, or ask it",
        {200: Answer("The manifest, or what the parameters ask for.", _OBJECT)},
        "Reconciliation Service API 0.2: what OpenRefine links a table by.",
        (
            *(
                Parameter(name, text, example=_EXAMPLE if name == "queries" else None)
                for name, text in _BATCHES.items()
            ),
            _CALLBACK,
        ),
        problems=_ASKING,
    ),
    Operation(
        "/reconcile",
        "POST",
        "reconcile",
        "Reconciliation",
        "Match a batch of names, or tell properties of things",
        {200: Answer("The candidates for each query, or the rows of an extension.", _OBJECT)},
        body={_FORM: {**_FIELDS, "required": ["queries"]}},
        examples={_FORM: _EXAMPLE},
        problems=(*_ASKING, *BODY, bodies.BatchTooLargeError),
    ),
    _suggest("entity", "thing", _TYPE),
    _suggest("type", "class"),
    _suggest("property", "property"),
    Operation(
        "/reconcile/properties",
        "GET",
        "propose_properties",
        "Reconciliation",
        "See which properties things of a class have",
        {200: Answer("The properties.", _PROPOSED)},
        parameters=(
            _TYPE,
            Parameter("limit", "How many at most.", {"type": "integer", "minimum": 1}),
            _CALLBACK,
        ),
        problems=_ASKING,
    ),
    Operation(
        "/reconcile/preview",
        "GET",
        "preview",
        "Reconciliation",
        "See a thing in a few lines",
        {200: Answer("A page for a frame.", HTML)},
        parameters=(
            Parameter(
                "id",
                "The IRI of the thing, whole or as state:nz.",
                IRI,
                required=True,
                example="https://w3id.org/defgraph/id/state/nz",
            ),
        ),
        problems=(*_ASKING, errors.UnknownThingError),
    ),
)  # fmt: skip
