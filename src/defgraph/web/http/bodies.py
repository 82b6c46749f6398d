"""The body of a request: read as it comes, decompressed, and never more of it than is allowed."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request

from defgraph.errors import DefgraphError, LimitError
from defgraph.web.http.in_flight import claim_of

_UTF_8: Final = ("utf-8", "utf8")
_PARAMETER: Final = re.compile(r';\s*([^=;\s"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))')
_GZIP: Final = 31  # what zlib calls a gzip member of any window
_STEP_BYTES: Final = 2**20


class BadRequestError(DefgraphError):
    """The request is not one that can be understood."""


class UnsupportedMediaTypeError(DefgraphError):
    """The body of the request is of a media type, or encoded in a way, that is not read here."""


class RequestTooLargeError(LimitError):
    """The body of a query is longer than the server takes, or what it decompresses to."""

    limit = "DEFGRAPH_MAX_REQUEST_BYTES"

    def __init__(self, value: int) -> None:
        super().__init__(value, f"The body of a query may have {value:,} bytes at most")


class BatchTooLargeError(LimitError):
    """A batch of names to reconcile is longer than the server takes at once."""

    limit = "bytes of a batch"

    def __init__(self, value: int) -> None:
        super().__init__(value, f"A batch may have {value:,} bytes at most; send it in parts")


async def read_body(request: Request, too_large: LimitError) -> bytes:
    """Return the body without its Content-Encoding, which may be gzip.

    Neither the body as it was sent nor what it decompresses to may be longer than the limit says,
    and nothing beyond that is kept in memory: *too_large* is raised. Besides raises
    UnsupportedMediaTypeError for another encoding, BadRequestError for broken gzip, and
    TooMuchInFlightError where the server holds too much for all clients together.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > too_large.value:
        raise too_large
    body = bytearray()
    claim = claim_of(request.scope)
    async for part in _decoded(request, _sent(request, too_large)):
        body += part
        if len(body) > too_large.value:
            raise too_large
        if claim is not None:
            claim.body(len(part))
    return bytes(body)


async def read_text(request: Request, too_large: LimitError) -> str:
    """Return the body as text, which must be UTF-8; raises what `read_body` raises.

    A byte order mark before it, which editors of Windows put there, is no part of it.
    """
    body = await read_body(request, too_large)
    try:
        return body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as exc:
        raise BadRequestError(f"The body is not UTF-8 (byte {exc.start + 1})") from exc


def media_type_of(request: Request) -> str:
    """Return the media type of the body in lower case, empty if none is given.

    Raises BadRequestError if the body is said to be in another charset than UTF-8, or of two types.
    """
    every = request.headers.getlist("content-type")
    if len(every) > 1:
        raise BadRequestError("The header Content-Type is sent more than once; send one")
    given = every[0] if every else ""
    for name, quoted, plain in _PARAMETER.findall(given):
        if name.lower() == "charset" and (charset := quoted or plain).lower() not in _UTF_8:
            raise BadRequestError(f"The body is said to be in {charset}; send it in UTF-8")
    return given.partition(";")[0].strip().lower()


async def _sent(request: Request, too_large: LimitError) -> AsyncIterator[bytes]:
    """Yield the body as it comes, up to the limit: gzip that holds nothing has no end either."""
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > too_large.value:
            raise too_large
        yield part


async def _decoded(request: Request, sent: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    encoding = ", ".join(request.headers.getlist("content-encoding")).strip().lower()
    if encoding in ("gzip", "x-gzip"):
        async for part in _gunzipped(sent):
            yield part
    elif encoding in ("", "identity"):
        async for part in sent:
            yield part
    else:
        raise UnsupportedMediaTypeError(
            f"The Content-Encoding '{encoding}' is not read here; send gzip, or none"
        )


async def _gunzipped(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what gzip members hold, in parts so small that a bomb is noticed as it goes off."""
    member = zlib.decompressobj(_GZIP)
    is_whole, size = False, 0
    try:
        async for chunk in chunks:
            rest = chunk
            while rest:
                if is_whole:
                    member, is_whole = zlib.decompressobj(_GZIP), False
                part = member.decompress(rest, _STEP_BYTES)
                is_whole = member.eof
                rest = member.unused_data if is_whole else member.unconsumed_tail
                size += len(part)
                yield part
                await asyncio.sleep(0)  # others may have a turn
    except zlib.error as exc:
        what = f"broken gzip, after {size:,} bytes of text" if size else "no gzip"
        raise BadRequestError(f"The body is {what} ({exc})") from exc
    if not is_whole:
        raise BadRequestError(f"The body is gzip that ends too early, after {size:,} bytes of text")
