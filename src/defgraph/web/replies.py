"""What a query is answered with over HTTP, however it came: status, headers and bytes.

The route of the application and the short path in front of it decide nothing themselves: which
answer it is, whether the client has it already, and how it is compressed, is decided here.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Final, NamedTuple, Self

from starlette.types import Receive, Scope

from defgraph.media_types import by_media_type
from defgraph.negotiation import choose
from defgraph.store.protocol import State
from defgraph.web.cache import AnswerCache, Asked, Kept, Question
from defgraph.web.http.departure import while_present
from defgraph.web.http.encodings import IN_THREAD_BYTES, MIN_BYTES, choose_encoding, encode
from defgraph.web.http.headers import READING_HEADERS
from defgraph.web.http.reply import Headers, Reply
from defgraph.web.http.validators import etag, tags_in
from defgraph.web.protocol import QueryRequest
from defgraph.web.telemetry.journal import Note

_OF_A_BODY: Final = (b"content-type", b"content-encoding")


class Wishes(NamedTuple):
    """What the headers of a request say of the answer: their values, None where there is none."""

    accept: str | None = None
    accept_encoding: str | None = None
    if_none_match: str | None = None

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Read them from a request; a header that comes twice is one list (RFC 9110, 5.2)."""
        accept = accept_encoding = if_none_match = None
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = _listed(accept, value)
            elif name == b"accept-encoding":
                accept_encoding = _listed(accept_encoding, value)
            elif name == b"if-none-match":
                if_none_match = _listed(if_none_match, value)
        return cls(_text(accept), _text(accept_encoding), _text(if_none_match))


class Wanted(NamedTuple):
    """What is to be found out, and how the answer may be encoded."""

    asked: Question
    encoding: str | None


def wanted(operation: QueryRequest, accept: str | None, accept_encoding: str | None) -> Wanted:
    """Read what *operation* wants, beside these two headers; raises UnknownFormatError."""
    asked = Asked(
        operation.query,
        choose(accept, operation.format),
        operation.default_graphs,
        operation.named_graphs,
    )
    return Wanted(asked, choose_encoding(accept_encoding))


class QueryReplies:
    """Replies to queries, out of *cache*."""

    def __init__(self, cache: AnswerCache) -> None:
        self.counts = cache.counts
        self._cache = cache

    async def reply(
        self, want: Wanted, if_none_match: str | None, receive: Receive, note: Note
    ) -> Reply:
        """Answer what is wanted, while the client is there to *receive* it, and *note* how.

        Raises what :meth:`defgraph.store.protocol.Store.query` raises, and ClientGoneError.
        """
        reply = self.at_hand(want, if_none_match, note)
        if reply is None:
            reply = await while_present(receive, self.found(want, note))
        return reply

    def at_hand(self, want: Wanted, if_none_match: str | None, note: Note) -> Reply | None:
        """Return what is answered without asking the store, or that the client has it already."""
        if isinstance(want.asked, Asked):
            note.kind, note.query = "query", want.asked.text
        if if_none_match is not None:
            reply = self._unchanged(tags_in(if_none_match), want)
            if reply is not None:
                return reply
        kept = self._cache.find(want.asked)
        if kept is None:
            note.cache = "miss"
            return None
        note.cache, note.rows = "hit", kept.answer.rows
        reply = kept.replies.get((kept.answer.media_type, want.encoding))
        if reply is not None:
            self.counts.hits += 1
        return reply

    async def found(self, want: Wanted, note: Note) -> Reply:
        """Return what is answered where nothing is at hand, and *note* how long it is.

        Raises what :meth:`defgraph.store.protocol.Store.query` raises.
        """
        kept = await self._cache.answer(want.asked)
        note.rows = kept.answer.rows
        form = (kept.answer.media_type, want.encoding)
        reply = kept.replies.get(form)
        if reply is None:
            reply = kept.replies[form] = await _written(kept, *form)
        return reply

    def _unchanged(self, tags: frozenset[str], want: Wanted) -> Reply | None:
        """Say that nothing has changed, where the client has what it would be answered."""
        state = self._cache.state
        if state is None:
            return None
        for media_type in want.asked.accept:
            for encoding in (want.encoding, None):
                if media_type and etag(state, media_type, encoding) in tags:
                    told = _headers(state.generation, state, media_type, encoding)
                    return Reply(304, tuple(h for h in told if h[0] not in _OF_A_BODY), b"")
        return None


async def _written(kept: Kept, media_type: str, encoding: str | None) -> Reply:
    body = kept.answer.body
    if encoding is not None:
        if len(body) < MIN_BYTES:
            encoding = None
        elif len(body) < IN_THREAD_BYTES:
            body = encode(body, encoding)
        else:
            body = await asyncio.to_thread(encode, body, encoding)
    headers = _headers(kept.answer.generation, kept.state, media_type, encoding)
    return Reply(200, (*headers, (b"content-length", b"%d" % len(body))), body)


def _listed(given: bytes | None, value: bytes) -> bytes:
    return value if given is None else given + b", " + value


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


@lru_cache(maxsize=256)
def _headers(
    generation: int | None, state: State | None, media_type: str, encoding: str | None
) -> Headers:
    """Return the headers that tell of an answer; without its *state* it may be another next time.

    ``Cache-Control: no-cache``, which is among those of all answers, lets anybody keep the answer,
    and ask each time whether it still holds, which costs the server nothing.
    """
    headers = {
        "content-type": by_media_type(media_type).content_type,
        "vary": "Accept, Accept-Encoding",
    }
    if generation is not None:
        headers["generation"] = str(generation)
    if state is not None:
        headers["etag"] = etag(state, media_type, encoding)
    if encoding is not None:
        headers["content-encoding"] = encoding
    told = ((name.encode(), value.encode("latin-1")) for name, value in headers.items())
    return (*READING_HEADERS, *told)
