"""A store that evaluates queries in this process, with an embedded Oxigraph."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import partial

import pyoxigraph as ox

from defgraph.engine import tasks
from defgraph.engine.answering import answer
from defgraph.engine.counting import rows_of
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.engine.threads import in_thread
from defgraph.negotiation import FormatChoice
from defgraph.store.protocol import Answer, Dumped, State


class InProcessStore:
    """An in-memory dataset; each query runs in a thread, so that the event loop stays free.

    The *profile*'s prefixes are known in every query and need no declaration; one that a query
    declares itself goes before them. Texts and answers have their limits, but nothing stops a query
    that runs too long or takes too much memory: this store is for one's own use.
    """

    def __init__(
        self,
        dataset: ox.Store,
        *,
        profile: Profile | None = None,
        generation: int = 1,
        limits: Limits | None = None,
    ) -> None:
        self._dataset = dataset
        self.profile = profile or Profile()
        self.is_writable = False
        self._limits = limits or Limits()
        self._state = State(generation, secrets.token_hex(8))

    @property
    def state(self) -> State:
        """The only one: nothing is written."""
        return self._state

    async def start(self) -> None:
        """Do nothing: it is ready."""

    async def close(self) -> None:
        """Do nothing: it holds nothing but memory."""

    async def query(
        self,
        text: str,
        *,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a query: see :meth:`defgraph.store.protocol.Store.query`."""
        body = self._limits.encoded(text)
        return await self.ask(Task("query", body, (), None, accept, default_graphs, named_graphs))

    async def ask(self, task: Task) -> Answer:
        """Do a task that changes nothing: see :meth:`defgraph.store.protocol.OwnStore.ask`."""
        return await in_thread(partial(self._answer, task))

    async def dump(self, files: Mapping[str, int]) -> Dumped:
        """Write dumps: see :meth:`defgraph.store.protocol.DumpableStore.dump`."""
        for media_type, file in files.items():
            await in_thread(partial(self._answer, tasks.dump(media_type), file))
        return Dumped(self._state, {})

    def _answer(self, task: Task, file: int | None = None) -> Answer:
        media_type, body = answer(task, self._dataset, self.profile, self._limits, file=file)
        return Answer(media_type, body, self._state.generation, rows_of(media_type, body))
