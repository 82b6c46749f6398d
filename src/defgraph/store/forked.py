"""A store that has every query answered by a worker process, and outlives what they do to it.

See the picture in :mod:`defgraph.store`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pyoxigraph as ox

from defgraph.engine.answering import PATCH
from defgraph.engine.limits import Limits
from defgraph.engine.outcomes import Outcome, Published, Unchanged
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.errors import (
    NoDumpsError,
    ReadOnlyError,
    StoreBusyError,
    StoreError,
    UploadTooLargeError,
)
from defgraph.negotiation import FormatChoice
from defgraph.store.dispatch import MAX_WAIT, RETRY_AFTER_S
from defgraph.store.following import Follower
from defgraph.store.protocol import Answer, Condition, Dumped, Load, State
from defgraph.store.supervision import Supervisor


class ForkedStore:
    """A dataset in the memory of a zygote, asked through workers that are forked from it.

    Use it as ``async with ForkedStore(dataset) as store``, within one event loop. With a *folder*
    it is what the store there holds, and *dataset* is only what an empty one begins with; without
    one, what is written is gone when it is closed. One that *follows* takes over what another
    process writes there. *workers* of None are one a core and a spare; *max_waiting*
    queries wait beyond those sent to workers, and so many writes.

    Writes are done one after the other: a worker finds out what each changes, under the limits of
    a query; then it is published. One waits for its turn no longer than a query waits. A caller
    that is cancelled does not stop a write that has had its turn.
    """

    def __init__(  # noqa: PLR0913 - each has its default
        self,
        dataset: ox.Store | None = None,
        *,
        folder: Path | None = None,
        is_writable: bool = False,
        follows: bool = False,
        profile: Profile | None = None,
        generation: int = 1,
        limits: Limits | None = None,
        workers: int | None = None,
        max_waiting: int = 64,
        allow_unconfined: bool = False,
    ) -> None:
        self._limits = limits or Limits()
        self.is_writable = is_writable
        self.profile = profile or Profile()
        self._max_waiting = max_waiting
        self._temporary: TemporaryDirectory[str] | None = None
        if is_writable and folder is None:
            self._temporary = TemporaryDirectory(prefix="defgraph-", ignore_cleanup_errors=True)
            folder = Path(self._temporary.name)
        self._supervisor = Supervisor(
            dataset or ox.Store(),
            {
                "profile": asdict(self.profile),
                "limits": asdict(self._limits),
                "allow_unconfined": allow_unconfined,
                "folder": None if folder is None else str(folder.resolve()),
                "follows": follows,
                "generation": generation,
            },
            limits=self._limits,
            workers=workers or (os.cpu_count() or 1) + 1,
            max_waiting=max_waiting,
        )
        self._follower: Follower | None = None
        if folder is not None and follows:
            self._follower = Follower(folder, self._supervisor)
        self._turn = asyncio.Lock()
        self._writes: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    async def start(self) -> None:
        """Start the zygote and its workers, unless they are; raises StoreError."""
        await self._supervisor.start()
        if self._follower is not None:
            self._follower.start()

    @property
    def state(self) -> State | None:
        """What the newest zygote holds; None while there is no zygote."""
        zygote = self._supervisor.zygote
        return zygote.state if zygote is not None else None

    @property
    def damages(self) -> tuple[str, ...]:
        """What is damaged of the store on disk, and what is lost by it."""
        zygote = self._supervisor.zygote
        of_zygote = zygote.damages if zygote is not None else ()
        return of_zygote + (self._follower.faults if self._follower is not None else ())

    @property
    def load(self) -> Load:
        """What it has to do now."""
        return replace(self._supervisor.dispatcher.load, writes=len(self._writes))

    async def close(self) -> None:
        """End every process of this store; queries that are not answered yet fail."""
        self._is_closed = True
        await asyncio.gather(*self._writes, return_exceptions=True)
        if self._follower is not None:
            await self._follower.stop()
        await self._supervisor.close()
        self.discard()

    def discard(self) -> None:
        """Remove the folder that is of this store alone, if it has one; it cannot go on then."""
        if self._temporary is not None:
            self._temporary.cleanup()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def query(
        self,
        text: str,
        *,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a query: see :meth:`defgraph.store.protocol.Store.query`.

        Besides raises DeadlineExceededError, MemoryExceededError and QueryCrashedError, and
        StoreBusyError when too many queries wait. Cancelling it ends the query's evaluation.
        """
        body = self._limits.encoded(text)
        return await self.ask(Task("query", body, (), None, accept, default_graphs, named_graphs))

    async def ask(self, task: Task) -> Answer:
        """Do a task that changes nothing: see :meth:`defgraph.store.protocol.OwnStore.ask`."""
        answer, _ = await self._timed(task)
        return answer

    async def write(
        self, task: Task, *, author: str, message: str = "", condition: Condition | None = None
    ) -> Outcome:
        """Change the dataset: see :meth:`defgraph.store.protocol.WritableStore.write`."""
        if not self.is_writable:
            raise ReadOnlyError
        if task.size > self._limits.max_upload_bytes:
            raise UploadTooLargeError(self._limits.max_upload_bytes)
        if len(self._writes) > self._max_waiting:
            raise StoreBusyError(RETRY_AFTER_S)
        writing = asyncio.ensure_future(
            self._in_turn(task, author, message or task.title, condition)
        )
        self._writes.add(writing)
        writing.add_done_callback(self._writes.discard)
        return await asyncio.shield(writing)

    async def dump(self, files: Mapping[str, int]) -> Dumped:
        """Write dumps: see :meth:`defgraph.store.protocol.DumpableStore.dump`."""
        if self._is_closed:
            raise StoreError("it is closed")
        if self.profile.dumper is None:
            raise NoDumpsError
        return await self._supervisor.dump(files)

    async def _timed(self, task: Task) -> tuple[Answer, float]:
        if self._is_closed:
            raise StoreError("it is closed")
        return await self._supervisor.dispatcher.ask(task)

    async def _in_turn(
        self, task: Task, author: str, message: str, condition: Condition | None
    ) -> Outcome:
        async with self._my_turn():
            exists = True
            if task.graph is not None or condition is not None:
                exists = bool((await self.ask(Task("exists", graph=task.graph))).body)
            if condition is not None:
                if self.state is None:
                    raise StoreError("it cannot be told what it holds now; write again")
                condition.check(self.state, exists=exists)
            found, took_s = await self._timed(task)
            if found.media_type != PATCH:
                return Unchanged(found.generation or 0, found.body.decode() or None)
            outcome = await self._supervisor.publish(
                found, author=author, message=message, took_s=took_s
            )
            if isinstance(outcome, Published) and not exists:
                return replace(outcome, is_new=True)
            return outcome

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(MAX_WAIT * self._limits.timeout_s):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StoreBusyError(RETRY_AFTER_S) from error
        try:
            yield
        finally:
            self._turn.release()
