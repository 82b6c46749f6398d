"""What a request asks: the operations of SPARQL 1.1 Protocol, section 2.

A query comes in three ways, read into one value: GET with parameters, POST with a form, POST with
the query itself as the body; and in the latter two as QUERY (RFC 10008). An update comes in the
latter two by POST. Nothing is decoded leniently: bytes that are not UTF-8, a parameter that stands
twice or a media type that is none of these are errors that say what to send.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import Request

from defgraph.errors import LimitError, UploadTooLargeError
from defgraph.settings import Settings
from defgraph.web.http.bodies import (
    BadRequestError,
    RequestTooLargeError,
    UnsupportedMediaTypeError,
    media_type_of,
    read_text,
)
from defgraph.web.http.parameters import Parameters

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

ACCEPT_QUERY: Final = f"{QUERY}, {FORM}"
"""What a QUERY may send, as a header says it (RFC 10008, section 3)."""

_HOW_TO_ASK: Final = (
    "send it as GET /sparql?query=..., as a form field 'query', "
    f"or as the body of a POST with Content-Type: {QUERY}"
)
_HOW_TO_UPDATE: Final = (
    f"send it as the body of a POST to /update with Content-Type: {UPDATE}, "
    "or as a form field 'update'"
)


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One query operation: the query, the dataset it names and the format it asks for."""

    query: str
    format: str | None = None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """One update operation: the update, and the dataset that its patterns are matched in."""

    update: str
    using_graphs: tuple[str, ...] | None = None
    using_named_graphs: tuple[str, ...] | None = None


def read_get(query_string: bytes) -> QueryRequest:
    """Read a query operation by GET (section 2.1.1) from a URL; raises BadRequestError."""
    return _query(Parameters.of_query_string(query_string))


async def read_post(request: Request, settings: Settings) -> QueryRequest:
    """Read a query operation by POST, as a form (2.1.2) or directly (2.1.3).

    Parameters in the URL count as well. Raises BadRequestError, UnsupportedMediaTypeError and
    RequestTooLargeError.
    """
    too_large = RequestTooLargeError(settings.max_request_bytes)
    return _query(await _posted(request, "query", QUERY, too_large))


async def read_update(request: Request, settings: Settings) -> UpdateRequest:
    """Read an update operation, as a form (2.2.1) or directly (2.2.2).

    Raises BadRequestError, UnsupportedMediaTypeError and UploadTooLargeError.
    """
    too_large = UploadTooLargeError(settings.max_upload_bytes)
    values = await _posted(request, "update", UPDATE, too_large)
    if "query" in values:
        raise BadRequestError("Queries are answered at /sparql; send an 'update' here")
    update = values.single("update")
    if update is None or not update.strip():
        raise BadRequestError(f"There is no update; {_HOW_TO_UPDATE}")
    return UpdateRequest(
        update=update,
        using_graphs=values.iris("using-graph-uri"),
        using_named_graphs=values.iris("using-named-graph-uri"),
    )


def asks_only_a_query(request: Request) -> bool:
    """Whether the URL says nothing beyond the query: neither a format nor a dataset."""
    return Parameters.of_query_string(request.scope["query_string"]).names <= {"query"}


def query_in_url(request: Request) -> str | None:
    """Return the query that the URL carries, if any; raises BadRequestError for two."""
    return Parameters.of_query_string(request.scope["query_string"]).single("query")


def _query(values: Parameters) -> QueryRequest:
    if "update" in values:
        raise BadRequestError("Updates are taken at /update; send a 'query' here")
    query = values.single("query")
    if query is None or not query.strip():
        raise BadRequestError(f"There is no query; {_HOW_TO_ASK}")
    return QueryRequest(
        query=query,
        format=values.single("format"),
        default_graphs=values.iris("default-graph-uri"),
        named_graphs=values.iris("named-graph-uri"),
    )


async def _posted(
    request: Request, name: str, media_type: str, too_large: LimitError
) -> Parameters:
    """Read a form, or as *media_type* the value of *name* alone, with what the URL says."""
    given = media_type_of(request)
    if not given and request.method == "QUERY":  # RFC 10008, section 2
        raise BadRequestError(f"The request has no Content-Type; send {media_type} or {FORM}")
    if given not in (FORM, media_type):
        said = f"'{given}'" if given else "no Content-Type"
        raise UnsupportedMediaTypeError(
            f"No {name} can be read from a body with {said}; send {media_type} or {FORM}"
        )
    text = await read_text(request, too_large)
    in_url = request.scope["query_string"]
    if given == FORM:
        return Parameters.of_query_string(in_url, form=text)
    return Parameters.of_query_string(in_url, **{name: text})
