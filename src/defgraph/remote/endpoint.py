"""One exchange with an endpoint of SPARQL 1.1: the whole answer, as it came, or an error.

What can be wrong with a response is many things, and each is told in words: a status, a redirect, a
body in another format, one that is too large, that breaks off, or that the endpoint itself calls a
part of the answer. Some engines end a body in good order after a time-out of their own, with a
sentence where the rest should be; so a body must also end as documents of its format do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

import httpx2

from defgraph.errors import (
    DefgraphError,
    EndpointError,
    NotAcceptableError,
    QueryEvaluationError,
    QuerySyntaxError,
    ResultTooLargeError,
    StoreBusyError,
)
from defgraph.media_types import GRAPH_FORMATS, RESULT_FORMATS, Format

RETRY_AFTER_S: Final = 1

_PARTIAL: Final = ("X-SPARQL-MaxRows", "X-SQL-State")
"""Headers by which Virtuoso says that its 200 is a part of the answer."""

_ENDINGS: Final = {
    "json": (b"}",),
    "xml": (b"sparql>",),
    "csv": (b"\n", b"true", b"false"),  # how a truth value ends there, no standard says
    "tsv": (b"\n", b"true", b"false"),
    "turtle": (b".",),
    "ntriples": (b".",),
    "nquads": (b".",),
    "trig": (b".", b"}"),
    "jsonld": (b"}", b"]"),
    "rdfxml": (b"RDF>",),
}
"""What a whole document may end with, by the name of its format."""

_LINES: Final = ("csv", "tsv")  # whose last line has an end, too
_MAY_BE_EMPTY: Final = ("turtle", "ntriples", "nquads", "trig")  # and may end with a comment

_EXCERPT_BYTES: Final = 2_000
_LONGEST_LINE: Final = 300


async def ask(
    client: httpx2.AsyncClient,
    endpoint: httpx2.URL,
    fields: Mapping[str, str | list[str]],
    wanted: Format,
    *,
    max_bytes: int,
) -> bytes:
    """Send a query operation as a form (SPARQL 1.1 Protocol 2.1.2); return the answer's body.

    Raises QuerySyntaxError, QueryEvaluationError and NotAcceptableError where the endpoint says so,
    ResultTooLargeError, StoreBusyError, and EndpointError for everything else.
    """
    try:
        async with client.stream(
            "POST", endpoint, data=fields, headers={"Accept": wanted.media_type}
        ) as response:
            if response.status_code != httpx2.codes.OK:
                raise _refusal(response, wanted, await _excerpt(response))
            _check(response, wanted)
            body = await _read(response, max_bytes)
    except httpx2.ConnectError as error:
        raise EndpointError(f"cannot be reached ({_reason(error)})") from error
    except httpx2.TransportError as error:
        raise EndpointError(f"broke off the connection ({_reason(error)})") from error
    if not _is_whole(body, wanted):
        raise EndpointError("broke off in the middle of the answer")
    return body


def not_acceptable(*, gives_graph: bool) -> NotAcceptableError:
    """Return the error that names what a query of this form can be answered in."""
    offered = GRAPH_FORMATS if gives_graph else RESULT_FORMATS
    return NotAcceptableError(each.media_type for each in offered)


async def _read(response: httpx2.Response, max_bytes: int) -> bytes:
    if int(response.headers.get("Content-Length", 0)) > max_bytes:
        raise ResultTooLargeError(max_bytes)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > max_bytes:
            raise ResultTooLargeError(max_bytes)
    return bytes(body)


def _refusal(  # noqa: PLR0911 - one for each status that means something
    response: httpx2.Response, wanted: Format, said: str
) -> DefgraphError:
    """Return what it means that the status is not 200."""
    status = response.status_code
    because = f": {said}" if said else ""
    match status:
        case 400:
            return QuerySyntaxError(f"The endpoint does not take this query{because}")
        case 500:
            return QueryEvaluationError(f"the endpoint failed on it{because}")
        case 406:
            return not_acceptable(gives_graph=wanted.family == "rdf")
        case 429 | 503:
            asked_s = response.headers.get("Retry-After", "")
            return StoreBusyError(int(asked_s) if asked_s.isdecimal() else RETRY_AFTER_S)
        case 401 | 403 | 407:
            return EndpointError(
                f"does not let us in (status {status}); "
                f"DEFGRAPH_STORE_AUTHORIZATION is what it is told{because}"
            )
    if response.has_redirect_location:
        location = response.headers["Location"]
        return EndpointError(f"redirects to {location}, and redirects are not followed")
    return EndpointError(f"answered with status {status}{because}")


def _check(response: httpx2.Response, wanted: Format) -> None:
    """Raise EndpointError unless the headers promise the whole answer in the *wanted* format."""
    headers = response.headers
    for name in _PARTIAL:
        if name in headers:
            raise EndpointError(
                f"gave only a part of the answer ({name}: {headers[name]}); "
                "ask for less, in parts with LIMIT and OFFSET"
            )
    content_type = headers.get("Content-Type", "")
    media_type, _, parameters = content_type.lower().partition(";")
    if media_type.strip() not in (wanted.media_type, *wanted.aliases):
        given = f"'{content_type}'" if content_type else "no Content-Type"
        raise EndpointError(f"answered with {given}, though asked for {wanted.media_type}")
    charset = parameters.partition("charset=")[2].strip(' "')
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise EndpointError(f"answered in {charset}, and not in UTF-8")
    coding = headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        raise EndpointError(f"compressed its answer ({coding}), though asked not to")
    if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
        raise EndpointError("does not say where its answer ends, so half of it could be missing")


def _is_whole(body: bytes, wanted: Format) -> bool:
    endings = _ENDINGS[wanted.name]
    if wanted.name in _LINES:
        return body.endswith(endings)
    end = body[-1024:].rstrip()
    if wanted.name in _MAY_BE_EMPTY and end.rpartition(b"\n")[2][:1] in (b"", b"#"):
        return True
    return end.endswith(endings)


async def _excerpt(response: httpx2.Response) -> str:
    """Return what the endpoint says of an error, on one line; nothing if that is a web page."""
    content_type = response.headers.get("Content-Type", "")
    if not content_type.startswith(("text/plain", "application/")):
        return ""
    said = bytearray()
    async for chunk in response.aiter_raw():
        said += chunk
        if len(said) > _EXCERPT_BYTES:
            break
    line = " ".join(said[:_EXCERPT_BYTES].decode(errors="replace").split())
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def _reason(error: httpx2.TransportError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno is not None:
            # asyncio puts the address into its text, which is not for everybody.
            return os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__
