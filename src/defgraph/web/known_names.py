"""The names of the dataset as it is, kept until it changes: reconciliation looks them up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from defgraph.documents.asking import ask, text
from defgraph.documents.names import Name
from defgraph.reconciliation import Matcher, NameIndex, read_index
from defgraph.store.protocol import State, Store
from defgraph.web.names import names_of

_MOST_MATCHERS: Final = 32
_AT_ONCE: Final = 2  # batches that are matched; others wait

_Found = TypeVar("_Found")


@dataclass(slots=True)
class Known:
    """What one state of the dataset has names for, and what its classes and properties are called.

    *properties* are those that things of a class have, by the class.
    """

    index: NameIndex
    types: Mapping[str, Name]
    properties: Mapping[str, Name]
    properties_of: Mapping[str, frozenset[str]]
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
    """The names of *store*; read anew when it has another state."""

    def __init__(self, store: Store) -> None:
        self._store = store
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

    async def run(self, match: Callable[[], _Found]) -> _Found:
        """Return what *match* does, in a thread beside the event loop."""
        async with self._matching:
            return await asyncio.to_thread(match)


async def _read(store: Store) -> Known:
    index = await read_index(store)
    properties_of: dict[str, set[str]] = {}
    for thing in index.things.values():
        for each in thing.types:
            properties_of.setdefault(each, set()).update(thing.values)
    for solution in (await ask(store, text("named_links"))).bindings:
        kind, link = str(solution["type"])[1:-1], str(solution["property"])[1:-1]
        if kind in properties_of:
            properties_of[kind].add(link)
    properties = frozenset[str]().union(*properties_of.values())
    names = await names_of(store, [*properties_of, *sorted(properties)])
    return Known(
        index,
        types={each: names[each] for each in properties_of},
        properties={each: names[each] for each in sorted(properties)},
        properties_of={kind: frozenset(each) for kind, each in properties_of.items()},
    )
