"""A store in a folder, written to by a command: under the lock and by the rules of a server.

A new store begins with the shipped dataset, and a write to it must stand what the ontology asks: it
is published with what follows from it, and only if the shapes allow that. A *plain* store begins
with nothing and is asked nothing. Which of the two a store is, its ontology tells: a plain one has
none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph import admission, loading
from defgraph.engine.hints import hint_for
from defgraph.engine.limits import Limits
from defgraph.engine.outcomes import Outcome, Published, Unchanged
from defgraph.engine.profile import PLAIN, Profile
from defgraph.engine.tasks import Task
from defgraph.engine.writes import changes_of
from defgraph.errors import InferredGraphError, NoStoreError, PlainStoreError
from defgraph.log import history, patches
from defgraph.log.changes import Changes, difference, in_one, lines_of
from defgraph.log.files import WriterLock
from defgraph.log.patch_log import PatchLog, SnapshotPolicy
from defgraph.namespaces import INFERRED_GRAPH, ONTOLOGY_GRAPH, VOID_GRAPH
from defgraph.void import DESCRIBER

OURS: Final = Profile(gate=admission.__name__, describer=DESCRIBER)
SEED: Final = "The shipped dataset"

_ONTOLOGY: Final = ox.NamedNode(ONTOLOGY_GRAPH)
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)
_COMPUTED: Final = {_INFERRED, ox.NamedNode(VOID_GRAPH)}
_NO_LIMITS: Final = Limits(max_query_bytes=sys.maxsize, max_upload_bytes=sys.maxsize)
"""One's own update, one's own memory."""


@contextmanager
def opened(folder: Path) -> Iterator[Directory]:
    """Open the store in *folder* to write to it; what is damaged is mended first.

    Raises NoStoreError, StoreLockedError while a server or another command writes to it,
    StoreDamagedError and UnwritableFileError.
    """
    if patches.last_number(folder) == 0:
        raise NoStoreError(folder)
    with WriterLock(folder) as lock:
        yield Directory(*PatchLog.open(folder, lock))


@contextmanager
def opened_or_made(folder: Path, *, author: str, plain: bool = False) -> Iterator[Directory]:
    """Open a store as `opened` does, or make one: of the shipped dataset, or a *plain* one."""
    with WriterLock(folder) as lock:
        directory = Directory(*PatchLog.open(folder, lock))
        if directory.log.head.number == 0 and not plain:
            directory.seed(author=author)
        yield directory


def profile_of(dataset: ox.Store) -> Profile:
    """Return the rules for a dataset: those of our ontology if it holds it, else none."""
    quads = dataset.quads_for_pattern(None, None, None, _ONTOLOGY)
    return OURS if any(True for _ in quads) else PLAIN


class Directory:
    """A store that is open to be written to."""

    def __init__(self, log: PatchLog, dataset: ox.Store) -> None:
        self.log, self.dataset = log, dataset

    @property
    def is_plain(self) -> bool:
        """Whether it asks nothing of a write."""
        return profile_of(self.dataset) is PLAIN

    def seed(self, *, author: str) -> None:
        """Make the shipped dataset the first generation."""
        self.dataset = loading.load()
        changes = Changes(added=frozenset(lines_of(self.dataset)))
        self.log.append(changes, author=author, message=SEED)

    def load(self, incoming: ox.Store, *, replacing: bool, author: str, message: str) -> Outcome:
        """Add *incoming*, or let its graphs hold nothing else where it is *replacing* them.

        Raises InferredGraphError where *incoming* has that graph, unless this store is plain.
        """
        names = _graph_names(incoming)
        computed = names & _COMPUTED
        if computed and not self.is_plain:
            raise InferredGraphError(min(str(name) for name in computed).strip("<>"))
        is_judged = not self.is_plain
        before = set[bytes]().union(*(lines_of(self.dataset, name) for name in names))
        changes = difference(before, lines_of(incoming))
        if not replacing:
            changes = Changes(added=changes.added)
        if len(self.dataset):
            changes.apply_to(self.dataset)
        else:
            self.dataset = incoming
        return self._published(changes, author, message, is_judged=is_judged)

    def load_shipped(self, *, author: str, message: str) -> Outcome:
        """Let the graphs that this package ships hold what it ships; no other graph changes.

        Raises PlainStoreError: a plain store has none of them.
        """
        if self.is_plain:
            raise PlainStoreError(self.log.folder)
        shipped = loading.shipped_graphs()
        return self.load(shipped, replacing=True, author=author, message=message)

    def update(self, text: str, *, author: str, message: str) -> Outcome:
        """Do a SPARQL update, which fetches nothing.

        Raises QuerySyntaxError, QueryRefusedError, QueryEvaluationError and InferredGraphError.
        """
        is_judged = not self.is_plain
        task = Task("update", _NO_LIMITS.encoded(text))
        changes = changes_of(task, self.dataset, profile_of(self.dataset), _NO_LIMITS)
        if changes == Changes():
            hint = hint_for(task, self.dataset, profile_of(self.dataset))
            return Unchanged(self.log.head.number, hint)
        return self._published(changes, author, message, is_judged=is_judged)

    def roll_back(self, number: int, *, author: str, message: str) -> Outcome:
        """Let the next generation hold what generation *number* held.

        Raises UnknownGenerationError and StoreDamagedError.
        """
        changes = history.difference(self.log.folder, self.log.head.number, number)
        changes.apply_to(self.dataset)
        return self._published(changes, author, message, is_judged=False)

    def write_snapshot(self) -> Path:
        """Write the newest generation as a whole, to be opened quickly; return where it is."""
        self.log.write_snapshot(self.dataset, keep=SnapshotPolicy().keep)
        return patches.path_of(self.log.folder, self.log.head.number, patches.SNAPSHOT)

    def _published(
        self, changes: Changes, author: str, message: str, *, is_judged: bool
    ) -> Outcome:
        """Make *changes*, which the dataset in memory has, the next generation, if there are any.

        After Refused the dataset in memory is of no use.
        """
        if changes == Changes():
            return Unchanged(self.log.head.number)
        if is_judged:
            inferred = self._inferred()
            inferred.apply_to(self.dataset)
            if (refused := admission.refusal(self.dataset)) is not None:
                return refused
            changes = in_one([changes, inferred])
        made = self.log.append(changes, author=author, message=message)
        if self.log.snapshot_due(SnapshotPolicy()):
            self.write_snapshot()
        return Published(made.number, made.added, made.deleted)

    def _inferred(self) -> Changes:
        follows = ox.Store()
        follows.extend(
            ox.Quad(triple.subject, triple.predicate, triple.object, _INFERRED)
            for triple in admission.infer(self.dataset)
        )
        return difference(lines_of(self.dataset, _INFERRED), lines_of(follows))


def _graph_names(dataset: ox.Store) -> set[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]:
    names = set[ox.NamedNode | ox.BlankNode | ox.DefaultGraph](dataset.named_graphs())
    default = ox.DefaultGraph()
    if any(True for _ in dataset.quads_for_pattern(None, None, None, default)):
        names.add(default)
    return names
