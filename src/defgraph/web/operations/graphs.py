"""Graphs as resources: SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from defgraph import errors
from defgraph.media_types import GRAPH_FORMATS, RDF_FORMATS
from defgraph.web.operations.common import (
    ACCEPT,
    BODY,
    CONDITIONS,
    FORMAT,
    KEPT,
    NEGOTIATING,
    NOT_VALID,
    READING,
    STORE,
    UNCHANGED,
    WRITING,
    in_formats,
)
from defgraph.web.operations.rows import IRI, TEXT, Answer, Content, Operation, Parameter, Schema
from defgraph.web.protocol import UPDATE
from defgraph.web.sparql.uploads import MULTIPART

_GRAPH: Final = (
    Parameter(
        "graph", "The IRI of a named graph.", IRI, example="https://w3id.org/defgraph/graph/notes"
    ),
    Parameter("default", "The default graph; it has no value.", may_be_empty=True),
)
_TRIPLES: Final = (
    "<https://w3id.org/defgraph/id/state/jp> "
    '<http://www.w3.org/2004/02/skos/core#note> "See also 1951."@en .'
)
_FILES: Final[Schema] = {
    "type": "object",
    "additionalProperties": {"type": "string", "format": "binary"},
    "description": "Files, each a graph in its format; together they are one write.",
}
_UPLOAD: Final[Content] = {
    **{each.media_type: TEXT for each in GRAPH_FORMATS},
    MULTIPART: _FILES,
}
_NAME: Final = Parameter(
    "path",
    "What follows in the IRI of the graph, which is that of the request.",
    {"type": "string", "pattern": "^[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*$"},
    required=True,
    place="path",
    example="notes",
)
_PATCH: Final = "INSERT DATA { state:jp skos:note 'See also 1951.'@en }"
_DONE: Final = {
    204: Answer("It is done.", headers=("Generation",)),
    422: NOT_VALID,
}

_MADE: Final = {201: Answer("There is such a graph now.", headers=("Generation",)), **_DONE}
_NEW: Final = {
    201: Answer(
        "There is such a graph now; of one that got a name here, Location is its IRI.",
        headers=("Generation",),
    ),
    **_DONE,
}


def _at(path: str, suffix: str, which: tuple[Parameter, ...]) -> Iterator[Operation]:
    """Yield what can be done at *path*, where *which* says which graph is meant."""
    yield Operation(
        path,
        "GET",
        f"read{suffix}",
        "Graphs",
        "Read a graph",
        {200: Answer("Its triples.", in_formats(*RDF_FORMATS), KEPT), 304: UNCHANGED},
        "SPARQL 1.1 Graph Store HTTP Protocol, section 5.2.",
        (*which, FORMAT, *READING),
        problems=(*STORE, *NEGOTIATING, errors.UnknownGraphError),
    )
    yield Operation(
        path,
        "PUT",
        f"replace{suffix}",
        "Graphs",
        "Replace a graph",
        _MADE,
        "Section 5.3. The body may be gzip.",
        (*which, ACCEPT, *CONDITIONS),
        _UPLOAD,
        {"text/turtle": _TRIPLES},
        (*WRITING, *BODY, errors.DataSyntaxError),
        writes=True,
    )
    yield Operation(
        path,
        "POST",
        f"add{suffix}",
        "Graphs",
        "Add to a graph" if suffix else "Add to a graph, or make one that gets a name",
        _MADE if suffix else _NEW,
        "Section 5.5. The body may be gzip.",
        (*which, ACCEPT, *CONDITIONS),
        _UPLOAD,
        {"text/turtle": _TRIPLES},
        (*WRITING, *BODY, errors.DataSyntaxError),
        writes=True,
    )
    yield Operation(
        path,
        "PATCH",
        f"patch{suffix}",
        "Graphs",
        "Update one graph",
        _MADE,
        "Section 5.7: for the update it is the default graph, and the only one.",
        (*which, ACCEPT, *CONDITIONS),
        {UPDATE: TEXT},
        {UPDATE: _PATCH},
        (*WRITING, *BODY, errors.DataSyntaxError, errors.QuerySyntaxError,
         errors.QueryRefusedError, errors.QueryEvaluationError),
        writes=True,
    )  # fmt: skip
    yield Operation(
        path,
        "DELETE",
        f"delete{suffix}",
        "Graphs",
        "Remove a graph",
        _DONE,
        "Section 5.4; the default graph is emptied.",
        (*which, ACCEPT, *CONDITIONS),
        problems=(*WRITING, errors.UnknownGraphError),
        writes=True,
    )


OPERATIONS: Final = (*_at("/graphs", "", _GRAPH), *_at("/graphs/{path}", "_below", (_NAME,)))
