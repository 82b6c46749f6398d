"""The documents that the IRIs of things, terms, graphs and shapes lead to."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.media_types import PAGE_FORMAT, RDF_FORMATS
from defgraph.web.http import bodies, departure
from defgraph.web.operations.common import ACCEPT, KEPT, READING, STORE, UNCHANGED, in_formats
from defgraph.web.operations.rows import HTML, IRI, Answer, Operation, Parameter, Schema

_FORMS: Final = in_formats(*RDF_FORMATS, PAGE_FORMAT)
_FINDING: Final = (
    *STORE,
    errors.NotAcceptableError,
    errors.InexpressibleError,
    errors.IllFormedIriError,
    errors.UnknownThingError,
    errors.UnknownNameError,
    bodies.BadRequestError,
    departure.ClientGoneError,
)
_DOCUMENT: Final = {
    200: Answer("The document, as the ending of the path or Accept asks.", _FORMS, (*KEPT, "Link")),
    304: UNCHANGED,
}
_SEEN: Final = {303: Answer("Where the document is.", headers=("Link", "Location"))}
_PAGE: Final = Parameter(
    "page",
    "Which page of a long document; Link names the next.",
    {"type": "integer", "minimum": 1, "maximum": 1_000_000},
)

_CHOICES: Final[Schema] = {
    "type": "object",
    "required": ["iri", "things"],
    "properties": {
        "iri": IRI,
        "things": {
            "type": "array",
            "minItems": 2,
            "items": {
                "type": "object",
                "required": ["iri", "document"],
                "properties": {
                    "iri": IRI,
                    "document": {"type": "string", "format": "uri-reference"},
                },
            },
        },
    },
}


def _path(description: str, example: str, name: str = "path") -> Parameter:
    return Parameter(name, description, _WORDS, required=True, place="path", example=example)


_WORDS: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*$"}

OPERATIONS: Final = (
    Operation(
        "/id/{path}",
        "GET",
        "thing",
        "Documents",
        "See the document of a thing",
        _SEEN,
        "An IRI of ours names a thing, and what tells about it is another: 303.",
        (_path("The kind of the thing and its name.", "state/nz"),),
        problems=(*_FINDING, errors.RemovedThingError),
    ),
    Operation(
        "/doc/{path}",
        "GET",
        "document",
        "Documents",
        "Read what is known of a thing",
        _DOCUMENT,
        "Its statements, those with it, the claims that evidence them, and the labels of all.",
        (_path("The kind of the thing and its name.", "state/nz"), _PAGE, *READING),
        problems=(*_FINDING, errors.RemovedThingError),
    ),
    Operation(
        "/doc",
        "GET",
        "finding",
        "Documents",
        "Find the thing that an IRI names",
        {
            300: Answer(
                "Several things of ours are linked to it, the surest link first.",
                {"application/json": _CHOICES, **HTML},
                ("Link", "Vary"),
            ),
            **_SEEN,
        },
        "It may be an IRI of another dataset: what is linked to it as the same thing is found.",
        (
            Parameter(
                "iri",
                "The IRI, of ours or of another dataset, whole or as state:nz or wd:Q664.",
                IRI,
                required=True,
                example="https://w3id.org/defgraph/id/state/nz",
            ),
        ),
        problems=(*_FINDING, errors.RemovedThingError),
    ),
    Operation(
        "/def/{path}",
        "GET",
        "term",
        "Documents",
        "See where a term is defined",
        _SEEN,
        parameters=(_path("The name of a class or property.", "hasParty"), ACCEPT),
        problems=(*_FINDING, errors.RemovedThingError),
    ),
    Operation(
        "/ontology",
        "GET",
        "ontology",
        "Documents",
        "Read the ontology",
        _DOCUMENT,
        parameters=READING,
        problems=_FINDING,
    ),
    Operation(
        "/ontology{extension}",
        "GET",
        "ontology_in_a_format",
        "Documents",
        "Read the ontology in one format",
        _DOCUMENT,
        parameters=(
            Parameter(
                "extension",
                "The ending of the format.",
                {"enum": [each.extension for each in (*RDF_FORMATS, PAGE_FORMAT)]},
                required=True,
                place="path",
                example=".ttl",
            ),
            *READING,
        ),
        problems=_FINDING,
    ),
    Operation(
        "/ontology/{path}",
        "GET",
        "ontology_version",
        "Documents",
        "Read a version of the ontology",
        _DOCUMENT,
        parameters=(_path("The version.", "1.0.0"), *READING),
        problems=_FINDING,
    ),
    Operation(
        "/graph/{path}",
        "GET",
        "graph",
        "Documents",
        "Read a named graph by its IRI",
        {**_DOCUMENT, **_SEEN},
        "303 for the description of a dataset that is too large to have it as a graph.",
        parameters=(_path("The name of the graph.", "links/wikidata"), *READING),
        problems=(*_FINDING, errors.UnknownGraphError),
    ),
    Operation(
        "/shape/{path}",
        "GET",
        "shape",
        "Documents",
        "Read a SHACL shape",
        _DOCUMENT,
        parameters=(_path("The name of the shape.", "state-cow-code"), *READING),
        problems=_FINDING,
    ),
)  # fmt: skip
