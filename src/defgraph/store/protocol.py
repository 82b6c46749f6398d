"""What a store does, whichever engine holds the dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from defgraph.engine.outcomes import Outcome
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.negotiation import FormatChoice


class State(NamedTuple):
    """An immutable state of the dataset: the *id* is that of no other one, in no other store.

    Equal data under an equal number may have equal ids, and so may replicas.
    """

    generation: int
    id: str


class Answer(NamedTuple):
    """The answer to one query: bytes that are ready to send."""

    media_type: str
    body: bytes
    # Which immutable state of the dataset was asked; None: the store cannot tell one from the next,
    # so nothing may be concluded from two answers.
    generation: int | None
    rows: int | None = None  # solutions, or triples; None: not known


class Dumped(NamedTuple):
    """Of which state the dumps are that were written, and of which formats there are none, why."""

    state: State
    failed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Load:
    """How much a store has to do: processes or connections that work or do not, and what waits."""

    busy_workers: int
    idle_workers: int
    waiting: int  # queries that no worker has begun
    writes: int = 0  # under way or waiting


class Condition(Protocol):
    """What must be so for a write to be done."""

    def check(self, state: State, *, exists: bool) -> None:
        """Raise PreconditionFailedError where it is not so.

        *state* is what the write would be made in, and *exists* tells whether it holds the graph
        that is written to.
        """


class Store(Protocol):
    """An RDF dataset that answers SPARQL queries, from its start until it is closed."""

    @property
    def state(self) -> State | None:
        """What a query is answered from that is asked now, or from a newer one.

        Never older than the last acknowledged write. None while that is not known, or where one
        state cannot be told from the next.
        """

    async def start(self) -> None:
        """Get ready to answer, in the event loop that runs, if it is not yet; raises StoreError."""

    async def close(self) -> None:
        """Give back whatever it holds; queries that are not answered yet fail."""

    async def query(
        self,
        text: str,
        *,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Evaluate a SPARQL query and serialise its result in a media type of *accept*.

        The default graph is the union of the named graphs. Where *default_graphs* or
        *named_graphs* is given, the two describe the dataset instead, whatever FROM and FROM NAMED
        say (SPARQL 1.1 Protocol 2.1.4); a graph that the store does not hold is an empty one.

        Raises QuerySyntaxError for text that is not SPARQL, QueryRefusedError for SERVICE,
        QueryEvaluationError when the evaluation fails, NotAcceptableError when *accept* has
        nothing for this query form, a LimitError when the query takes too much, StoreError when
        the engine fails. There is the whole answer or an error, never a part of it.
        """


@runtime_checkable
class OwnStore(Store, Protocol):
    """A store that holds its dataset itself, and does more with it than to query it."""

    @property
    def profile(self) -> Profile:
        """How the dataset is asked, and what it can be written in."""

    @property
    def is_writable(self) -> bool:
        """Whether it takes writes."""

    async def ask(self, task: Task) -> Answer:
        """Do a task that changes nothing; raises what that does, and what `query` raises."""


@runtime_checkable
class WritableStore(OwnStore, Protocol):
    """A store that may take writes: one after the other, each of them whole or not at all."""

    async def write(
        self, task: Task, *, author: str, message: str = "", condition: Condition | None = None
    ) -> Outcome:
        """Do a task that changes the dataset.

        Raises what the task raises, ReadOnlyError where nothing is written, InferredGraphError for
        a write that would change the graph of inferred triples, PreconditionFailedError where its
        *condition* does not hold when it has its turn, a LimitError when it takes too much,
        QueryCrashedError when the engine crashed on it, StoreBusyError when too much waits, and
        StoreError or UnwritableFileError when it cannot be made durable. After an error nothing
        has changed, unless it is a StoreError that says that this is not known.
        """


@runtime_checkable
class DumpableStore(OwnStore, Protocol):
    """A store that may be able to write dumps of its dataset: its profile names what does."""

    async def dump(self, files: Mapping[str, int]) -> Dumped:
        """Write the dumps of one state to *files*: an empty one for each RDF media type.

        They are written as the profile's dumper does, each in a process of its own that has no
        other file. One that takes too much is left out. Raises NoDumpsError where there is no
        dumper, DumpError where there is no room, and StoreError.
        """
        ...


@runtime_checkable
class DurableStore(Protocol):
    """A store that may be kept on disk."""

    @property
    def damages(self) -> Sequence[str]:
        """What of it is not as it was once written, and what is lost by that; nothing, if whole."""


@runtime_checkable
class BusyStore(Protocol):
    """A store that knows how much it has to do."""

    @property
    def load(self) -> Load:
        """What it has to do now."""
