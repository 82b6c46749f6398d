"""What the store answers, as a response: its bytes, and headers that tell of them."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from defgraph.media_types import by_media_type
from defgraph.store.protocol import Answer

GENERATION: Final = "Generation"
"""The header that tells which state of the dataset an answer is from, or a write made."""


def response(found: Answer) -> Response:
    """Return an answer of the store."""
    headers = {
        "Content-Type": by_media_type(found.media_type).content_type,
        "Vary": "Accept",
    }
    if found.generation is not None:
        headers[GENERATION] = str(found.generation)
    return Response(found.body, headers=headers)
