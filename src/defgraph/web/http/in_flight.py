"""What clients have the server hold at once: bodies that they send, answers that they do not read.

One body and one answer have their limits, and so has the number of connections; but as many of the
longest as there are connections would be more than the memory that there is. So all of them have a
limit together. A body that goes beyond it is refused, and so is a long answer; but before that is,
those who read theirs slowly make room.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, Protocol, cast

from defgraph.web.http.refusals import TooMuchInFlightError

SLOW_AFTER_S: Final = 1.0
SLOW_RATE: Final = 100_000
"""Who took more than a second, and reads fewer bytes a second, makes room for others."""

_CLAIM: Final = "defgraph.claim"
_HELD: Final = "defgraph.held"


class Reader(Protocol):
    """A connection whose client has not read all that it was answered."""

    def unsent_bytes(self) -> int:
        """Return how much it has not read."""

    def rate(self, now: float) -> float | None:
        """Return the bytes a second at which it reads; None while that cannot be told."""

    def leave(self) -> None:
        """Send it nothing more."""


class InFlight:
    """What is held, up to *max_bytes*; but one request alone may have more."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.claimed_bytes = 0  # by requests that are being answered
        self.readers: set[Reader] = set()

    def has_room(self, size: int) -> bool:
        """Tell whether *size* bytes more may be held."""
        held = self.claimed_bytes + sum(each.unsent_bytes() for each in self.readers)
        return held == 0 or held + size <= self.max_bytes

    def make_room(self, size: int) -> bool:
        """Tell the same, after the slowest readers were left if that helps."""
        now = time.monotonic()
        rates = {each: rate for each in self.readers if (rate := each.rate(now)) is not None}
        for each in sorted(rates, key=rates.__getitem__):
            if rates[each] >= SLOW_RATE or self.has_room(size):
                break
            each.leave()
            self.readers.discard(each)
        return self.has_room(size)


class Claim:
    """What one request has of it, until it is answered."""

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._bytes = 0

    def body(self, size: int) -> None:
        """Have so many bytes more of a body; raises TooMuchInFlightError."""
        self._take(size, has_room=self._in_flight.has_room(size))

    def answer(self, size: int) -> None:
        """Have an answer of so many bytes; raises TooMuchInFlightError."""
        self._take(size, has_room=self._in_flight.has_room(size) or self._in_flight.make_room(size))

    def release(self) -> None:
        """Have nothing more: what is unsent of the answer counts as its connection's."""
        self._in_flight.claimed_bytes -= self._bytes
        self._bytes = 0

    @property
    def _is_alone(self) -> bool:
        in_flight = self._in_flight
        return in_flight.claimed_bytes == self._bytes and not in_flight.readers

    def _take(self, size: int, *, has_room: bool) -> None:
        if not has_room and not self._is_alone:
            raise TooMuchInFlightError(self._in_flight.max_bytes)
        self._bytes += size
        self._in_flight.claimed_bytes += size


def give_claim(scope: MutableMapping[str, Any], in_flight: InFlight) -> Claim:
    """Have what a request holds counted, which whoever answers it finds by `claim_of`."""
    claim = scope[_CLAIM] = Claim(in_flight)
    return claim


def holds_at_most(scope: MutableMapping[str, Any], size: int) -> None:
    """Say of the answer to a request that no more of it is held at once, however long it is."""
    scope[_HELD] = size


def held_of(scope: Mapping[str, Any], length: int) -> int:
    """Return how much of an answer of *length* bytes is held at once."""
    return min(length, int(scope.get(_HELD, length)))


def claim_of(scope: Mapping[str, Any]) -> Claim | None:
    """Return what a request has; None where nobody counts."""
    return cast(Claim | None, scope.get(_CLAIM))
