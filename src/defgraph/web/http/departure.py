"""A client that goes away ends its query: nobody computes for somebody who no longer listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.types import Receive

from defgraph.errors import DefgraphError
from defgraph.negotiation import FormatChoice
from defgraph.store.protocol import Answer, State, Store

T = TypeVar("T")

NOTICED_AFTER_S: Final = 0.1
"""A query that is answered sooner is not worth watching its client."""


class ClientGoneError(DefgraphError):
    """The client closed the connection before its answer was there; nobody will read this."""

    def __init__(self) -> None:
        super().__init__("The client went away before the answer was there")


class StoreForRequest:
    """The store, as one request sees it: the request's end cancels its queries."""

    def __init__(self, store: Store, request: Request) -> None:
        self._store, self._request = store, request

    @property
    def state(self) -> State | None:
        """The store's."""
        return self._store.state

    async def start(self) -> None:
        """Do nothing: the store is the application's to start."""

    async def close(self) -> None:
        """Do nothing: the store is the application's to close."""

    async def query(
        self,
        text: str,
        *,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Ask the store; raises ClientGoneError besides what that raises."""
        return await while_present(
            self._request.receive,
            self._store.query(
                text, accept=accept, default_graphs=default_graphs, named_graphs=named_graphs
            ),
        )


async def while_present(receive: Receive, answering: Awaitable[T]) -> T:
    """Wait for *answering* as long as the client does; raises ClientGoneError when it goes.

    The body of the request has been read, so all that *receive* still tells is that it goes.
    """
    watch = _Watch(receive)
    try:
        return await answering
    except asyncio.CancelledError:
        if watch.has_cancelled:
            raise ClientGoneError from None
        raise
    finally:
        watch.end()


class _Watch:
    """Cancels the task that makes it when the client disconnects."""

    def __init__(self, receive: Receive) -> None:
        self.has_cancelled = False
        self._receive = receive
        self._task = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(NOTICED_AFTER_S, self._begin)

    def end(self) -> None:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()

    def _begin(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self._task is not None:
            self.has_cancelled = True
            self._task.cancel()
            self._task.uncancel()  # it goes on, with an error of ours
