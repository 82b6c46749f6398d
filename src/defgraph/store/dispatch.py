"""Which worker does which task, how long it may take, and what becomes of it if its worker dies."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from defgraph.children import OUT_OF_MEMORY
from defgraph.engine.limits import Limits
from defgraph.engine.tasks import Task
from defgraph.errors import (
    ConnectionNeededError,
    DeadlineExceededError,
    MemoryExceededError,
    QueryCrashedError,
    QueryError,
    StoreBusyError,
    StoreError,
)
from defgraph.store import wire
from defgraph.store.channels import Ask, Parent, Worker
from defgraph.store.crowding import Crowding
from defgraph.store.protocol import Answer, Load

PATIENCE_S: Final = 0.02
"""A query that takes longer is an old one: nothing waits behind it at its worker."""

DEPTH: Final = 4
"""So many queries are sent to a worker ahead, while it is quick with each."""

CROWDED_DEPTH: Final = 16
"""So many are where no core is left to wake another worker on."""

PROMPT_S: Final = 0.005
"""Behind a query that takes longer, nothing waits while another worker has nothing to do."""

_WATCH_S: Final = 0.005

MAX_WAIT: Final = 2
"""For so many times as long as a query may take, it waits for a worker at most."""

DEATHS: Final = 2
"""So many workers may die of something else while they have a query, before it gets the blame."""

RETRY_AFTER_S: Final = 1

_NOT_OF_ITSELF: Final = (None, -signal.SIGKILL)  # with its zygote; by somebody's hand

_log = logging.getLogger(__name__)


class Dispatcher:
    """The workers of one zygote, what waits for them, and those that finish for a former zygote.

    It hires nobody: *on_leave* hears of each worker that has died, or was dismissed.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        max_waiting: int,
        max_errands: int,
        on_leave: Callable[[Worker], None],
    ) -> None:
        self.workers: list[Worker] = []  # that take queries
        self._leaving: set[Worker] = set()  # that have queries of an earlier state to answer
        self._waiting: deque[Ask] = deque()
        self._sent_out: set[Ask] = set()  # to workers of their own, which may ask other endpoints
        self._zygote: Parent | None = None
        self._limits = limits
        self._max_waiting, self._max_errands = max_waiting, max_errands
        self._on_leave = on_leave
        self._is_watching = False
        self._crowding = Crowding()

    async def ask(self, task: Task) -> tuple[Answer, float]:
        """Have a worker do *task*; return the answer, and the seconds that it took the worker.

        Raises what it reports, DeadlineExceededError, MemoryExceededError, QueryCrashedError,
        StoreError, and StoreBusyError when too many wait, or this one has waited for too long.
        Cancelling it ends the worker, too.
        """
        loop = asyncio.get_running_loop()
        ask = Ask(wire.task(task), loop.create_future(), loop.time(), task.what, self._limits)
        if not self._send(ask):
            self._queue(ask)
        try:
            return await ask.answered, ask.took_s
        finally:
            del ask  # or an error would hold itself and the task, by its traceback

    async def dump(self, task: Task, zygote: Parent, file: int) -> None:
        """Have a worker of its own of *zygote* do *task*, which writes dumps to *file*.

        It is under limits of its own. Raises what `ask` does, and what the task raises.
        """
        loop = asyncio.get_running_loop()
        limits = self._limits.of_dump
        ask = Ask(wire.task(task), loop.create_future(), loop.time(), task.what, limits, (file,))
        self._hire_for(ask, zygote)
        await ask.answered

    def turn_to(self, zygote: Parent | None) -> None:
        """Send queries to the workers of *zygote* alone; others finish what they have."""
        self._zygote = zygote
        self._leaving.update(worker for worker in self.workers if worker.in_flight)
        self.workers.clear()

    @property
    def load(self) -> Load:
        """What the workers have to do, and what waits for them."""
        busy = [worker for worker in self._all_workers() if worker.in_flight]
        sent_ahead = sum(ask is not None for each in busy for ask in [*each.in_flight][1:])
        return Load(
            busy_workers=len(busy),
            idle_workers=len(self.workers) + len(self._leaving) - len(busy),
            waiting=len(self._waiting) + sent_ahead,
        )

    def is_finishing_for(self, zygote: Parent) -> bool:
        """Tell whether a worker of a former *zygote* has queries to answer yet."""
        return any(worker.zygote is zygote for worker in self._leaving)

    def new_worker(self, zygote: Parent, errand: Ask | None) -> Worker:
        """Return the web process's end of a worker that *zygote* is to fork."""
        longest = max(self._limits.max_result_bytes, self._limits.max_patch_bytes)
        return Worker(zygote, self, longest, errand)

    def fail(self, *, in_flight: bool = False) -> None:
        """Let the queries that wait fail, and those that workers have, too, if so wanted."""
        asks: list[Ask | None] = [*self._waiting]
        self._waiting.clear()
        if in_flight:
            asks += self._sent_out
            asks += [ask for worker in self._all_workers() for ask in worker.in_flight]
        for ask in _awaited(asks):
            ask.answered.set_exception(StoreError("it cannot answer now; ask again later"))

    # -- What becomes of workers (see channels.Owner) --------------------------------------------

    def on_ready(self, worker: Worker) -> None:
        """Have it work on what waits."""
        if worker.errand is not None and worker.errand.is_awaited:
            self._leaving.add(worker)
            worker.send(worker.errand)
            self._watch_soon()
        elif worker.errand is None and worker.zygote is self._zygote:
            self.workers.append(worker)
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
            self.replace(worker)
        elif worker not in self._leaving:
            self._feed(worker)

    def on_end(self, worker: Worker) -> None:
        """Say what its query died of, and ask the others again."""
        unanswered = worker.in_flight or [worker.errand]
        head = unanswered[0]
        if head is not None and head.is_awaited:
            if worker.status in _NOT_OF_ITSELF and head.deaths < DEATHS:
                head.deaths += 1
            else:
                head.answered.set_exception(self._cause_of_death(worker, head))
        self._leave(worker, unanswered)

    def replace(self, worker: Worker) -> None:
        """End a worker that nobody waits for any longer, but for those behind its head."""
        worker.dismiss()
        self._leave(worker, worker.in_flight)

    def _leave(self, worker: Worker, unanswered: Iterable[Ask | None]) -> None:
        if worker in self.workers:
            self.workers.remove(worker)
        self._leaving.discard(worker)
        self._ask_again(unanswered)
        self._on_leave(worker)
        worker.in_flight.clear()  # what it was sent may be long

    def _cause_of_death(self, worker: Worker, ask: Ask) -> QueryError:
        if worker.status in OUT_OF_MEMORY:
            return MemoryExceededError(ask.limits.memory_mb, ask.what)
        error = QueryCrashedError(secrets.token_hex(8), ask.what)
        _log.error("%s: worker %s, status %s", error.query_id, worker.pid, worker.status)
        return error

    # -- Who gets what ---------------------------------------------------------------------------

    def _send(self, ask: Ask) -> bool:
        """Send it to an idle worker, or to one that is quick; False if there is none."""
        now = asyncio.get_running_loop().time()
        idle: Worker | None = None
        best: Worker | None = None
        busy, least = 0, self._depth
        for worker in self.workers:
            depth = len(worker.in_flight)
            if depth == 0:
                idle = idle or worker
                continue
            busy += 1
            if depth < least and now - worker.head_since < PATIENCE_S:
                best, least = worker, depth
        if idle is not None and (
            best is None
            or now - best.head_since > PROMPT_S
            or not self._crowding.is_with(busy_workers=busy)
        ):
            best = idle
        if best is None:
            return False
        best.send(ask)
        self._watch_soon()
        return True

    def _queue(self, ask: Ask) -> None:
        if len(self._waiting) >= self._max_waiting:
            self._waiting = deque(_awaited(self._waiting))
        if len(self._waiting) >= self._max_waiting:
            raise StoreBusyError(RETRY_AFTER_S)
        self._waiting.append(ask)
        self._watch_soon()

    def _send_out(self, ask: Ask) -> None:
        """Have a worker of its own answer it, which may ask other endpoints."""
        if len(self._sent_out - {ask}) >= self._max_errands or self._zygote is None:
            ask.answered.set_exception(StoreBusyError(RETRY_AFTER_S))
        else:
            self._hire_for(ask, self._zygote)

    def _hire_for(self, ask: Ask, zygote: Parent) -> None:
        self._sent_out.add(ask)
        ask.answered.add_done_callback(lambda _: self._sent_out.discard(ask))
        try:
            zygote.hire(ask)
        except OSError:  # there is no room for another socket
            ask.answered.set_exception(StoreBusyError(RETRY_AFTER_S))

    @property
    def _depth(self) -> int:
        return CROWDED_DEPTH if self._crowding.is_busy else DEPTH

    def _feed(self, worker: Worker) -> None:
        while self._waiting and len(worker.in_flight) < self._depth:
            ask = self._waiting.popleft()
            if ask.is_awaited:
                worker.send(ask)
                self._watch_soon()

    def _ask_again(self, asks: Iterable[Ask | None]) -> None:
        """Ask elsewhere what did not get its turn; what waited longest goes before the rest."""
        unsent = [ask for ask in _awaited(asks) if not self._send(ask)]
        self._waiting.extendleft(reversed(unsent))

    # -- Deadlines -------------------------------------------------------------------------------

    def _watch_soon(self) -> None:
        if not self._is_watching:
            self._is_watching = True
            asyncio.get_running_loop().call_later(_WATCH_S, self._watch)

    def _watch(self) -> None:
        """Look at what waits, and at what each worker has at its head, while there is anything."""
        self._is_watching = False
        self._crowding.look()
        now = asyncio.get_running_loop().time()
        longest_s = MAX_WAIT * self._limits.timeout_s
        while self._waiting and now - self._waiting[0].since > longest_s:
            late = self._waiting.popleft()
            if late.is_awaited:
                late.answered.set_exception(StoreBusyError(RETRY_AFTER_S))
        if self._waiting:
            self._watch_soon()
        for worker in self._all_workers():
            if not worker.in_flight:
                continue
            self._watch_soon()
            age_s = now - worker.head_since
            head, *behind = worker.in_flight
            if head is None or not head.is_awaited:
                if age_s > PATIENCE_S:  # a quick query is cheaper than a new worker
                    self.replace(worker)
            elif age_s > head.limits.timeout_s:
                error = DeadlineExceededError(head.limits.timeout_s, head.what)
                head.answered.set_exception(error)
                self.replace(worker)
            elif any(behind) and age_s > (PROMPT_S if self._has_idle else PATIENCE_S):
                worker.in_flight = deque([head, *[None] * len(behind)])
                self._ask_again(behind)

    @property
    def _has_idle(self) -> bool:
        return not all(worker.in_flight for worker in self.workers)

    def _all_workers(self) -> list[Worker]:
        return [*self.workers, *self._leaving]


def _awaited(asks: Iterable[Ask | None]) -> list[Ask]:
    return [ask for ask in asks if ask is not None and ask.is_awaited]
