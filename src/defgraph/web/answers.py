"""What the store answers, as a response: its bytes, and headers that tell of them."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import Response

from defgraph.jsonld.answers import answer_document
from defgraph.media_types import by_media_type, by_name
from defgraph.store.protocol import Answer

GENERATION: Final = "Generation"
"""The header that tells which state of the dataset an answer is from, or a write made."""

_JSON_LD: Final = by_name("jsonld").media_type
_N_TRIPLES: Final = by_name("ntriples").media_type


def of_the_store(graph: str | None) -> str | None:
    """Return what to ask the store for where a client wants a *graph* of this media type.

    JSON-LD is made here, from N-Triples: the store's own knows no context.
    """
    return _N_TRIPLES if graph == _JSON_LD else graph


async def response(found: Answer, wanted_graph: str | None) -> Response:
    """Return an answer of the store, a graph as *wanted_graph* if that is what was answered."""
    media_type, body = found.media_type, found.body
    if wanted_graph == _JSON_LD and media_type == _N_TRIPLES:
        media_type, body = _JSON_LD, await asyncio.to_thread(answer_document, body)
    headers = {"Content-Type": by_media_type(media_type).content_type, "Vary": "Accept"}
    if found.generation is not None:
        headers[GENERATION] = str(found.generation)
    return Response(body, headers=headers)
