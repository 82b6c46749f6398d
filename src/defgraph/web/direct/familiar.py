"""Queries by GET with a header that came before: understood without reading the header again.

The requests of one client differ in their target and in nothing else. What a header says is read
once, by the same parser and the same application as that of any request; it is remembered by its
bytes, and by the address that sent them, since what is believed of a header depends on that. A
request that is a known target, HTTP/1.1, and the very bytes of such a header says the same again.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import partial
from typing import Final, NamedTuple

from starlette.types import Scope

from defgraph.web.replies import Wishes
from defgraph.web.telemetry.journal import has_given_id

MAX_KNOWN: Final = 1024
MAX_BYTES: Final = 2048
"""So many headers are known, and none that is longer: together they take a few megabytes."""

_REQUEST: Final = re.compile(rb"GET /sparql\?([!-\"$-~]*) HTTP/1\.1\r\n")
_END: Final = b"\r\n\r\n"
_LEARN: Final = "defgraph.learn"
_OF_MORE_THAN_A_HEADER: Final = frozenset(
    {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"te", b"trailer"}
)


class Header(NamedTuple):
    """What a header says: what is wished of the answer, and the *scope* of all requests with it."""

    wishes: Wishes
    scope: Scope


class Request(NamedTuple):
    """A query by GET, whole and nothing beyond, and the place where its header is known, if it is.

    *in_url* is what its URL has after the question mark.
    """

    in_url: bytes
    key: tuple[str, bytes]


def request_in(data: bytes, host: str) -> Request | None:
    """Return the request that *data*, which came at once, may be; None for any other."""
    line = _REQUEST.match(data)
    if line is None or b"query=" not in line[1]:
        return None
    fields = data[line.end() :]
    return Request(line[1], (host, fields)) if len(fields) <= MAX_BYTES else None


class Familiar:
    """The headers that are known; the one that was not seen for longest is forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, bytes], Header] = OrderedDict()

    def header(self, request: Request) -> Header | None:
        """Return what the header of *request* says, if it is known."""
        found = self._known.get(request.key)
        if found is not None:
            self._known.move_to_end(request.key)
        return found

    def offer(self, request: Request, scope: Scope) -> None:
        """Let whoever answers the request of *scope*, which was parsed out of it, teach its header.

        *request* came at once, nothing of another one came with it, and its connection stays open.
        """
        _, fields = request.key
        if fields.find(_END) == len(fields) - len(_END):
            scope[_LEARN] = partial(self._learn, request.key)

    def _learn(self, key: tuple[str, bytes], header: Header) -> None:
        self._known[key] = header
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)


def learn(scope: Scope, wishes: Wishes) -> None:
    """Remember the header of a query by GET, where its connection offered that.

    A header that announces a body, asks to be told to go on, or gives the request a name of its own
    is read each time.
    """
    teach = scope.pop(_LEARN, None)
    if teach is not None and not has_given_id(scope):
        names = {name for name, _ in scope["headers"]}
        if not names & _OF_MORE_THAN_A_HEADER:
            teach(Header(wishes, {**scope}))
