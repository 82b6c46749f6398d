"""Writes, as the web process sees them: one after the other, each found out, then published."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from defgraph.engine.limits import Limits
from defgraph.engine.writes import Task
from defgraph.errors import QuerySyntaxError, ReadOnlyError, StoreBusyError, UploadTooLargeError
from defgraph.store import wire
from defgraph.store.protocol import Answer, Outcome, Unchanged

RETRY_AFTER_S = 1


class Writes(ABC):
    """The writing half of :class:`defgraph.store.protocol.WritableStore`.

    A worker finds out what a write changes, under the limits of a query; then it is published. A
    caller that is cancelled does not stop a write that has had its turn.
    """

    def __init__(self, limits: Limits, *, is_writable: bool, max_waiting: int) -> None:
        self._limits = limits
        self._is_writable = is_writable
        self._max_waiting = max_waiting
        self._turn = asyncio.Lock()
        self._writes: set[asyncio.Task[Any]] = set()

    @abstractmethod
    async def _ask(self, question: bytes) -> Answer:
        """Have a worker answer."""

    @abstractmethod
    async def _publish(self, found: Answer, *, author: str, message: str) -> Outcome:
        """Make the next generation of the one that a worker *found* a patch for."""

    async def update(
        self,
        text: str,
        *,
        author: str,
        message: str = "",
        using_graphs: Sequence[str] | None = None,
        using_named_graphs: Sequence[str] | None = None,
    ) -> Outcome:
        """Do a SPARQL update: see :meth:`defgraph.store.protocol.WritableStore.update`."""
        try:
            body = text.encode()
        except UnicodeEncodeError as error:
            raise QuerySyntaxError("The update holds a lone surrogate; that is no text") from error
        task = Task(
            "update", body, using_graphs=using_graphs, using_named_graphs=using_named_graphs
        )
        return await self._write(task, author, message or "Update")

    async def read_graph(self, graph: str | None, *, media_type: str) -> Answer:
        """Return a graph: see :meth:`defgraph.store.protocol.WritableStore.read_graph`."""
        return await self._ask(wire.task(Task("read", graph=graph, media_type=media_type)))

    async def replace_graph(
        self, graph: str | None, body: bytes, media_type: str, *, author: str
    ) -> Outcome:
        """Replace a graph: see :meth:`defgraph.store.protocol.WritableStore.replace_graph`."""
        task = Task("replace", body, graph, media_type)
        return await self._write(task, author, f"Replace {_named(graph)}")

    async def add_to_graph(
        self, graph: str | None, body: bytes, media_type: str, *, author: str
    ) -> Outcome:
        """Add to a graph: see :meth:`defgraph.store.protocol.WritableStore.add_to_graph`."""
        task = Task("add", body, graph, media_type)
        return await self._write(task, author, f"Add to {_named(graph)}")

    async def delete_graph(self, graph: str | None, *, author: str) -> Outcome:
        """Delete a graph: see :meth:`defgraph.store.protocol.WritableStore.delete_graph`."""
        return await self._write(Task("delete", graph=graph), author, f"Delete {_named(graph)}")

    async def _write(self, task: Task, author: str, message: str) -> Outcome:
        if not self._is_writable:
            raise ReadOnlyError
        if len(task.body) > self._limits.max_upload_bytes:
            raise UploadTooLargeError(self._limits.max_upload_bytes)
        if len(self._writes) > self._max_waiting:
            raise StoreBusyError(RETRY_AFTER_S)
        writing = asyncio.ensure_future(self._in_turn(task, author, message))
        self._writes.add(writing)
        writing.add_done_callback(self._writes.discard)
        return await asyncio.shield(writing)

    async def _in_turn(self, task: Task, author: str, message: str) -> Outcome:
        async with self._turn:
            found = await self._ask(wire.task(task))
            if not found.body:
                return Unchanged(found.generation or 0)
            return await self._publish(found, author=author, message=message)


def _named(graph: str | None) -> str:
    return "the default graph" if graph is None else f"<{graph}>"
