"""A file, or a part of it, as an answer: read from the disk as the client takes it."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from defgraph.web.dumps.sets import DumpFile
from defgraph.web.http.departure import ClientGoneError, while_present
from defgraph.web.http.headers import GENERATION
from defgraph.web.http.in_flight import holds_at_most
from defgraph.web.http.ranges import Part, part_of
from defgraph.web.http.validators import date, date_in, tags_in

CHUNK_BYTES: Final = 256 * 1024


class FileResponse(Response):
    """Answers with *file*, or with the part of it that the request wants.

    The file is held until the last byte is sent or the client is gone, and no more of it than a
    chunk is in memory.
    """

    def __init__(self, file: DumpFile, request: Request, *, generation: int) -> None:
        self._file = file
        request_headers = request.headers
        self._part = Part(0, file.size)
        status, headers = HTTPStatus.OK, _headers(file, generation)
        if _is_known(file, request):
            status, self._part = HTTPStatus.NOT_MODIFIED, Part(0, 0)
        else:
            # Of methods, a range is defined for GET alone (section 14.2).
            wanted = request_headers.get("range") if request.method == "GET" else None
            only_if = request_headers.get("if-range")
            if date_in(only_if) == file.modified:
                only_if = file.tag  # no second has two versions of a file (section 13.1.5)
            part = part_of(file.size, file.tag, wanted, only_if)
            if part is not None:
                status, self._part = HTTPStatus.PARTIAL_CONTENT, part
                headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{file.size}"
            headers["Content-Type"] = file.content_type
            headers["Content-Length"] = str(self._part.end - self._part.start)
        super().__init__(None, status, headers)
        self.raw_headers = [
            (name.lower().encode(), value.encode()) for name, value in headers.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, as fast as the client takes it."""
        holds_at_most(scope, CHUNK_BYTES)
        with suppress(ClientGoneError):  # nobody is there to be told
            await while_present(receive, self._send(send, has_body=scope["method"] != "HEAD"))

    async def _send(self, send: Send, *, has_body: bool) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        start, end = self._part
        while has_body and start < end:
            at = self._file.start + start
            size = min(CHUNK_BYTES, end - start)
            chunk = await asyncio.to_thread(os.pread, self._file.scratch.descriptor, size, at)
            start += len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": start < end})
            if not chunk:  # the disk has lost it; the client sees that something is missing
                return
        if not has_body or self._part.start == end:
            await send({"type": "http.response.body", "body": b""})


def _is_known(file: DumpFile, request: Request) -> bool:
    """Whether the client has the file: the entity tag goes before the date (section 13.2.2)."""
    if_none_match = request.headers.get("if-none-match")
    if if_none_match is not None:
        return not tags_in(if_none_match).isdisjoint({"*", file.tag})
    since = date_in(request.headers.get("if-modified-since"))
    return since is not None and file.modified <= since


def _headers(file: DumpFile, generation: int) -> dict[str, str]:
    digest = b64encode(bytes.fromhex(file.sha256)).decode()
    return {
        "ETag": file.tag,
        "Accept-Ranges": "bytes",
        **({"Last-Modified": date(file.modified)} if file.modified <= datetime.now(UTC) else {}),
        "Repr-Digest": f"sha-256=:{digest}:",
        GENERATION: str(generation),
    }
