"""Graphs as resources: SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.media_types import GRAPH_FORMATS
from defgraph.web.operations.common import (
    ACCEPT,
    BODY,
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
from defgraph.web.operations.rows import IRI, TEXT, Answer, Operation, Parameter

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
_DONE: Final = {
    204: Answer("It is done.", headers=("Generation",)),
    422: NOT_VALID,
}

OPERATIONS: Final = (
    Operation(
        "/graphs",
        "GET",
        "read",
        "Graphs",
        "Read a graph",
        {200: Answer("Its triples.", in_formats(*GRAPH_FORMATS), KEPT), 304: UNCHANGED},
        "SPARQL 1.1 Graph Store HTTP Protocol, section 5.2.",
        (*_GRAPH, FORMAT, *READING),
        problems=(*STORE, *NEGOTIATING, errors.UnknownGraphError),
    ),
    Operation(
        "/graphs",
        "PUT",
        "replace",
        "Graphs",
        "Replace a graph",
        {201: Answer("There is such a graph now.", headers=("Generation",)), **_DONE},
        "Section 5.3. The body may be gzip.",
        (*_GRAPH, ACCEPT),
        {each.media_type: TEXT for each in GRAPH_FORMATS},
        {"text/turtle": _TRIPLES},
        (*WRITING, *BODY, errors.DataSyntaxError),
        writes=True,
    ),
    Operation(
        "/graphs",
        "POST",
        "add",
        "Graphs",
        "Add to a graph",
        {201: Answer("There is such a graph now.", headers=("Generation",)), **_DONE},
        "Section 5.5. The body may be gzip.",
        (*_GRAPH, ACCEPT),
        {each.media_type: TEXT for each in GRAPH_FORMATS},
        {"text/turtle": _TRIPLES},
        (*WRITING, *BODY, errors.DataSyntaxError),
        writes=True,
    ),
    Operation(
        "/graphs",
        "DELETE",
        "delete",
        "Graphs",
        "Remove a graph",
        _DONE,
        "Section 5.4; the default graph is emptied.",
        (*_GRAPH, ACCEPT),
        problems=(*WRITING, errors.UnknownGraphError),
        writes=True,
    ),
)  # fmt: skip
