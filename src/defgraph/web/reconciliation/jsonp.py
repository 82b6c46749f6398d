"""JSON, or a script that calls a function with it (JSONP), which older clients ask for.

The name of the function is all that a stranger puts into the script, so it is a plain name. The
comment before it, the media type and ``nosniff`` keep it from being taken for anything else.
"""

from __future__ import annotations

import json
import re
from typing import Final

from fastapi import Response

from defgraph.web.http.bodies import BadRequestError
from defgraph.web.http.parameters import Parameters

CALLBACK: Final = "callback"
SCRIPT: Final = "text/javascript"
"""The media type of a script (RFC 9239)."""

NAME_PATTERN: Final = r"^[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*$"
MAX_NAME: Final = 128

_NAME: Final = re.compile(NAME_PATTERN.removesuffix("$"))
_LINE_ENDS: Final = {0x2028: "\\u2028", 0x2029: "\\u2029"}


def answer(given: Parameters, content: object) -> Response:
    """Return *content* as JSON, or as a script if a ``callback`` is *given*.

    Raises BadRequestError where that is no name of a function.
    """
    return written(given, as_text(content))


def written(given: Parameters, text: str) -> Response:
    """Return JSON that is written already, as `answer` does."""
    name = given.single(CALLBACK)
    if name is None:
        return Response(text, media_type="application/json")
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise BadRequestError(
            f"{CALLBACK}: {name[:40]!r} is no name of a function; it has letters, digits, '_', "
            f"'$' and dots, and {MAX_NAME} characters at most"
        )
    script = f"/**/{name}({text.translate(_LINE_ENDS)});"
    return Response(script, media_type=SCRIPT)


def as_text(content: object) -> str:
    """Return *content* as JSON without needless space."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
