"""What is linked as the same to what an IRI names."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.media_types import RDF_FORMATS
from defgraph.web.http import bodies, departure
from defgraph.web.operations.common import ACCEPT, IF_NONE_MATCH, STORE, UNCHANGED, in_formats
from defgraph.web.operations.rows import IRI, Answer, Operation, Parameter, Schema

_EQUIVALENT: Final[Schema] = {
    "type": "object",
    "required": ["iri", "property", "graphs"],
    "properties": {"iri": IRI, "property": IRI, "graphs": {"type": "array", "items": IRI}},
}
_SAME: Final[Schema] = {
    "type": "object",
    "required": ["iri", "things"],
    "properties": {
        "iri": IRI,
        "things": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["iri", "equivalents"],
                "properties": {"iri": IRI, "equivalents": {"type": "array", "items": _EQUIVALENT}},
            },
        },
    },
}

OPERATIONS: Final = (
    Operation(
        "/sameas",
        "GET",
        "same",
        "Documents",
        "List the equivalents of an IRI",
        {
            200: Answer(
                "Our things that it names, and what is linked to each, by which graphs.",
                {"application/json": _SAME, **in_formats(*RDF_FORMATS)},
                ("Cache-Control", "ETag", "Generation", "Vary"),
            ),
            304: UNCHANGED,
        },
        "It may be an IRI of ours or of another dataset.",
        (
            Parameter(
                "iri",
                "The IRI, of ours or of another dataset, whole or as state:nz or wd:Q664.",
                IRI,
                required=True,
                example="https://w3id.org/defgraph/id/state/nz",
            ),
            Parameter(
                "format",
                "The short name of a format; it goes before the header Accept.",
                {"type": "string", "enum": ["json", *(each.name for each in RDF_FORMATS)]},
            ),
            ACCEPT,
            IF_NONE_MATCH,
        ),
        problems=(
            *STORE,
            errors.NotAcceptableError,
            errors.UnknownFormatError,
            errors.IllFormedIriError,
            errors.UnknownThingError,
            errors.RemovedThingError,
            bodies.BadRequestError,
            departure.ClientGoneError,
        ),
    ),
)
