"""What the server can be asked over HTTP: one table, from which ``/openapi.json`` is written.

A test compares it with the routes, so that nothing is taken that is not described, and the real
server is asked all of it at random. Whoever adds a route adds a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from defgraph import errors
from defgraph.media_types import FORMATS, GRAPH_FORMATS, PAGE_FORMAT, RDF_FORMATS, Format
from defgraph.web import authorisation, bodies, departure, refusals
from defgraph.web.problem_types import REFUSED
from defgraph.web.problems import MEDIA_TYPE as PROBLEM
from defgraph.web.protocol import FORM, QUERY, UPDATE

Schema: TypeAlias = Mapping[str, Any]
Content: TypeAlias = Mapping[str, Schema]
"""A schema for each media type."""

TEXT: Final[Schema] = {"type": "string"}
IRI: Final[Schema] = {"type": "string", "format": "iri"}
_NAME: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z]+$"}
_WORDS: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*$"}
HTML: Final[Content] = {"text/html": TEXT}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the query string, or where *place* says."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: TEXT)
    required: bool = False
    place: str = "query"
    example: str | None = None
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation that was done is answered with."""

    description: str
    content: Content = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method does at one path, and what it may be answered with.

    A GET is a HEAD, too. *examples* are of bodies, by their media types. What any request may be
    answered with need not be said.
    """

    path: str
    method: str
    name: str
    tag: str
    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Content = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[type[errors.DefgraphError], ...] = ()
    writes: bool = False


# -- What several have in common -------------------------------------------------------------

ANY_REQUEST: Final = (
    refusals.BrokenRequestError,
    refusals.UrlTooLongError,
    refusals.HeaderTooLargeError,
    refusals.TooManyHeaderFieldsError,
    refusals.SlowHeaderError,
    refusals.TooManyConnectionsError,
    refusals.TooMuchProcessingError,
    refusals.TooManyErrorsError,
    errors.StoreError,
)
_BODY: Final = (
    refusals.SlowBodyError,
    departure.ClientGoneError,
    bodies.BadRequestError,
    bodies.UnsupportedMediaTypeError,
)
_STORE: Final = (
    errors.DeadlineExceededError,
    errors.MemoryExceededError,
    errors.ResultTooLargeError,
    errors.QueryCrashedError,
    errors.StoreBusyError,
    errors.EndpointError,
)
_NEGOTIATING: Final = (
    errors.NotAcceptableError,
    errors.InexpressibleError,
    errors.UnknownFormatError,
    bodies.BadRequestError,
)
_ASKING: Final = (
    *_STORE,
    *_NEGOTIATING,
    errors.QuerySyntaxError,
    errors.QueryRefusedError,
    errors.QueryEvaluationError,
    errors.QueryTooLongError,
    errors.ServiceFailedError,
)
_WRITING: Final = (
    *_STORE,
    authorisation.TokenMissingError,
    authorisation.TokenWrongError,
    authorisation.TwoTokensError,
    authorisation.TokensUnreadableError,
    bodies.BadRequestError,
    errors.ReadOnlyError,
    errors.InferredGraphError,
    errors.UploadTooLargeError,
    errors.UnwritableFileError,
    errors.StoreDamagedError,
)

_FORMAT: Final = Parameter(
    "format",
    "The short name of a format; it goes before the header Accept.",
    {"type": "string", "enum": [each.name for each in FORMATS]},
    example="json",
)
_ACCEPT: Final = Parameter(
    "Accept",
    "The formats that are wanted and how much (RFC 9110, 12.5.1).",
    place="header",
)
_IF_NONE_MATCH: Final = Parameter(
    "If-None-Match",
    "The entity tag of an answer that the client has; if it still holds, 304 says so.",
    place="header",
)
_READING: Final = (_ACCEPT, _IF_NONE_MATCH)
_KEPT: Final = ("Cache-Control", "Content-Encoding", "ETag", "Generation", "Vary")
_UNCHANGED: Final = Answer("The client has the answer already.", headers=("ETag", "Generation"))

_QUERY_TEXT: Final = "SELECT ?agreement ?party WHERE { ?agreement def:hasParty ?party } LIMIT 10"
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


def _formats(*formats: Format) -> Content:
    return {each.media_type: {} for each in formats}


def _form(*parameters: Parameter, required: str) -> Schema:
    properties = {each.name: each.schema for each in parameters}
    return {"type": "object", "required": [required], "properties": properties}


_QUERY_FIELD: Final = Parameter("query", "The query.", example=_QUERY_TEXT)
_UPDATE_FIELD: Final = Parameter("update", "The update.", example=_UPDATE_TEXT)
_ANSWERED: Final = {
    200: Answer("The answer, in the format that was asked for.", _formats(*FORMATS), _KEPT),
    304: _UNCHANGED,
}
_REFUSED: Final = Answer(
    "The shapes refuse the write, and nothing has changed: what is wrong.",
    {PROBLEM: {"$ref": "#/components/schemas/Refused"}, "text/turtle": TEXT, "text/plain": TEXT},
    ("Vary",),
)
_DONE: Final = {
    204: Answer("It is done.", headers=("Generation",)),
    422: _REFUSED,
}
_FORMS: Final = _formats(*RDF_FORMATS, PAGE_FORMAT)
_FINDING: Final = (
    *_STORE,
    errors.NotAcceptableError,
    errors.InexpressibleError,
    errors.IllFormedIriError,
    errors.UnknownThingError,
    bodies.BadRequestError,
    departure.ClientGoneError,
)
_DOCUMENT: Final = {
    200: Answer(
        "The document, as the ending of the path or Accept asks.", _FORMS, (*_KEPT, "Link")
    ),
    304: _UNCHANGED,
}
_SEEN: Final = {303: Answer("Where the document is.", headers=("Link", "Location"))}
_PAGE: Final = Parameter(
    "page",
    "Which page of a long document; Link names the next.",
    {"type": "integer", "minimum": 1, "maximum": 1_000_000},
)


def _path(description: str, example: str, name: str = "path") -> Parameter:
    return Parameter(name, description, _WORDS, required=True, place="path", example=example)


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
_COUNTS: Final[Schema] = {
    "type": "object",
    "required": ["generation", "added", "deleted"],
    "properties": {
        "generation": {"type": "integer"},
        "added": {"type": "integer"},
        "deleted": {"type": "integer"},
    },
}

# -- The table -------------------------------------------------------------------------------

OPERATIONS: Final = (
    Operation(
        "/sparql",
        "GET",
        "query_by_get",
        "SPARQL",
        "Ask a query",
        {
            **_ANSWERED,
            303: Answer("A browser is led to a page with the answer.", headers=("Location",)),
        },
        "SPARQL 1.1 Protocol, section 2.1.1. Our prefixes are known without being declared.",
        (_QUERY_FIELD, *_DATASET, _FORMAT, *_READING),
        problems=_ASKING,
    ),
    Operation(
        "/sparql",
        "POST",
        "query_by_post",
        "SPARQL",
        "Ask a query in a body",
        _ANSWERED,
        "SPARQL 1.1 Protocol, sections 2.1.2 (a form) and 2.1.3. The body may be gzip.",
        (*_DATASET, _FORMAT, *_READING),
        {FORM: _form(_QUERY_FIELD, *_DATASET, _FORMAT, required="query"), QUERY: TEXT},
        {FORM: _QUERY_TEXT, QUERY: _QUERY_TEXT},
        (*_ASKING, *_BODY, bodies.RequestTooLargeError),
    ),
    Operation(
        "/update",
        "POST",
        "update",
        "SPARQL",
        "Change the dataset",
        {
            200: Answer("How much was changed.", {"application/json": _COUNTS}, ("Generation",)),
            422: _REFUSED,
        },
        "SPARQL 1.1 Protocol, section 2.2: whole or not at all. The body may be gzip.",
        (*_USING, _ACCEPT),
        {UPDATE: TEXT, FORM: _form(_UPDATE_FIELD, *_USING, required="update")},
        {UPDATE: _UPDATE_TEXT, FORM: _UPDATE_TEXT},
        (*_WRITING, *_BODY, errors.QuerySyntaxError, errors.QueryRefusedError,
         errors.QueryEvaluationError),
        writes=True,
    ),
    Operation(
        "/graphs",
        "GET",
        "read",
        "Graphs",
        "Read a graph",
        {200: Answer("Its triples.", _formats(*GRAPH_FORMATS), _KEPT), 304: _UNCHANGED},
        "SPARQL 1.1 Graph Store HTTP Protocol, section 5.2.",
        (*_GRAPH, _FORMAT, *_READING),
        problems=(*_STORE, *_NEGOTIATING, errors.UnknownGraphError),
    ),
    Operation(
        "/graphs",
        "PUT",
        "replace",
        "Graphs",
        "Replace a graph",
        {201: Answer("There is such a graph now.", headers=("Generation",)), **_DONE},
        "Section 5.3. The body may be gzip.",
        (*_GRAPH, _ACCEPT),
        {each.media_type: TEXT for each in GRAPH_FORMATS},
        {"text/turtle": _TRIPLES},
        (*_WRITING, *_BODY, errors.DataSyntaxError),
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
        (*_GRAPH, _ACCEPT),
        {each.media_type: TEXT for each in GRAPH_FORMATS},
        {"text/turtle": _TRIPLES},
        (*_WRITING, *_BODY, errors.DataSyntaxError),
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
        (*_GRAPH, _ACCEPT),
        problems=(*_WRITING, errors.UnknownGraphError),
        writes=True,
    ),
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
        (_path("The kind of the thing and its name.", "state/nz"), _PAGE, *_READING),
        problems=(*_FINDING, errors.RemovedThingError),
    ),
    Operation(
        "/def/{path}",
        "GET",
        "term",
        "Documents",
        "See where a term is defined",
        _SEEN,
        parameters=(_path("The name of a class or property.", "hasParty"), _ACCEPT),
        problems=(*_FINDING, errors.RemovedThingError),
    ),
    Operation(
        "/ontology",
        "GET",
        "ontology",
        "Documents",
        "Read the ontology",
        _DOCUMENT,
        parameters=_READING,
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
            *_READING,
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
        parameters=(_path("The version.", "1.0.0"), *_READING),
        problems=_FINDING,
    ),
    Operation(
        "/graph/{path}",
        "GET",
        "graph",
        "Documents",
        "Read a named graph by its IRI",
        _DOCUMENT,
        parameters=(_path("The name of the graph.", "links/wikidata"), *_READING),
        problems=(*_FINDING, errors.UnknownGraphError),
    ),
    Operation(
        "/shape/{path}",
        "GET",
        "shape",
        "Documents",
        "Read a SHACL shape",
        _DOCUMENT,
        parameters=(_path("The name of the shape.", "state-cow-code"), *_READING),
        problems=_FINDING,
    ),
    Operation(
        "/healthz",
        "GET",
        "health",
        "Operation",
        "Whether the store answers",
        {200: Answer("It does.", {"application/json": _STATUS})},
        problems=_STORE,
    ),
    Operation(
        "/readyz",
        "GET",
        "readiness",
        "Operation",
        "Whether the store answers, and what of it is damaged",
        {200: Answer("It does.", {"application/json": _STATUS})},
        problems=_STORE,
    ),
    Operation(
        "/",
        "GET",
        "first_page",
        "Pages",
        "The page with the query box",
        {200: Answer("The page, with an answer.", HTML)},
        parameters=(
            Parameter("query", "A query to ask.", example=_QUERY_TEXT),
            Parameter("question", "The identifier of a shipped question.", example="V01"),
            Parameter("thing", "The IRI of a thing to tell about."),
        ),
        problems=(*_ASKING, errors.UnknownQuestionError, errors.UnshowableError),
    ),
    Operation(
        "/docs",
        "GET",
        "api_page",
        "Pages",
        "This description as a page",
        {200: Answer("The page.", HTML)},
    ),
    Operation(
        "/openapi.json",
        "GET",
        "api_description",
        "Pages",
        "This description",
        {200: Answer("The description.", {"application/json": {"type": "object"}})},
    ),
    Operation(
        "/problem/{title}",
        "GET",
        "problem_type",
        "Pages",
        "What a kind of problem means",
        {
            200: Answer(
                "Its title, status and meaning.",
                {
                    "application/json": {
                        "type": "object",
                        "required": ["type", "title", "status", "description"],
                    },
                    **HTML,
                },
                ("Vary",),
            )
        },
        parameters=(
            Parameter("title", "Its title.", _NAME, required=True, place="path", example=REFUSED),
        ),
        problems=(errors.UnknownNameError,),
    ),
)  # fmt: skip
