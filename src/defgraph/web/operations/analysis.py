"""The dataset for analysts' tools."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.analysis import geography, network
from defgraph.web.http import bodies, departure
from defgraph.web.operations.common import IF_NONE_MATCH, STORE, UNCHANGED
from defgraph.web.operations.rows import TEXT, Answer, Operation, Parameter

_KEPT: Final = ("ETag", "Generation")
_PROBLEMS: Final = (*STORE, bodies.BadRequestError, departure.ClientGoneError)

OPERATIONS: Final = (
    Operation(
        "/network.graphml",
        "GET",
        "network",
        "Analysis",
        "Take the network of agreements as GraphML",
        {
            200: Answer("Parties, and an edge for each two in an agreement.",
                        {network.MEDIA_TYPE: TEXT}, _KEPT),
            304: UNCHANGED,
        },
        parameters=(IF_NONE_MATCH,),
        problems=_PROBLEMS,
    ),
    Operation(
        "/states.geojson",
        "GET",
        "states",
        "Analysis",
        "Take the states as GeoJSON",
        {
            200: Answer("A feature a state, where its capital is.",
                        {geography.MEDIA_TYPE: {"type": "object"}}, _KEPT),
            304: UNCHANGED,
        },
        parameters=(IF_NONE_MATCH,),
        problems=_PROBLEMS,
    ),
    Operation(
        "/tables/",
        "GET",
        "tables",
        "Analysis",
        "List the tables of classes",
        {200: Answer("The address of each, a line each.", {"text/plain": TEXT}, _KEPT),
         304: UNCHANGED},
        parameters=(IF_NONE_MATCH,),
        problems=_PROBLEMS,
    ),
    Operation(
        "/tables/{name}.csv",
        "GET",
        "table",
        "Analysis",
        "Take the table of a class as CSV",
        {200: Answer("A row a thing, a column a property.", {"text/csv": TEXT}, _KEPT),
         304: UNCHANGED},
        parameters=(
            Parameter("name", "The class, by its name in our ontology.",
                      {"type": "string", "pattern": "^[A-Za-z]+$"}, place="path",
                      required=True, example="State"),
            IF_NONE_MATCH,
        ),
        problems=(*_PROBLEMS, errors.UnknownTableError),
    ),
)  # fmt: skip
