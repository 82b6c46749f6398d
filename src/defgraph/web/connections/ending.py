"""How the server ends: what it has begun it finishes, and it begins nothing new.

The first SIGTERM or SIGINT stops it from taking connections; ``/readyz`` says so on those there
are, and each request on them is the last of its connection. When none is left, or the time is over,
the store ends, and with it every process. A second signal ends the process at once, but for what
would be left behind; a third does not wait for that either.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, cast

import uvicorn

from defgraph.web.connections.http11 import Http11
from defgraph.web.readiness import Readiness

GRACE_S: Final = 5.0
"""What requests have beyond the deadline of a query, to be answered in."""

_LOOK_EVERY_S: Final = 0.05
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


class EndingServer(uvicorn.Server):
    """A server that ends within *longest_s* of being told to, after *notice_s* of saying so.

    Before it ends *at_once*, it does what is to be done then.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        readiness: Readiness,
        *,
        longest_s: float,
        notice_s: float,
        at_once: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(config)
        self._readiness = readiness
        self._longest_s, self._notice_s = longest_s, notice_s
        self._at_once = at_once

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals end the server; that it was told to is no failure of the process."""
        former = {each: signal.signal(each, self.handle_exit) for each in _SIGNALS}
        try:
            yield
        finally:
            for each, handler in former.items():
                signal.signal(each, handler)

    def handle_exit(self, _signal: int, _frame: FrameType | None) -> None:
        """Begin to end; the next signal ends it at once."""
        for each in _SIGNALS:
            signal.signal(each, self._end_at_once)
        self._readiness.is_ending = True
        self.should_exit = True
        # Not logged here: what is being logged may be what the signal interrupts.

    def _end_at_once(self, number: int, _frame: FrameType | None) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        try:
            if self._at_once is not None:
                self._at_once()
        finally:
            os.kill(os.getpid(), number)  # so that its parent sees what ended it

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what has been asked, and end the application."""
        _log.info("ending: no connection is taken any more, and what was asked is answered")
        if self._notice_s:
            await asyncio.sleep(self._notice_s)
        for server in self.servers:
            server.close()
        for each in sockets or ():
            each.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._longest_s):
                await self._until_answered()
        busy = [each for each in self._connections if not each.is_idle]
        if busy:
            _log.warning("ending: %d requests are not answered in time", len(busy))
        for connection in self._connections:
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await self.lifespan.shutdown()

    async def _until_answered(self) -> None:
        for connection in self._connections:
            connection.shutdown()
        while not all(each.is_idle for each in self._connections):
            await _a_moment()
        for connection in self._connections:
            connection.transport.close()
        while self._connections:  # what they were answered is on its way
            await _a_moment()

    @property
    def _connections(self) -> list[Http11]:
        return [cast(Http11, each) for each in self.server_state.connections]


async def _a_moment() -> None:
    await asyncio.sleep(_LOOK_EVERY_S)
