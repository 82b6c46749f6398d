"""What the dataset is taken away as."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.media_types import PAGE_FORMAT, RDF_FORMATS
from defgraph.web.http import bodies, departure, ranges
from defgraph.web.operations.common import IF_NONE_MATCH, READING, UNCHANGED, in_formats
from defgraph.web.operations.rows import TEXT, Answer, Operation, Parameter, Schema

_BYTES: Final[Schema] = {"type": "string", "format": "binary"}
_FILE_HEADERS: Final = ("Accept-Ranges", "ETag", "Generation", "Last-Modified", "Repr-Digest")
_NO_DUMPS: Final = (
    errors.DumpError,
    errors.DumpPendingError,
    errors.NoDumpsError,
    errors.StoreError,
    bodies.BadRequestError,
    departure.ClientGoneError,
)
_LIST: Final[Schema] = {
    "type": "object",
    "required": ["generation", "files", "leftOut"],
    "properties": {
        "generation": {"type": "integer", "minimum": 0},
        "files": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "url", "mediaType", "format", "graph", "bytes", "sha256"],
                "properties": {
                    "name": TEXT,
                    "url": {"type": "string", "format": "uri"},
                    "mediaType": TEXT,
                    "format": {"type": ["string", "null"]},
                    "graph": {"type": ["string", "null"], "description": "Null: all graphs."},
                    "bytes": {"type": "integer", "minimum": 0},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                },
            },
        },
        "leftOut": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "reason"],
                "properties": {"name": TEXT, "reason": TEXT},
            },
        },
    },
}
_NAME: Final = Parameter(
    "name",
    "The name of the file, as /dumps/ lists it.",
    {"type": "string", "pattern": "^[A-Za-z0-9._-]+$"},
    required=True,
    place="path",
    example="dataset.nq.gz",
)
_FILE: Final = {
    **in_formats(*RDF_FORMATS),
    "application/gzip": _BYTES,
    "text/plain": TEXT,
}

OPERATIONS: Final = (
    Operation(
        "/dumps/",
        "GET",
        "dumps",
        "Documents",
        "List what can be downloaded",
        {
            200: Answer(
                "The files with sizes and sums: as JSON, as DCAT in a format of RDF, as a page.",
                {"application/json": _LIST, **in_formats(*RDF_FORMATS, PAGE_FORMAT)},
                ("ETag", "Generation", "Link", "Vary"),
            ),
            304: UNCHANGED,
        },
        "Of the dataset and of each named graph, in every format, also compressed. They are "
        "written when somebody asks for the first time after the dataset has changed.",
        (
            Parameter(
                "format",
                "The short name of a format; it goes before the header Accept.",
                {"type": "string", "enum": ["json", *(each.name for each in RDF_FORMATS)]},
                example="json",
            ),
            *READING,
        ),
        problems=(*_NO_DUMPS, errors.UnknownFormatError, errors.NotAcceptableError),
    ),
    Operation(
        "/dumps/{name}",
        "GET",
        "dump",
        "Documents",
        "Download a file",
        {
            200: Answer("The whole file.", _FILE, _FILE_HEADERS),
            206: Answer("The part that was asked for.", _FILE, (*_FILE_HEADERS, "Content-Range")),
            304: UNCHANGED,
        },
        "SHA256SUMS has the sum of each. The entity tag is the sum of the file itself, so a "
        "download that was cut off goes on by Range and If-Range.",
        (
            _NAME,
            IF_NONE_MATCH,
            Parameter("Range", "Which bytes are wanted: one range.", place="header"),
            Parameter("If-Range", "The tag or date of the file that is known.", place="header"),
            Parameter("If-Modified-Since", "The date of the file that is known.", place="header"),
        ),
        problems=(*_NO_DUMPS, errors.UnknownDumpError, ranges.RangeNotSatisfiableError),
    ),
)  # fmt: skip
