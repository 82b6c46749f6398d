"""What a query is answered with over HTTP, however it came: status, headers and bytes.

The route of the application and the short path in front of it decide nothing themselves: which
answer it is, whether the client has it already, and how it is compressed, is decided here.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Final, NamedTuple, Self, TypeAlias

from starlette.types import Receive, Scope

from defgraph.jsonld.answers import answer_document
from defgraph.media_types import by_media_type, by_name
from defgraph.negotiation import FormatChoice, choose
from defgraph.store.protocol import State
from defgraph.web.cache import AnswerCache, Asked, Kept
from defgraph.web.departure import while_present
from defgraph.web.encodings import IN_THREAD_BYTES, MIN_BYTES, choose_encoding, encode
from defgraph.web.protocol import QueryRequest
from defgraph.web.validators import etag, tags_in

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Headers as ASGI wants them: names in lower case."""

_JSON_LD: Final = by_name("jsonld").media_type
_N_TRIPLES: Final = by_name("ntriples").media_type
_WISHES: Final = (b"accept", b"accept-encoding", b"if-none-match")
_OF_A_BODY: Final = (b"content-type", b"content-encoding")


class Wishes(NamedTuple):
    """What the headers of a request say of the answer: their values, None where there is none."""

    accept: str | None = None
    accept_encoding: str | None = None
    if_none_match: str | None = None

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Read them from a request; a header that comes twice is one list (RFC 9110, 5.2)."""
        values: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _WISHES:
                values[name] = values[name] + b", " + value if name in values else value
        return cls(
            *(values[name].decode("latin-1") if name in values else None for name in _WISHES)
        )


class Reply(NamedTuple):
    """An answer that is ready to send."""

    status: int
    headers: Headers
    body: bytes


class QueryReplies:
    """Replies to queries, out of *cache*."""

    def __init__(self, cache: AnswerCache) -> None:
        self.counts = cache.counts
        self._cache = cache

    async def reply(self, operation: QueryRequest, wishes: Wishes, receive: Receive) -> Reply:
        """Answer *operation* as *wishes* say, while its client is there to *receive* it.

        Raises what :meth:`defgraph.store.protocol.Store.query` raises, UnknownFormatError, and
        ClientGoneError.
        """
        wanted = choose(wishes.accept, operation.format)
        encoding = choose_encoding(wishes.accept_encoding)
        if wishes.if_none_match is not None:
            reply = self._unchanged(wishes.if_none_match, wanted, encoding)
            if reply is not None:
                return reply
        asked = Asked(
            operation.query,
            FormatChoice(wanted.results, _of_the_store(wanted.graph)),
            operation.default_graphs,
            operation.named_graphs,
        )
        kept = self._cache.find(asked)
        if kept is None:
            kept = await while_present(receive, self._cache.answer(asked))
        return await _written(kept, wanted, encoding)

    def _unchanged(self, tags: str, wanted: FormatChoice, encoding: str | None) -> Reply | None:
        """Say that nothing has changed, where the client has what it would be answered."""
        given, state = tags_in(tags), self._cache.state
        if state is None:
            return None
        for media_type in wanted:
            for each in (encoding, None):
                if media_type and etag(state, media_type, each) in given:
                    told = _headers(state.generation, state, media_type, each)
                    return Reply(304, tuple(h for h in told if h[0] not in _OF_A_BODY), b"")
        return None


async def _written(kept: Kept, wanted: FormatChoice, encoding: str | None) -> Reply:
    media_type, body = kept.answer.media_type, kept.answer.body
    if wanted.graph == _JSON_LD and media_type == _N_TRIPLES:
        media_type, body = _JSON_LD, await asyncio.to_thread(answer_document, body)
    if encoding is not None:
        if len(body) < MIN_BYTES:
            encoding = None
        else:
            body = await _encoded(kept, media_type, body, encoding)
    headers = _headers(kept.answer.generation, kept.state, media_type, encoding)
    return Reply(200, (*headers, (b"content-length", b"%d" % len(body))), body)


async def _encoded(kept: Kept, media_type: str, body: bytes, encoding: str) -> bytes:
    """Return *body* compressed; done once for all who are given the same answer."""
    done = kept.encoded.get((media_type, encoding))
    if done is None:
        if len(body) < IN_THREAD_BYTES:
            done = encode(body, encoding)
        else:
            done = await asyncio.to_thread(encode, body, encoding)
        kept.encoded[media_type, encoding] = done
    return done


def _of_the_store(graph: str | None) -> str | None:
    """Return what to ask the store for where a client wants a *graph* of this media type."""
    return _N_TRIPLES if graph == _JSON_LD else graph


@lru_cache(maxsize=256)
def _headers(
    generation: int | None, state: State | None, media_type: str, encoding: str | None
) -> Headers:
    """Return the headers that tell of an answer; without its *state* it may be another next time.

    ``Cache-Control: no-cache`` lets anybody keep the answer, and ask each time whether it still
    holds, which costs the server nothing.
    """
    headers = {
        "content-type": by_media_type(media_type).content_type,
        "vary": "Accept, Accept-Encoding",
        "cache-control": "no-cache",
    }
    if generation is not None:
        headers["generation"] = str(generation)
    if state is not None:
        headers["etag"] = etag(state, media_type, encoding)
    if encoding is not None:
        headers["content-encoding"] = encoding
    return tuple((name.encode(), value.encode("latin-1")) for name, value in headers.items())
