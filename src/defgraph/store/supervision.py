"""The zygotes of a store: started, succeeded by one with a write, ended, and replaced if one dies.

See the picture in :mod:`defgraph.store`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import os
from collections.abc import Coroutine, Mapping
from io import BufferedRandom
from typing import Any, Final

import pyoxigraph as ox

from defgraph.engine import tasks
from defgraph.engine.limits import Limits
from defgraph.engine.outcomes import Outcome, Published, Refused
from defgraph.errors import (
    DeadlineExceededError,
    DefgraphError,
    LimitError,
    StoreDamagedError,
    StoreError,
    UnwritableFileError,
)
from defgraph.store.channels import Parent, Worker
from defgraph.store.dispatch import Dispatcher
from defgraph.store.lineage import Zygote
from defgraph.store.protocol import Answer, Dumped

_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 5.0
_AT_LEAST_S: Final = 0.25
"""For a write to be published, however little of its time is left: it should not end in a fork."""

_log = logging.getLogger(__name__)


class Supervisor:
    """Keeps a zygote that holds the newest generation, and its workers at the dispatcher.

    A zygote begins with the *dataset*, or with what the *setup* says: see
    :mod:`defgraph.store.zygote`.
    """

    def __init__(
        self,
        dataset: ox.Store,
        setup: Mapping[str, Any],
        *,
        limits: Limits,
        workers: int,
        max_waiting: int,
    ) -> None:
        self.dispatcher = Dispatcher(
            limits, max_waiting=max_waiting, max_errands=workers, on_leave=self._on_leave
        )
        self.zygote: Zygote | None = None  # the one that holds this state
        self.zygotes: set[Zygote] = set()  # and those whose last queries are not answered yet
        self._limits = limits
        self._number_of_workers = workers
        self._dataset = _in_memory_file()  # outside of this process's heap
        dataset.dump(self._dataset, ox.RdfFormat.N_QUADS)
        self._dataset.flush()
        self._dataset.seek(0)
        digest = hashlib.file_digest(self._dataset, "sha256").hexdigest()
        self._setup = {**setup, "id": f"urn:sha256:{digest}"}
        self._is_closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._reviving: asyncio.Task[None] | None = None
        self._last_death = -math.inf

    async def start(self) -> None:
        """Start the zygote and its workers, unless they are; raises StoreError."""
        if self.zygote is None:
            zygote = await self.launch()
            if self._setup["folder"] is not None:  # from now on that is what to begin with
                self._dataset.truncate(0)
            self.adopt(zygote)

    async def close(self) -> None:
        """End every process; queries that are not answered yet fail."""
        self._is_closed = True
        self.dispatcher.fail(in_flight=True)
        if self._reviving is not None:
            self._reviving.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(zygote.end() for zygote in self.zygotes))
        self._dataset.close()

    async def publish(self, found: Answer, *, author: str, message: str, took_s: float) -> Outcome:
        """Make the patch that a worker *found* in a fork of the zygote, which succeeds it.

        That it *took_s* to find it is taken from the time that a write has. Raises what the fork
        reports, DeadlineExceededError and StoreError.
        """
        left_s = self._limits.timeout_s - took_s
        if left_s <= 0:
            raise DeadlineExceededError(self._limits.timeout_s, "write")
        former = self.zygote
        if former is None or former.state.generation != found.generation:
            raise StoreError("it was opened anew meanwhile, and nothing has changed; write again")
        with _in_memory_file() as file:
            file.write(found.body)
            file.seek(0)
            successor = former.succeed({"author": author, "message": message}, file.fileno())
            try:
                async with asyncio.timeout(max(left_s, _AT_LEAST_S)):
                    await successor.has_become()
            except (DefgraphError, TimeoutError) as error:
                await successor.kill()
                await successor.end()
                if successor.may_have_written and not isinstance(error, UnwritableFileError):
                    made = await self._made_on_disk(former)
                    if made is not None:
                        return made
                if isinstance(error, StoreDamagedError):
                    _log.error("%s", error)
                    former.damages = tuple(
                        dict.fromkeys([*former.damages, *map(str, error.damages)])
                    )
                if isinstance(error, TimeoutError):
                    raise DeadlineExceededError(self._limits.timeout_s, "write") from error
                raise
            if successor.has_refused:
                file.seek(0)
                return Refused(**json.load(file))
        self.adopt(successor)
        return Published(successor.state.generation, *successor.made)

    async def dump(self, files: Mapping[str, int]) -> Dumped:
        """Have forks of the zygote write dumps: see `defgraph.store.protocol.DumpableStore`.

        It stays until they have, whatever is written meanwhile.
        """
        zygote = self.zygote
        if zygote is None:
            raise StoreError("it cannot be told what it holds now; ask again later")
        failed: dict[str, str] = {}
        zygote.dumps += 1
        try:
            for media_type, file in files.items():
                try:
                    await self.dispatcher.dump(tasks.dump(media_type), zygote, file)
                except LimitError as error:
                    failed[media_type] = f"it takes more than {error.value:,.12g} {error.unit}"
        finally:
            zygote.dumps -= 1
            self._retire()
        return Dumped(zygote.state, failed)

    async def _made_on_disk(self, former: Zygote) -> Published | None:
        """Begin anew with what the log holds, since a writer ended and did not say how far it came.

        Nobody else writes to it: if there is a newer generation, it is that writer's.
        """
        _log.error("a write ended unexpectedly; opening the store anew")
        await former.kill()
        if self._reviving is not None:
            await asyncio.wait({self._reviving})
        if self.zygote is None or self.zygote.state.generation == former.state.generation:
            return None
        return Published(self.zygote.state.generation, *self.zygote.made)

    # -- Zygotes ---------------------------------------------------------------------------------

    async def launch(self) -> Zygote:
        """Start a zygote with what there is to begin with; raises what it reports, and OSError."""
        zygote = Zygote(self._on_zygote_end, self.dispatcher.new_worker)
        try:
            zygote.execute()
            # A file descriptor of its own, to read from the beginning.
            own = os.open(f"/proc/self/fd/{self._dataset.fileno()}", os.O_RDONLY)
            with os.fdopen(own) as nquads:
                await zygote.prepare(self._setup, [nquads.fileno()])
        except BaseException:
            await zygote.end()
            raise
        for damage in zygote.damages:
            _log.error("%s", damage)
        if zygote.means != "seccomp":
            _log.warning("workers are confined by %s", zygote.means)
        return zygote

    def adopt(self, zygote: Zygote) -> None:
        """Let every query from now on be answered by *zygote*'s workers."""
        former, self.zygote = self.zygote, zygote
        self.zygotes.add(zygote)
        self.dispatcher.turn_to(zygote)
        for _ in range(self._number_of_workers):
            self._hire(zygote)
        if former is not None:
            former.give_way()
            self._retire()

    def _retire(self) -> None:
        """End each former zygote once the last query that it got is answered, or dump written."""
        for zygote in self.zygotes - {self.zygote}:
            if not (zygote.dumps or self.dispatcher.is_finishing_for(zygote)):
                self.zygotes.discard(zygote)
                self._spawn(zygote.end())

    def _on_zygote_end(self, zygote: Zygote) -> None:
        """Start another with the same dataset."""
        self._spawn(zygote.end())
        self.zygotes.discard(zygote)
        if zygote is self.zygote and not self._is_closed:
            _log.error("zygote %s ended; starting another", zygote.pid)
            self.zygote = None
            self.dispatcher.turn_to(None)
            self._reviving = self._spawn(self._revive())

    async def _revive(self) -> None:
        pause_s = 0.0
        while not self._has_zygote():
            await asyncio.sleep(pause_s)
            try:
                zygote = await self.launch()
            except (DefgraphError, OSError) as error:
                if self._has_zygote():
                    return  # a write made another meanwhile
                _log.error("no zygote: %s", error)
                self.dispatcher.fail()
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2 + _PAUSE_S)
            else:
                self.adopt(zygote)

    def _has_zygote(self) -> bool:
        return self.zygote is not None

    # -- Workers ---------------------------------------------------------------------------------

    def _on_leave(self, worker: Worker) -> None:
        """Have another worker, but not all the time if they die of nothing again and again."""
        self._retire()
        if worker.zygote is not self.zygote or worker.errand is not None or self._is_closed:
            return
        loop = asyncio.get_running_loop()
        pause_s = 0.0
        if worker.status is not None and not worker.in_flight:
            _log.error("worker %s ended by itself, with status %s", worker.pid, worker.status)
            pause_s = _PAUSE_S if loop.time() - self._last_death < _PAUSE_S else 0
            self._last_death = loop.time()
        loop.call_later(pause_s, self._hire, worker.zygote)

    def _hire(self, zygote: Parent) -> None:
        if zygote is self.zygote and not self._is_closed:
            try:
                zygote.hire()
            except OSError as error:  # there is no room for another socket, and may be again
                _log.error("no worker: %s", error)
                asyncio.get_running_loop().call_later(_PAUSE_S, self._hire, zygote)

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _in_memory_file() -> BufferedRandom:
    return os.fdopen(os.memfd_create("defgraph"), "w+b")
