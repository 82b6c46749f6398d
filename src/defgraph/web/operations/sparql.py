"""Queries and updates: SPARQL 1.1 Protocol."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.media_types import FORMATS
from defgraph.web.http import bodies
from defgraph.web.operations.common import (
    ACCEPT,
    ASKING,
    BODY,
    CONDITIONS,
    FORMAT,
    KEPT,
    NOT_VALID,
    QUERY_TEXT,
    READING,
    UNCHANGED,
    WRITING,
    in_formats,
)
from defgraph.web.operations.rows import IRI, TEXT, Answer, Operation, Parameter, Schema
from defgraph.web.protocol import FORM, QUERY, UPDATE

_UPDATE_TEXT: Final = 'INSERT DATA { GRAPH graph:notes { state:jp skos:note "See also 1951."@en } }'
_IRIS: Final[Schema] = {"type": "array", "items": IRI}
_DATASET: Final = (
    Parameter("default-graph-uri", "A graph that the default graph is made of.", _IRIS),
    Parameter("named-graph-uri", "A named graph of the dataset that is asked.", _IRIS),
)
_USING: Final = (
    Parameter("using-graph-uri", "A graph that patterns outside of GRAPH are matched in.", _IRIS),
    Parameter("using-named-graph-uri", "A named graph that patterns are matched in.", _IRIS),
)


def _form(*parameters: Parameter, required: str) -> Schema:
    properties = {each.name: each.schema for each in parameters}
    return {"type": "object", "required": [required], "properties": properties}


_QUERY_FIELD: Final = Parameter("query", "The query.", example=QUERY_TEXT)
_UPDATE_FIELD: Final = Parameter("update", "The update.", example=_UPDATE_TEXT)
_ANSWERED: Final = {
    200: Answer("The answer, in the format that was asked for.", in_formats(*FORMATS), KEPT),
    304: UNCHANGED,
}
_COUNTS: Final[Schema] = {
    "type": "object",
    "required": ["generation", "added", "deleted"],
    "properties": {
        "generation": {"type": "integer"},
        "added": {"type": "integer"},
        "deleted": {"type": "integer"},
        "hint": {"type": "string", "description": "Why nothing was changed, where that is known."},
    },
}

OPERATIONS: Final = (
    Operation(
        "/sparql",
        "GET",
        "query_by_get",
        "SPARQL",
        "Ask a query, or what the service is",
        {
            **_ANSWERED,
            303: Answer("A browser is led to a page with the answer.", headers=("Location",)),
        },
        "SPARQL 1.1 Protocol, section 2.1.1; our prefixes are known without being declared. "
        "Without a query it is the service description, in the formats of RDF.",
        (_QUERY_FIELD, *_DATASET, FORMAT, *READING),
        problems=ASKING,
    ),
    Operation(
        "/sparql",
        "POST",
        "query_by_post",
        "SPARQL",
        "Ask a query in a body",
        _ANSWERED,
        "SPARQL 1.1 Protocol, sections 2.1.2 (a form) and 2.1.3. The body may be gzip.",
        (*_DATASET, FORMAT, *READING),
        {FORM: _form(_QUERY_FIELD, *_DATASET, FORMAT, required="query"), QUERY: TEXT},
        {FORM: QUERY_TEXT, QUERY: QUERY_TEXT},
        (*ASKING, *BODY, bodies.RequestTooLargeError),
    ),
    Operation(
        "/sparql",
        "QUERY",
        "query_by_query",
        "SPARQL",
        "Ask a query in a body, by the method that only reads",
        _ANSWERED,
        "RFC 10008. The body may be gzip.",
        (*_DATASET, FORMAT, *READING),
        {FORM: _form(_QUERY_FIELD, *_DATASET, FORMAT, required="query"), QUERY: TEXT},
        {FORM: QUERY_TEXT, QUERY: QUERY_TEXT},
        (*ASKING, *BODY, bodies.RequestTooLargeError),
    ),
    Operation(
        "/update",
        "POST",
        "update",
        "SPARQL",
        "Change the dataset",
        {
            200: Answer("How much was changed.", {"application/json": _COUNTS}, ("Generation",)),
            422: NOT_VALID,
        },
        "SPARQL 1.1 Protocol, section 2.2: whole or not at all. The body may be gzip.",
        (*_USING, ACCEPT, *CONDITIONS),
        {UPDATE: TEXT, FORM: _form(_UPDATE_FIELD, *_USING, required="update")},
        {UPDATE: _UPDATE_TEXT, FORM: _UPDATE_TEXT},
        (*WRITING, *BODY, errors.QuerySyntaxError, errors.QueryRefusedError,
         errors.QueryEvaluationError),
        writes=True,
    ),
)  # fmt: skip
