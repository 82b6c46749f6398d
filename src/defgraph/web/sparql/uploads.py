"""Graphs in the body of a request: one document, or the files of a form, each in its format."""

from __future__ import annotations

import asyncio
import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from defgraph.engine.tasks import Upload
from defgraph.errors import UnknownFormatError, UploadTooLargeError
from defgraph.media_types import GRAPH_FORMATS, by_extension, by_media_type
from defgraph.settings import Settings
from defgraph.web.http.bodies import (
    BadRequestError,
    UnsupportedMediaTypeError,
    media_type_of,
    read_body,
)

MULTIPART: Final = "multipart/form-data"
MAX_PARTS: Final = 1000

_STEP_BYTES: Final = 256 * 1024
_UNTYPED: Final = ("", "application/octet-stream")
_CHARSET: Final = re.compile(rb"^(?:utf-?8)?$", re.IGNORECASE)


async def read_uploads(request: Request, settings: Settings) -> tuple[Upload, ...]:
    """Return what is sent: one upload, or one for each file of a form (RFC 7578).

    A file of a form has the media type that its part says, or else that of the ending of its name.
    Raises UnsupportedMediaTypeError for what is no graph, and what `read_body` raises.
    """
    media_type = media_type_of(request)
    if media_type != MULTIPART:
        format_ = _format(media_type)
        return (_upload(await _body(request, settings), format_),)
    boundary = parse_options_header(request.headers["content-type"])[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:  # RFC 2046, section 5.1.1
        raise BadRequestError(f"The Content-Type {MULTIPART} has no boundary of 1 to 70 characters")
    parts = await _parts(await _body(request, settings), boundary)
    if not parts:
        raise BadRequestError("The form holds no file")
    return tuple(_upload(bytes(each.body), each.format()) for each in parts)


def _upload(body: bytes, media_type: str) -> Upload:
    """Return an upload without the byte order mark that may stand before it."""
    return Upload(body.removeprefix(BOM_UTF8), media_type)


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes]
    body: bytearray

    def format(self) -> str:
        """Return the media type of the graph that the part holds."""
        media_type, parameters = parse_options_header(self.headers.get(b"content-type", b""))
        if not _CHARSET.match(parameters.get(b"charset", b"")):
            raise BadRequestError("A part of the form is said to be in another charset; send UTF-8")
        given = media_type.decode("latin-1").lower()
        if given in _UNTYPED:
            disposition = parse_options_header(self.headers.get(b"content-disposition", b""))[1]
            name = disposition.get(b"filename", b"").decode("utf-8", "replace")
            try:
                return by_extension(PurePosixPath(name).suffix, GRAPH_FORMATS).media_type
            except UnknownFormatError as exc:
                which = f"the file '{name}'" if name else "a part of the form"
                said = f"'{given}'" if given else "no Content-Type"
                raise _unread(f"{which} with {said}") from exc
        return _format(given)


class _Form:
    """The parts of a form, as a parser finds them."""

    def __init__(self, boundary: bytes) -> None:
        self.parts: list[_Part] = []
        self.is_whole = False
        self._name, self._value = b"", b""
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_header_field": self._field,
                "on_header_value": self._of_field,
                "on_header_end": self._field_ends,
                "on_end": self._end,
            },
        )

    def _begin(self) -> None:
        if len(self.parts) == MAX_PARTS:
            raise BadRequestError(f"A form may have {MAX_PARTS:,} files at most")
        self.parts.append(_Part({}, bytearray()))

    def _data(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].body += data[start:end]

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _of_field(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _field_ends(self) -> None:
        self.parts[-1].headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _end(self) -> None:
        self.is_whole = True


async def _parts(body: bytes, boundary: bytes) -> list[_Part]:
    """Take a form apart; others have their turn meanwhile, since it may be long."""
    form = _Form(boundary)
    # What stands before the first boundary is for nobody (RFC 2046, section 5.1.1).
    before = 0 if body.startswith(b"--" + boundary) else body.find(b"\r\n--" + boundary)
    try:
        for start in range(before + 2 if before > 0 else 0, len(body), _STEP_BYTES):
            form.parser.write(body[start : start + _STEP_BYTES])
            await asyncio.sleep(0)
    except FormParserError as error:
        raise BadRequestError(f"The body is no form as {MULTIPART} has it: {error}") from error
    if not form.is_whole:
        raise BadRequestError(f"The body is {MULTIPART} that ends too early")
    return form.parts


async def _body(request: Request, settings: Settings) -> bytes:
    return await read_body(request, UploadTooLargeError(settings.max_upload_bytes))


def _format(given: str) -> str:
    try:
        return by_media_type(given, GRAPH_FORMATS).media_type
    except UnknownFormatError as exc:
        said = f"'{given}'" if given else "no Content-Type"
        raise _unread(f"a body with {said}") from exc


def _unread(what: str) -> UnsupportedMediaTypeError:
    taken = ", ".join(each.media_type for each in GRAPH_FORMATS)
    return UnsupportedMediaTypeError(f"No graph can be read from {what}; send one of {taken}")
