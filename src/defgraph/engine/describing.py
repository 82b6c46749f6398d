"""The graph that says what the dataset holds: in the memory of a zygote, and nowhere else.

It is put there when a generation begins to be served, and taken away in a process that writes,
before anything else: so the log, snapshots, dumps and the shapes know nothing of it.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from defgraph import children, sandbox
from defgraph.engine.limits import MIB, Limits
from defgraph.engine.profile import Profile, describer_called
from defgraph.namespaces import VOID_GRAPH

MOST_QUADS: Final = 100_000
"""A larger dataset is not described: to count it would keep each write waiting for a second."""

_GRAPH: Final = ox.NamedNode(VOID_GRAPH)


def add_description(
    dataset: ox.Store, profile: Profile, means: sandbox.Means, limits: Limits
) -> None:
    """Describe *dataset*, in a child that is confined; if that fails, it is not described."""
    name = profile.describer
    if name is None or not 0 < len(dataset) <= MOST_QUADS:
        return
    address_space = sandbox.prepare() + limits.memory_mb * MIB
    try:
        told = children.computed(
            lambda: describer_called(name).describe(dataset),
            lambda: sandbox.enter(means, address_space=address_space),
        )
    except (MemoryError, ChildProcessError):
        return
    dataset.extend(
        ox.Quad(quad.subject, quad.predicate, quad.object, _GRAPH)
        for quad in ox.parse(told, format=ox.RdfFormat.N_TRIPLES)
    )


def remove_description(dataset: ox.Store, profile: Profile) -> None:
    """Take it away, from this process's copy of the dataset."""
    if profile.describer is not None:
        dataset.remove_graph(_GRAPH)
