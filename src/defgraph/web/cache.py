"""Answers that were given are kept, and given again while the dataset is the same.

A state of the dataset is immutable, so an answer from it never becomes wrong: what is kept is
forgotten when the store says that its state is another one, which it does before a write is
acknowledged. Requests that are the same at the same time are computed once. What is not the same
twice is never kept: the time, chance, another endpoint's answer.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from sys import getsizeof
from typing import Final, NamedTuple, Protocol

from defgraph.engine.limits import MIB
from defgraph.negotiation import FormatChoice
from defgraph.store.protocol import Answer, State, Store
from defgraph.web.http.reply import Reply

MAX_SHARE: Final = 8
"""An answer that takes more than this part of the room is not worth as many others."""

_OVERHEAD: Final = 1024  # bytes of an entry beside its texts, roughly
_VARIES: Final = re.compile(
    r"(?<![a-z])(?:now|rand|(?:str)?uuid|service)(?![a-z])|\\u", re.IGNORECASE
)


class Question(Hashable, Protocol):
    """Anything that is asked of a store: equal ones have equal answers, in one state of it."""

    @property
    def accept(self) -> FormatChoice:
        """The media types to answer in."""
        ...

    @property
    def may_vary(self) -> bool:
        """Whether it may be answered differently though the dataset is the same."""
        ...

    @property
    def size(self) -> int:
        """The bytes that it takes to keep it."""
        ...

    async def put_to(self, store: Store) -> Answer:
        """Return the answer of *store*; raises what it raises."""
        ...


class Asked(NamedTuple):
    """What a query's answer depends on, beside the dataset."""

    text: str
    accept: FormatChoice
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None

    @property
    def may_vary(self) -> bool:
        """See `varies`."""
        return varies(self.text)

    @property
    def size(self) -> int:
        """The bytes of its texts."""
        graphs = (*(self.default_graphs or ()), *(self.named_graphs or ()))
        return sum(map(getsizeof, (self.text, *graphs)))

    async def put_to(self, store: Store) -> Answer:
        """Return what `Store.query` does."""
        return await store.query(
            self.text,
            accept=self.accept,
            default_graphs=self.default_graphs,
            named_graphs=self.named_graphs,
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and by *state* what it was answered from; None: the next may be another.

    In *replies* is what was made of it to send it, by media type and encoding.
    """

    answer: Answer
    state: State | None
    replies: dict[tuple[str, str | None], Reply] = field(default_factory=dict)


@dataclass(slots=True)
class Counts:
    """What the cache did, and what it holds."""

    hits: int = 0
    shared: int = 0  # computed once for several that asked at the same time
    misses: int = 0
    entries: int = 0
    bytes: int = 0


class AnswerCache:
    """The answers of *store*, up to *max_bytes* of them; those least recently asked for go first.

    Where the store cannot tell one state from the next, nothing is kept, unless *lifetime_s* says
    how old an answer may be.
    """

    def __init__(
        self, store: Store, *, max_bytes: int = 64 * MIB, lifetime_s: float | None = None
    ) -> None:
        self.counts = Counts()
        self._store = store
        self._max_bytes = max_bytes
        self._lifetime_s = lifetime_s
        self._state: State | None = None
        self._kept: OrderedDict[Question, Kept] = OrderedDict()
        self._in_flight: dict[Question, asyncio.Future[Kept]] = {}

    @property
    def state(self) -> State | None:
        """The state that is asked now; None where nothing may be concluded from it."""
        return self._store.state

    def find(self, asked: Question) -> Kept | None:
        """Return the answer if it is kept, and still that of the dataset as it is."""
        state = self._epoch()
        if state != self._state:
            self._forget(state)
        kept = self._kept.get(asked)
        if kept is not None:
            self._kept.move_to_end(asked)
        return kept

    async def answer(self, asked: Question) -> Kept:
        """Return the answer: one that is kept, one that is being computed, or the store's.

        Raises what :meth:`defgraph.store.protocol.Store.query` raises. Whoever is cancelled does
        not take the answer away from others who wait for it.
        """
        while True:
            kept = self.find(asked)
            if kept is not None:
                self.counts.hits += 1
                return kept
            shared = self._in_flight.get(asked)
            if shared is None:
                return await self._ask(asked)
            self.counts.shared += 1
            await asyncio.wait({shared})
            if not shared.cancelled():
                return shared.result()

    async def _ask(self, asked: Question) -> Kept:
        self.counts.misses += 1
        epoch, state = self._state, self._store.state
        if epoch is None or asked.may_vary:
            return Kept(await asked.put_to(self._store), None)
        in_flight = self._in_flight
        shared = in_flight[asked] = asyncio.get_running_loop().create_future()
        try:
            found = await asked.put_to(self._store)
        except asyncio.CancelledError:
            shared.cancel()  # who waits asks anew
            raise
        except BaseException as error:
            shared.set_exception(error)
            shared.exception()  # there may be nobody else to see it
            del shared  # or the error would hold itself and the text, by its traceback
            raise
        finally:
            del in_flight[asked]
        if state is not None and found.generation != state.generation:
            state = None  # a write came between; whoever asks now gets the newer one
        kept = Kept(found, state)
        shared.set_result(kept)
        if epoch == self._state and (state is not None or self._lifetime_s is not None):
            self._keep(asked, kept)
        return kept

    def _epoch(self) -> State | None:
        """Return what an answer that is kept must be of: a state, or a span of time."""
        state = self._store.state
        if state is None and self._lifetime_s is not None:
            return State(int(time.monotonic() / self._lifetime_s), "time")
        return state

    def _keep(self, asked: Question, kept: Kept) -> None:
        size = _size(asked, kept)
        if size * MAX_SHARE > self._max_bytes:
            return
        self._kept[asked] = kept
        self.counts.bytes += size
        while self.counts.bytes > self._max_bytes:
            self.counts.bytes -= _size(*self._kept.popitem(last=False))
        self.counts.entries = len(self._kept)

    def _forget(self, state: State | None) -> None:
        self._state = state
        self._kept.clear()
        self._in_flight = {}  # those in flight are of the former state, and for who asked then
        self.counts.entries = self.counts.bytes = 0


def varies(text: str) -> bool:
    """Whether a query may be answered differently though the dataset is the same.

    Where the text may say so in a way that is not seen at once, it counts as said.
    """
    lower = text.lower()  # to search for each of these first takes a tenth of the time
    if "now" in lower or "rand" in lower or "uuid" in lower or "service" in lower or "\\u" in lower:
        return _VARIES.search(lower) is not None
    return False


def _size(asked: Question, kept: Kept) -> int:
    """Return the bytes that an entry takes, with its body in two encodings, which are shorter."""
    return _OVERHEAD + asked.size + 3 * len(kept.answer.body)
