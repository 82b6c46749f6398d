"""What a request asks: the query operation of SPARQL 1.1 Protocol, section 2.1.

Three ways to send a query, read into one value: GET with parameters, POST with a form, POST with
the query itself as the body. Nothing is decoded leniently: bytes that are not UTF-8, a parameter
that stands twice or a media type that is none of the three are errors that say what to send.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from defgraph.errors import DefgraphError

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_HOW: Final = (
    "send it as GET /sparql?query=..., as a form field 'query', "
    f"or as the body of a POST with Content-Type: {QUERY}"
)


class BadRequestError(DefgraphError):
    """The request is not one of the three ways to send a query."""


class UnsupportedMediaTypeError(DefgraphError):
    """The body of the request is of a media type that no query comes in."""

    def __init__(self, content_type: str) -> None:
        given = f"'{content_type}'" if content_type else "no Content-Type"
        super().__init__(f"A query cannot be read from a body with {given}; send {QUERY} or {FORM}")


class RequestTooLargeError(DefgraphError):
    """The body of the request is longer than the server takes."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The body of a request may have {limit_bytes:,} bytes at most")


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One query operation: the query, the dataset it names and the format it asks for."""

    query: str
    format: str | None = None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


def read_get(request: Request) -> QueryRequest:
    """Read a query operation by GET (section 2.1.1); raises BadRequestError."""
    return _operation(_url_parameters(request))


async def read_post(request: Request, *, limit_bytes: int) -> QueryRequest:
    """Read a query operation by POST, as a form (2.1.2) or directly (2.1.3).

    Parameters in the URL count as well. Raises BadRequestError, UnsupportedMediaTypeError and
    RequestTooLargeError.
    """
    media_type, parameters = _content_type(request)
    if media_type not in (FORM, QUERY):
        raise UnsupportedMediaTypeError(media_type)
    charset = parameters.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise BadRequestError(f"The body is said to be in {charset}; send it in UTF-8")
    text = _decoded(await _body(request, limit_bytes))
    if media_type == QUERY:
        return _operation([*_url_parameters(request), ("query", text)])
    return _operation([*_url_parameters(request), *_parsed(text)])


def asks_only_a_query(request: Request) -> bool:
    """Whether the URL says nothing beyond the query: neither a format nor a dataset."""
    return {name for name, _ in _url_parameters(request)} <= {"query"}


def query_in_url(request: Request) -> str | None:
    """Return the query that the URL carries, if any; raises BadRequestError for two."""
    return _single(_grouped(_url_parameters(request)), "query")


def _operation(parameters: Iterable[tuple[str, str]]) -> QueryRequest:
    values = _grouped(parameters)
    if "update" in values:
        raise BadRequestError("This server takes no updates; send a 'query'")
    query = _single(values, "query")
    if query is None or not query.strip():
        raise BadRequestError(f"There is no query; {_HOW}")
    return QueryRequest(
        query=query,
        format=_single(values, "format"),
        default_graphs=_graphs(values, "default-graph-uri"),
        named_graphs=_graphs(values, "named-graph-uri"),
    )


def _grouped(parameters: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    return values


def _single(values: Mapping[str, list[str]], name: str) -> str | None:
    given = values.get(name, [])
    if len(given) > 1:
        raise BadRequestError(f"The parameter '{name}' is given {len(given)} times; give it once")
    return given[0] if given else None


def _graphs(values: Mapping[str, list[str]], name: str) -> tuple[str, ...] | None:
    iris = tuple(values.get(name, ()))
    for iri in iris:
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise BadRequestError(f"The value of '{name}' is no absolute IRI: {iri!r}")
    return iris or None


def _url_parameters(request: Request) -> list[tuple[str, str]]:
    return _parsed(request.scope["query_string"].decode("ascii", errors="surrogateescape"))


def _parsed(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as exc:
        raise BadRequestError("The parameters are not percent-encoded UTF-8") from exc


def _content_type(request: Request) -> tuple[str, dict[str, str]]:
    """Return the media type in lower case, and its parameters."""
    message = Message()
    message["Content-Type"] = request.headers.get("content-type", "")
    (media_type, _), *parameters = message.get_params([("", "")])
    return media_type.strip().lower(), {name.lower(): value for name, value in parameters}


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise BadRequestError(f"The body is not UTF-8 (byte {exc.start + 1})") from exc


async def _body(request: Request, limit_bytes: int) -> bytes:
    """Read the body, and no more of it than *limit_bytes*."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            raise RequestTooLargeError(limit_bytes)
    return bytes(body)
