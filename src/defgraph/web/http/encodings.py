"""Compression of answers: which encoding a client takes, and the body in it (RFC 9110, 8.4.1)."""

from __future__ import annotations

import gzip
import re
from typing import Final

import brotli

from defgraph.remembering import remembered

MIN_BYTES: Final = 1024
"""A shorter body fits into one packet, compressed or not."""

IN_THREAD_BYTES: Final = 256 * 1024
"""To compress more than this takes milliseconds, so it is done beside the event loop."""

_BROTLI_QUALITY: Final = 4  # as fast as gzip at 6, and about as small
_GZIP_LEVEL: Final = 5
_PART: Final = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?"
)
_ENCODINGS: Final = {"br": ("br",), "gzip": ("gzip", "x-gzip")}  # the better one first


@remembered(256)
def choose_encoding(header: str | None) -> str | None:
    """Return ``br``, ``gzip``, or None for neither, by the value of ``Accept-Encoding``.

    Section 12.5.3: the highest quality wins, ``*`` stands for those not named, and 0 forbids.
    What is not well formed is passed over; nothing there is an error.
    """
    quality: dict[str, float] = {}
    for part in (header or "").split(","):
        if found := _PART.fullmatch(part):
            quality.setdefault(found[1].lower(), float(found[2] or 1))
    other = quality.get("*", 0.0)
    best, best_quality = None, 0.0
    for name, names in _ENCODINGS.items():
        given = next((quality[each] for each in names if each in quality), other)
        if given > best_quality:
            best, best_quality = name, given
    return best if best_quality >= quality.get("identity", 0.0) else None


def encode(body: bytes, encoding: str) -> bytes:
    """Return *body* in ``br`` or ``gzip``; the same bytes for the same body."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)
