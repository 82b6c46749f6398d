"""A store that has every query answered by a worker process, and outlives what they do to it.

See the picture in :mod:`defgraph.store`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import os
import secrets
import signal
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import asdict
from io import BufferedRandom
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

import pyoxigraph as ox

from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.errors import (
    ConnectionNeededError,
    DeadlineExceededError,
    DefgraphError,
    MemoryExceededError,
    QueryCrashedError,
    QueryError,
    StoreBusyError,
    StoreError,
    UnwritableFileError,
)
from defgraph.store import wire
from defgraph.store.channels import Ask, Worker
from defgraph.store.following import LOOK_EVERY_S, Look, look_at
from defgraph.store.lineage import Zygote
from defgraph.store.protocol import Answer, FormatChoice, Outcome, Published, Refused, State
from defgraph.store.writing import RETRY_AFTER_S, Writes

PATIENCE_S: Final = 0.02
"""A query that takes longer is an old one: nothing waits behind it at its worker."""

DEPTH: Final = 4
"""So many queries are sent to a worker ahead, while it is quick with each."""

DEATHS: Final = 2
"""So many workers may die of something else while they have a query, before it gets the blame."""

_NOT_OF_ITSELF: Final = (None, -signal.SIGKILL)  # with its zygote; by somebody's hand
_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 5.0

_log = logging.getLogger(__name__)


class ForkedStore(Writes):
    """A dataset in the memory of a zygote, asked through workers that are forked from it.

    Use it as ``async with ForkedStore(dataset) as store``, within one event loop. With a *folder*
    it is what the store there holds, and *dataset* is only what an empty one begins with; without
    one, what is written is gone when it is closed. One that *follows* takes over what another
    process writes there. *workers* of None are one a core and a spare;
    *max_waiting* queries wait beyond those sent to workers.
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
        super().__init__(limits or Limits(), is_writable=is_writable, max_waiting=max_waiting)
        self._temporary: TemporaryDirectory[str] | None = None
        if is_writable and folder is None:
            self._temporary = TemporaryDirectory(prefix="defgraph-")
            folder = Path(self._temporary.name)
        self._setup = {
            "profile": asdict(profile or Profile()),
            "limits": asdict(self._limits),
            "allow_unconfined": allow_unconfined,
            "folder": None if folder is None else str(folder.resolve()),
            "follows": follows,
            "generation": generation,
        }
        self._max_reply_bytes = max(self._limits.max_result_bytes, self._limits.max_patch_bytes)
        self._number_of_workers = workers or (os.cpu_count() or 1) + 1
        self._dataset = _in_memory_file()  # outside of this process's heap
        (dataset or ox.Store()).dump(self._dataset, ox.RdfFormat.N_QUADS)
        self._dataset.flush()
        self._dataset.seek(0)
        digest = hashlib.file_digest(self._dataset, "sha256").hexdigest()
        self._setup["id"] = f"urn:sha256:{digest}"
        self._zygote: Zygote | None = None  # the one that holds this state
        self._zygotes: set[Zygote] = set()  # and those whose last queries are not answered yet
        self._workers: list[Worker] = []  # that take queries
        self._leaving: set[Worker] = set()  # that have queries of an earlier state to answer
        self._waiting: deque[Ask] = deque()
        self._sent_out: set[Ask] = set()  # to workers of their own, which may ask other endpoints
        self._is_watching = self._is_closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._reviving: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._not_followed: tuple[str, ...] = ()  # why it is behind what it follows, if it is
        self._last_death = -math.inf

    async def start(self) -> None:
        """Start the zygote and its workers, unless they are; raises StoreError."""
        if self._zygote is None:
            zygote = await self._launch()
            for damage in zygote.damages:
                _log.error("%s", damage)
            if self._setup["folder"] is not None:  # from now on that is what to begin with
                self._dataset.truncate(0)
            self._adopt(zygote)
            if self._setup["follows"]:
                self._following = self._spawn(self._follow(Path(str(self._setup["folder"]))))

    @property
    def state(self) -> State | None:
        """What the newest zygote holds; None while there is no zygote."""
        return self._zygote.state if self._zygote is not None else None

    @property
    def damages(self) -> tuple[str, ...]:
        """What is damaged of the store on disk, and what is lost by it."""
        of_zygote = self._zygote.damages if self._zygote is not None else ()
        return of_zygote + self._not_followed

    async def close(self) -> None:
        """End every process of this store; queries that are not answered yet fail."""
        self._is_closed = True
        await asyncio.gather(*self._writes, return_exceptions=True)
        workers = [*self._workers, *self._leaving]
        self._fail([*self._waiting, *chain.from_iterable(each.in_flight for each in workers)])
        self._waiting.clear()
        for task in (self._reviving, self._following):
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(zygote.end() for zygote in self._zygotes))
        self._dataset.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
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
        encoded = self._limits.encoded(text)
        return await self._ask(wire.question(encoded, accept, default_graphs, named_graphs))

    async def _ask(self, question: bytes) -> Answer:
        if self._is_closed:
            raise StoreError("it is closed")
        ask = Ask(question, asyncio.get_running_loop().create_future())
        if not self._send(ask):
            self._queue(ask)
        return await ask.answered

    # -- Writes ----------------------------------------------------------------------------------

    async def _publish(self, found: Answer, *, author: str, message: str) -> Outcome:
        """Have a fork of the zygote make the write, and every query go to it from then on."""
        former = self._zygote
        if former is None or former.state.generation != found.generation:
            raise StoreError("it was opened anew meanwhile, and nothing has changed; write again")
        with _in_memory_file() as file:
            file.write(found.body)
            file.seek(0)
            successor = former.succeed({"author": author, "message": message}, file.fileno())
            try:
                async with asyncio.timeout(self._limits.timeout_s):
                    await successor.has_become()
            except (DefgraphError, TimeoutError) as error:
                await successor.kill()
                await successor.end()
                if successor.may_have_written and not isinstance(error, UnwritableFileError):
                    return await self._look_at_the_disk(former)
                if isinstance(error, DefgraphError):
                    raise
                raise DeadlineExceededError(self._limits.timeout_s) from error
            if successor.has_refused:
                file.seek(0)
                return Refused(**json.load(file))
        self._adopt(successor)
        return Published(successor.state.generation, *successor.made)

    async def _look_at_the_disk(self, former: Zygote) -> Outcome:
        """Begin anew with what the log holds, since a writer ended and did not say how far it came.

        Nobody else writes to it: if there is a newer generation, it is that writer's.
        """
        _log.error("a write ended unexpectedly; opening the store anew")
        await former.kill()
        if self._reviving is not None:
            await asyncio.wait({self._reviving})
        if self._zygote is None or self._zygote.state.generation == former.state.generation:
            raise StoreError("the process that made this write ended; nothing has changed")
        return Published(self._zygote.state.generation, *self._zygote.made)

    async def _follow(self, folder: Path) -> None:
        """Catch up with whoever writes to *folder*, again and again."""
        seen: Look | None = None
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._zygote is None:
                continue
            look = look_at(folder, self._zygote.state.generation)
            if look != seen:
                seen = look
                await self._catch_up(self._zygote)

    async def _catch_up(self, former: Zygote) -> None:
        """Go on to the newest generation; where what is there is another history, open that."""
        newest = former.succeed({})
        self._not_followed = ()
        try:
            await newest.has_become()
        except DefgraphError as error:
            await newest.end()
            try:
                newest = await self._launch()
            except DefgraphError as damage:
                self._not_followed = (str(damage),)
                _log.error("%s", damage)
                return
            if newest.state == former.state:
                self._not_followed = (str(error),)
            _log.warning("%s; opened anew at generation %s", error, newest.state.generation)
        if former is not self._zygote or newest.state == former.state:
            await newest.end()
        else:
            self._adopt(newest)

    # -- What becomes of zygotes and workers (see channels.Owner) --------------------------------

    def on_ready(self, worker: Worker) -> None:
        """Have it work on what waits."""
        if worker.errand is not None and worker.errand.is_awaited:
            self._leaving.add(worker)
            worker.send(worker.errand)
            self._watch_soon()
        elif worker.zygote is self._zygote:
            self._workers.append(worker)
            self._feed(worker)
        else:
            worker.dismiss()

    def on_reply(self, worker: Worker, ask: Ask | None, reply: wire.Reply) -> None:
        """Hand the reply to whoever waits for it, and the next query to the worker."""
        if ask is not None and ask.is_awaited:
            if isinstance(reply.outcome, Answer):
                ask.answered.set_result(reply.outcome)
            elif isinstance(reply.outcome, ConnectionNeededError):
                self._send_out(ask)
            else:
                ask.answered.set_exception(reply.outcome)
        if worker.dismissed:
            return
        if reply.worn or (worker in self._leaving and not worker.in_flight):
            self._replace(worker)
        elif worker not in self._leaving:
            self._feed(worker)

    def on_end(self, worker: Worker) -> None:
        """Say what its query died of, ask the others again, and have a new worker."""
        self._remove(worker)
        head, *behind = worker.in_flight or [worker.errand]
        if head is not None and head.is_awaited:
            if worker.status in _NOT_OF_ITSELF and head.deaths < DEATHS:
                head.deaths += 1
                self._ask_again([head])
            else:
                head.answered.set_exception(self._cause_of_death(worker))
        self._ask_again(behind)
        if worker.status is not None and worker.zygote is self._zygote and worker.errand is None:
            if head is None:
                _log.error("worker %s ended by itself, with status %s", worker.pid, worker.status)
                self._hire_after_a_death(worker.zygote)
            else:
                self._hire(worker.zygote)

    def on_zygote_end(self, zygote: Zygote) -> None:
        """Start another with the same dataset."""
        self._spawn(zygote.end())
        self._zygotes.discard(zygote)
        if zygote is self._zygote and not self._is_closed:
            _log.error("zygote %s ended; starting another", zygote.pid)
            self._zygote = None
            self._workers.clear()
            self._reviving = self._spawn(self._revive())

    # -- Zygotes ---------------------------------------------------------------------------------

    async def _launch(self) -> Zygote:
        zygote = Zygote(self, max_reply_bytes=self._max_reply_bytes)
        zygote.execute()
        # A file descriptor of its own, to read from the beginning.
        nquads = os.open(f"/proc/self/fd/{self._dataset.fileno()}", os.O_RDONLY)
        try:
            await zygote.prepare(self._setup, [nquads])
        except BaseException:
            await zygote.end()
            raise
        finally:
            os.close(nquads)
        if zygote.means != "seccomp":
            _log.warning("workers are confined by %s", zygote.means)
        return zygote

    def _adopt(self, zygote: Zygote) -> None:
        """Let every query from now on be answered by *zygote*'s workers."""
        former, self._zygote = self._zygote, zygote
        self._zygotes.add(zygote)
        self._leaving.update(worker for worker in self._workers if worker.in_flight)
        self._workers.clear()
        for _ in range(self._number_of_workers):
            zygote.hire()
        if former is not None:
            former.give_way()
            self._retire(former)

    def _retire(self, zygote: Zygote) -> None:
        """End a former zygote once the last query that it got is answered."""
        is_asked = any(worker.zygote is zygote for worker in self._leaving)
        if zygote in self._zygotes and zygote is not self._zygote and not is_asked:
            self._zygotes.discard(zygote)
            self._spawn(zygote.end())

    async def _revive(self) -> None:
        pause_s = 0.0
        while not self._has_zygote():
            await asyncio.sleep(pause_s)
            try:
                zygote = await self._launch()
            except DefgraphError as error:
                if self._has_zygote():
                    return  # a write made another meanwhile
                _log.error("no zygote: %s", error)
                self._fail(self._waiting)
                self._waiting.clear()
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2 + _PAUSE_S)
            else:
                self._adopt(zygote)

    def _has_zygote(self) -> bool:
        return self._zygote is not None

    # -- Queries ---------------------------------------------------------------------------------

    def _send(self, ask: Ask) -> bool:
        """Send it to an idle worker, or to one that is quick; False if there is none."""
        now = asyncio.get_running_loop().time()
        best: Worker | None = None
        for worker in self._workers:
            depth = len(worker.in_flight)
            if depth == 0:
                best = worker
                break
            if (
                depth < DEPTH
                and now - worker.head_since < PATIENCE_S
                and (best is None or depth < len(best.in_flight))
            ):
                best = worker
        if best is None:
            return False
        best.send(ask)
        self._watch_soon()
        return True

    def _queue(self, ask: Ask) -> None:
        if len(self._waiting) >= self._max_waiting:
            self._waiting = deque(each for each in self._waiting if each.is_awaited)
        if len(self._waiting) >= self._max_waiting:
            raise StoreBusyError(RETRY_AFTER_S)
        self._waiting.append(ask)

    def _send_out(self, ask: Ask) -> None:
        """Have a worker of its own answer it, which may ask other endpoints."""
        if self._zygote is None:
            self._fail([ask])
        elif len(self._sent_out - {ask}) >= self._number_of_workers:
            ask.answered.set_exception(StoreBusyError(RETRY_AFTER_S))
        else:
            self._sent_out.add(ask)
            ask.answered.add_done_callback(lambda _: self._sent_out.discard(ask))
            self._zygote.hire(ask)

    def _feed(self, worker: Worker) -> None:
        while self._waiting and len(worker.in_flight) < DEPTH:
            ask = self._waiting.popleft()
            if ask.is_awaited:
                worker.send(ask)
                self._watch_soon()

    def _ask_again(self, asks: Iterable[Ask | None]) -> None:
        """Ask elsewhere what did not get its turn; what waited longest goes before the rest."""
        for ask in reversed([each for each in asks if each is not None and each.is_awaited]):
            if not self._send(ask):
                self._waiting.appendleft(ask)

    def _fail(self, asks: Iterable[Ask | None]) -> None:
        for ask in asks:
            if ask is not None and ask.is_awaited:
                ask.answered.set_exception(StoreError("it cannot answer now; ask again later"))

    def _cause_of_death(self, worker: Worker) -> QueryError:
        if worker.status == -signal.SIGABRT:  # how the engine ends when it gets no memory
            return MemoryExceededError(self._limits.memory_mb)
        error = QueryCrashedError(secrets.token_hex(8))
        _log.error("%s: worker %s, status %s", error.query_id, worker.pid, worker.status)
        return error

    # -- Workers ---------------------------------------------------------------------------------

    def _hire(self, zygote: Zygote) -> None:
        if zygote is self._zygote:
            zygote.hire()

    def _hire_after_a_death(self, zygote: Zygote) -> None:
        """Hire for a worker that died of nothing, but not all the time if that goes on."""
        loop = asyncio.get_running_loop()
        pause_s = _PAUSE_S if loop.time() - self._last_death < _PAUSE_S else 0
        self._last_death = loop.time()
        loop.call_later(pause_s, self._hire, zygote)

    def _replace(self, worker: Worker) -> None:
        """End a worker that nobody waits for any longer, but for those behind its head."""
        worker.dismiss()
        self._remove(worker)
        if worker.errand is None:
            self._hire(worker.zygote)
        self._ask_again(worker.in_flight)

    def _remove(self, worker: Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
        self._leaving.discard(worker)
        self._retire(worker.zygote)

    def _watch_soon(self) -> None:
        if not self._is_watching:
            self._is_watching = True
            asyncio.get_running_loop().call_later(PATIENCE_S, self._watch)

    def _watch(self) -> None:
        """Look at what each worker has at its head, again and again while there is anything."""
        self._is_watching = False
        now = asyncio.get_running_loop().time()
        for worker in [*self._workers, *self._leaving]:
            if not worker.in_flight:
                continue
            self._watch_soon()
            age_s = now - worker.head_since
            head, *behind = worker.in_flight
            if head is None or not head.is_awaited:
                if age_s > PATIENCE_S:  # a quick query is cheaper than a new worker
                    self._replace(worker)
            elif age_s > self._limits.timeout_s:
                head.answered.set_exception(DeadlineExceededError(self._limits.timeout_s))
                self._replace(worker)
            elif age_s > PATIENCE_S and any(behind):
                worker.in_flight = deque([head, *[None] * len(behind)])
                self._ask_again(behind)

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _in_memory_file() -> BufferedRandom:
    return os.fdopen(os.memfd_create("defgraph"), "w+b")
