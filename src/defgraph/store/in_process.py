"""A store that evaluates queries in this process, with an embedded Oxigraph."""

from __future__ import annotations

import asyncio
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pyoxigraph as ox

from defgraph.engine.answering import answer
from defgraph.engine.counting import rows_of
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile, dumper_called
from defgraph.engine.tasks import Task
from defgraph.errors import DumpError, NoDumpsError
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
        return await asyncio.to_thread(_leaving_nothing_behind, partial(self._answer, task))

    async def dump(self, files: Mapping[str, int]) -> Dumped:
        """Write dumps: see :meth:`defgraph.store.protocol.DumpableStore.dump`."""
        if self.profile.dumper is None:
            raise NoDumpsError
        dumper = dumper_called(self.profile.dumper)
        try:
            for form, file in files.items():
                await asyncio.to_thread(dumper.write, self._dataset, form, file)
        except OSError as error:
            raise DumpError(error.strerror or str(error)) from error
        return Dumped(self._state, {})

    def _answer(self, task: Task) -> Answer:
        media_type, body = answer(task, self._dataset, self.profile, self._limits)
        return Answer(media_type, body, self._state.generation, rows_of(media_type, body))


def _leaving_nothing_behind(answered: Callable[[], Answer]) -> Answer:
    """Call *answered*; if it fails, forget what its frames hold before the error goes elsewhere.

    The engine's results must be dropped in the thread that made them.
    """
    try:
        return answered()
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None:
            traceback.clear_frames(cause.__traceback__)
            cause = cause.__cause__ or cause.__context__
        raise
