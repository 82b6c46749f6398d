"""The names of the dataset as it is, kept until it changes: reconciliation looks them up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, ask
from defgraph.documents.names import Name
from defgraph.errors import DeadlineExceededError
from defgraph.namespaces import ONTOLOGY
from defgraph.reconciliation import Matcher, NameIndex, read_index
from defgraph.store.protocol import State, Store
from defgraph.web.names import names_of

_MOST_MATCHERS: Final = 32
_AT_ONCE: Final = 2  # turns at matching; others wait
_TURN_S: Final = 0.05

_Found = TypeVar("_Found")


@dataclass(slots=True)
class Known:
    """What one state of the dataset has names for, and what its classes and properties are called.

    *properties_of* are those that things of a class have, by the class; *terms* is the ontology's
    vocabulary, whether anything is of it or not.
    """

    index: NameIndex
    types: Mapping[str, Name]
    properties: Mapping[str, Name]
    properties_of: Mapping[str, frozenset[str]]
    terms: frozenset[str]
    matchers: dict[tuple[frozenset[str], bool], Matcher] = field(default_factory=dict)

    def matcher(self, types: frozenset[str], *, every: bool = False) -> Matcher:
        """Return what matches names of things that have one, or *every* one, of *types*."""
        found = self.matchers.get((types, every))
        if found is None:
            if len(self.matchers) >= _MOST_MATCHERS:
                self.matchers.clear()
            found = self.matchers[types, every] = Matcher(self.index, types, every=every)
        return found


class KnownNames:
    """The names of *store*; read anew when it has another state.

    What is asked of them at once takes *timeout_s* at most.
    """

    def __init__(self, store: Store, timeout_s: float) -> None:
        self._store = store
        self._timeout_s = timeout_s
        self._reading = asyncio.Lock()
        self._matching = asyncio.Semaphore(_AT_ONCE)
        self._known: tuple[State, Known] | None = None

    async def now(self) -> Known:
        """Return the names as they are; raises what `Store.query` raises."""
        async with self._reading:
            state = self._store.state
            if self._known is not None and self._known[0] == state:
                return self._known[1]
            known = await _read(self._store)
            self._known = None if state is None else (state, known)
            return known

    async def each(self, works: Iterable[Callable[[], _Found]]) -> AsyncIterator[_Found]:
        """Yield what each of *works* returns, done in short turns of a thread.

        Others have their turns in between, so that a large batch does not hold up a small one.
        Raises DeadlineExceededError when time is up, after the work that is being done.
        """
        ends = time.monotonic() + self._timeout_s
        waiting, is_over = iter(works), False
        while not is_over:
            async with self._matching:
                found, is_over = await asyncio.to_thread(_turn, waiting)
            for each in found:
                yield each
            if not is_over and time.monotonic() >= ends:
                raise DeadlineExceededError(self._timeout_s, "batch")

    async def run(self, work: Callable[[], _Found]) -> _Found:
        """Return what *work* returns, done in a turn of its own."""
        (found,) = [each async for each in self.each([work])]
        return found


def _turn(waiting: Iterator[Callable[[], _Found]]) -> tuple[list[_Found], bool]:
    """Return what some of the works return, and whether they are all done."""
    ends = time.monotonic() + _TURN_S
    found = []
    for work in waiting:
        found.append(work())
        if time.monotonic() >= ends:
            return found, False
    return found, True


async def _read(store: Store) -> Known:
    index = await read_index(store)
    properties_of: dict[str, set[str]] = {}
    for thing in index.things.values():
        for each in thing.types:
            properties_of.setdefault(each, set()).update(thing.values, thing.links)
    properties = frozenset[str]().union(*properties_of.values())
    terms = await ask(store, QUERIES.about("terms", [ONTOLOGY]))
    names = await names_of(store, [*properties_of, *sorted(properties)])
    return Known(
        index,
        types={each: names[each] for each in properties_of},
        properties={each: names[each] for each in sorted(properties)},
        properties_of={kind: frozenset(each) for kind, each in properties_of.items()},
        terms=frozenset(
            each["term"].value for each in terms.bindings if isinstance(each["term"], ox.NamedNode)
        ),
    )
