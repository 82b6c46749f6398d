"""A store that evaluates queries in this process, with an embedded Oxigraph."""

from __future__ import annotations

import asyncio
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pyoxigraph as ox

from defgraph.engine.evaluation import evaluate, serialize
from defgraph.engine.limits import Limits
from defgraph.namespaces import PREFIXES
from defgraph.store.protocol import Answer, FormatChoice, State


class InProcessStore:
    """An in-memory dataset; each query runs in a thread, so that the event loop stays free.

    Our prefixes are known in every query and need no declaration; one that a query declares itself
    goes before ours. Texts and answers have their limits, but nothing stops a query that runs too
    long or takes too much memory: this store is for one's own use.
    """

    def __init__(
        self,
        dataset: ox.Store,
        *,
        prefixes: Mapping[str, str] = PREFIXES,
        generation: int = 1,
        limits: Limits | None = None,
    ) -> None:
        self._dataset = dataset
        self._prefixes = dict(prefixes)
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
        self._limits.encoded(text)
        answer = partial(self._answer, text, accept, default_graphs, named_graphs)
        return await asyncio.to_thread(_leaving_nothing_behind, answer)

    def _answer(
        self,
        text: str,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
    ) -> Answer:
        results = evaluate(
            self._dataset,
            text,
            prefixes=self._prefixes,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
        )
        media_type, body = serialize(
            results, accept, max_bytes=self._limits.max_result_bytes, prefixes=self._prefixes
        )
        return Answer(media_type, body, self._state.generation)


def _leaving_nothing_behind(answer: Callable[[], Answer]) -> Answer:
    """Call *answer*; if it fails, forget what its frames hold before the error goes elsewhere.

    The engine's results must be dropped in the thread that made them.
    """
    try:
        return answer()
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None:
            traceback.clear_frames(cause.__traceback__)
            cause = cause.__cause__ or cause.__context__
        raise
