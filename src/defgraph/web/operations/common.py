"""What several operations have in common: parameters, answers and problems."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.media_types import FORMATS, Format
from defgraph.web import authorisation
from defgraph.web.http import bodies, departure, refusals
from defgraph.web.operations.rows import TEXT, Answer, Content, Parameter
from defgraph.web.problems import MEDIA_TYPE as PROBLEM

IF_MATCH: Final = Parameter(
    "If-Match",
    "The generation that the write is for, as a tag; an entity tag of an answer will do, too.",
    place="header",
)
IF_NONE_MATCH_OF_WRITE: Final = Parameter(
    "If-None-Match",
    "* for a graph that is not to be there yet.",
    place="header",
)
CONDITIONS: Final = (IF_MATCH, IF_NONE_MATCH_OF_WRITE)
ANY_REQUEST: Final = (
    refusals.BrokenRequestError,
    refusals.UnknownMethodError,
    refusals.UrlTooLongError,
    refusals.HeaderTooLargeError,
    refusals.TooManyHeaderFieldsError,
    refusals.SlowHeaderError,
    refusals.TooManyConnectionsError,
    refusals.TooMuchInFlightError,
    refusals.TooMuchProcessingError,
    refusals.TooManyErrorsError,
    errors.StoreError,
)
BODY: Final = (
    refusals.SlowBodyError,
    departure.ClientGoneError,
    bodies.BadRequestError,
    bodies.UnsupportedMediaTypeError,
)
STORE: Final = (
    errors.DeadlineExceededError,
    errors.MemoryExceededError,
    errors.ResultTooLargeError,
    errors.QueryCrashedError,
    errors.StoreBusyError,
    errors.EndpointError,
)
NEGOTIATING: Final = (
    errors.NotAcceptableError,
    errors.InexpressibleError,
    errors.UnknownFormatError,
    bodies.BadRequestError,
)
ASKING: Final = (
    *STORE,
    *NEGOTIATING,
    errors.QuerySyntaxError,
    errors.QueryRefusedError,
    errors.QueryEvaluationError,
    errors.QueryTooLongError,
    errors.ServiceFailedError,
)
WRITING: Final = (
    *STORE,
    authorisation.TokenMissingError,
    authorisation.TokenWrongError,
    authorisation.TwoTokensError,
    authorisation.TokensUnreadableError,
    bodies.BadRequestError,
    errors.ReadOnlyError,
    errors.InferredGraphError,
    errors.PreconditionFailedError,
    errors.UploadTooLargeError,
    errors.UnwritableFileError,
    errors.StoreDamagedError,
)
FORMAT: Final = Parameter(
    "format",
    "The short name of a format; it goes before the header Accept.",
    {"type": "string", "enum": [each.name for each in FORMATS]},
    example="json",
)
ACCEPT: Final = Parameter(
    "Accept",
    "The formats that are wanted and how much (RFC 9110, 12.5.1).",
    place="header",
)
IF_NONE_MATCH: Final = Parameter(
    "If-None-Match",
    "The entity tag of an answer that the client has; if it still holds, 304 says so.",
    place="header",
)
READING: Final = (ACCEPT, IF_NONE_MATCH)
KEPT: Final = ("Cache-Control", "Content-Encoding", "ETag", "Generation", "Vary")
UNCHANGED: Final = Answer("The client has the answer already.", headers=("ETag", "Generation"))
QUERY_TEXT: Final = "SELECT ?agreement ?party WHERE { ?agreement def:hasParty ?party } LIMIT 10"


def in_formats(*formats: Format) -> Content:
    """Return the content of an answer that is in any of *formats*."""
    return {each.media_type: {} for each in formats}


NOT_VALID: Final = Answer(
    "The shapes refuse the write, and nothing has changed: what is wrong.",
    {PROBLEM: {"$ref": "#/components/schemas/Refused"}, "text/turtle": TEXT, "text/plain": TEXT},
    ("Vary",),
)
