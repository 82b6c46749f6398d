"""How much of the server one client may use: seconds of processing, and errors, a minute.

As Wikidata's query service does it: each client has two buckets, which fill up at a steady rate and
hold what fills them in two minutes. Whoever has emptied one is refused until it fills again. What a
request takes is known when it is answered, so a bucket may hold less than nothing.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from defgraph.web.failures import failure
from defgraph.web.http.headers import HeadersMiddleware, path_in
from defgraph.web.http.refusals import TooManyErrorsError, TooMuchProcessingError

BURST_MINUTES: Final = 2
MAX_CLIENTS: Final = 10_000
"""So many clients are known; who was not seen for longest is forgotten, with a full bucket."""

UNMETERED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Who watches over the server may ask as often as need be."""

_NOT_THE_CLIENTS_FAULT: Final = frozenset({429, 503})


class Buckets:
    """What each client has left of something that comes at *a_minute*."""

    def __init__(self, a_minute: float) -> None:
        self._a_second = a_minute / 60
        self._capacity = a_minute * BURST_MINUTES
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # how much, and when

    def __len__(self) -> int:
        return len(self._left)

    def wait_s(self, client: str, now: float) -> float:
        """Return how long *client* must wait until it has something left; mostly 0."""
        found = self._left.get(client)
        if found is None:
            return 0.0
        left, then = found
        return max(0.0, -left / self._a_second - (now - then))

    def take(self, client: str, amount: float, now: float) -> None:
        """Take *amount* from what *client* has."""
        left, then = self._left.get(client, (self._capacity, now))
        left = min(self._capacity, left + (now - then) * self._a_second) - amount
        self._left[client] = (left, now)
        self._left.move_to_end(client)
        if len(self._left) > MAX_CLIENTS:
            self._left.popitem(last=False)


class RateLimit:
    """Refuses clients that have used up their *seconds* or their *errors* a minute.

    None: there is no such limit. A client is an address; of IPv6, a network of 64 bits, which is
    what one customer has.
    """

    def __init__(self, app: ASGIApp, *, seconds: float | None, errors: float | None) -> None:
        self._app = app
        self._limits = (seconds, errors)
        self.seconds = Buckets(seconds) if seconds is not None else None
        self.errors = Buckets(errors) if errors is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and take what it took; or refuse it."""
        if scope["type"] != "http" or _is_unmetered(scope):
            await self._app(scope, receive, send)
            return
        client = client_of(scope["client"][0] if scope.get("client") else "")
        begun = time.monotonic()
        refusal = self.refusal(client, begun)
        if refusal is not None:
            await HeadersMiddleware(failure(refusal, scope))(scope, receive, send)
            return
        status = 500
        answered: float | None = None

        async def receive_and_wait() -> Message:
            nonlocal begun
            before = time.monotonic()
            message = await receive()
            if message["type"] == "http.request":
                begun += time.monotonic() - before  # we waited for the client, not it for us
            return message

        async def send_and_note(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], time.monotonic()
            await send(message)

        try:
            await self._app(scope, receive_and_wait, send_and_note)
        finally:
            now = time.monotonic() if answered is None else answered
            self.take(client, status, now - begun, now)

    def take(self, client: str, status: int, seconds: float, now: float) -> None:
        """Take what a request took that was answered with *status*."""
        if self.seconds is not None:
            self.seconds.take(client, seconds, now)
        if self.errors is not None and status >= 400 and status not in _NOT_THE_CLIENTS_FAULT:
            self.errors.take(client, 1, now)

    def refusal(
        self, client: str, now: float
    ) -> TooMuchProcessingError | TooManyErrorsError | None:
        """Return why *client* may not ask now; None if it may."""
        seconds, errors = self._limits
        if self.seconds is not None and (wait_s := self.seconds.wait_s(client, now)):
            return TooMuchProcessingError(seconds or 0, ceil(wait_s))
        if self.errors is not None and (wait_s := self.errors.wait_s(client, now)):
            return TooManyErrorsError(errors or 0, ceil(wait_s))
        return None


@lru_cache(maxsize=4096)
def client_of(host: str) -> str:
    """Return by what a client with this address is known."""
    try:
        address = ip_address(host)
    except ValueError:  # a Unix socket has none
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address) >> 64 << 64, 64)))


def _is_unmetered(scope: Scope) -> bool:
    return path_in(scope) in UNMETERED
