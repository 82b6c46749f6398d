"""What a write changes in a dataset, and the fingerprint that a dataset has afterwards.

A quad is its line of N-Quads here, in the form in which the engine gives it back: ``2.20`` comes
back as ``2.2``. Equal quads have equal lines, and a blank node is the same one wherever its label
is the same. Hence quads are read with ``ox.parse``, which keeps labels, and never with a store's
``load``, which makes new ones; data from outside is parsed with ``rename_blank_nodes=True``, so
that its labels (128 random bits) are nobody else's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Changes:
    """Quads that were not in the dataset and are added, and quads that were and are deleted."""

    added: frozenset[bytes] = frozenset()
    deleted: frozenset[bytes] = frozenset()

    def inverted(self) -> Changes:
        """Return the changes that take these back."""
        return Changes(self.deleted, self.added)

    def apply_to(self, dataset: ox.Store) -> None:
        """Make these changes in *dataset*."""
        _take_out(dataset, quads_of(self.deleted))
        dataset.extend(quads_of(self.added))

    def by_graph(self) -> dict[str, tuple[int, int]]:
        """Return how many quads are added to and deleted from each graph that changes.

        A graph has its name as N-Quads writes it; the default graph's is ``DEFAULT``, as in SPARQL.
        """
        added, deleted = (
            Counter(str(quad.graph_name) for quad in quads_of(lines))
            for lines in (self.added, self.deleted)
        )
        return {name: (added[name], deleted[name]) for name in sorted({*added, *deleted})}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The number of a dataset's quads, and their multiset hash.

    The hash is the sum of the SHA-256 of each quad's line, modulo 2^256: it does not depend on an
    order, and is kept by adding and subtracting what a write adds and deletes.
    """

    quads: int = 0
    hash: int = 0

    def after(self, changes: Changes) -> Fingerprint:
        """Return the fingerprint of the dataset that *changes* make of this one."""
        return Fingerprint(
            self.quads + len(changes.added) - len(changes.deleted),
            (self.hash + hash_of(changes.added) - hash_of(changes.deleted)) % 2**256,
        )


def hash_of(lines: Iterable[bytes]) -> int:
    """Return the sum of the hashes of *lines*, not yet reduced."""
    return sum(int.from_bytes(sha256(line).digest()) for line in lines)


def lines_of(
    dataset: ox.Store, graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None
) -> set[bytes]:
    """Return the quads of *dataset*, or only those of one graph, as lines."""
    if graph_name is None:
        return _lines(dataset.dump(None, ox.RdfFormat.N_QUADS))
    triples = _lines(dataset.dump(None, ox.RdfFormat.N_TRIPLES, from_graph=graph_name))
    if isinstance(graph_name, ox.DefaultGraph):
        return triples
    end = f"{graph_name} .".encode()
    return {triple[:-1] + end for triple in triples}


def difference(before: set[bytes], after: set[bytes]) -> Changes:
    """Return the changes that lead from one set of lines to another."""
    return Changes(frozenset(after - before), frozenset(before - after))


def add(dataset: ox.Store, quads: Iterable[ox.Quad]) -> Changes:
    """Add *quads* to *dataset* and return what that changed, at a cost of these quads alone."""
    new = [quad for quad in quads if quad not in dataset]
    dataset.extend(new)
    return Changes(added=_stored(dataset, new))


def remove(dataset: ox.Store, quads: Iterable[ox.Quad]) -> Changes:
    """Remove *quads* from *dataset* and return what that changed, at a cost of these alone."""
    old = [quad for quad in quads if quad in dataset]
    changes = Changes(deleted=_stored(dataset, old))
    _take_out(dataset, old)
    return changes


def in_one(steps: Iterable[Changes]) -> Changes:
    """Return the changes that *steps*, one after the other, come to."""
    added: set[bytes] = set()
    deleted: set[bytes] = set()
    for step in steps:
        gone, back = step.deleted & added, step.added & deleted
        added -= gone
        deleted -= back
        added |= step.added - back
        deleted |= step.deleted - gone
    return Changes(frozenset(added), frozenset(deleted))


def quads_of(lines: Iterable[bytes]) -> ox.QuadParser:
    """Read quads from lines, with their blank nodes as they are."""
    return ox.parse(b"\n".join(lines), ox.RdfFormat.N_QUADS)


def _take_out(dataset: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Remove *quads*, and the names of graphs that hold none any more: there is no empty graph."""
    names = set()
    for quad in quads:
        dataset.remove(quad)
        names.add(quad.graph_name)
    for name in names:
        is_empty = next(dataset.quads_for_pattern(None, None, None, name), None) is None
        if is_empty and not isinstance(name, ox.DefaultGraph):
            dataset.remove_graph(name)


def _stored(dataset: ox.Store, quads: Iterable[ox.Quad]) -> frozenset[bytes]:
    """Return the lines of *quads* in the form in which *dataset* has them."""
    stored = (
        dataset.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)
        for quad in quads
    )
    return frozenset(f"{quad} .".encode() for found in stored for quad in found)


def _lines(text: bytes | None) -> set[bytes]:
    return set((text or b"").split(b"\n")[:-1])  # splitlines() would know other ends of lines, too
