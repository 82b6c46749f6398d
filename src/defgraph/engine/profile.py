"""What kind of dataset a store holds: ours, or one that we assume nothing about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, Protocol, cast

import pyoxigraph as ox

from defgraph.engine.outcomes import Refused
from defgraph.namespaces import INFERRED_GRAPH, PREFIXES


class Gate(Protocol):
    """What a dataset must stand before it is published: a module above the store, by its name."""

    def infer(self, dataset: ox.Store) -> Iterable[ox.Triple]:
        """Return what the inferred graph is to hold."""

    def refusal(self, dataset: ox.Store) -> Refused | None:
        """Return why *dataset* may not be published, None if it may."""

    def prepare(self) -> None:
        """Read and import all that the others need, as they may open no file."""


class GraphWriter(Protocol):
    """A module that writes graphs in a media type, in a process that may open no file."""

    def prepare(self) -> None:
        """Read and import all that writing needs."""

    def write(self, ntriples: bytes, thing: str | None = None) -> bytes:
        """Write a graph anew that is given as N-Triples, about one *thing* if it is named.

        Raises InexpressibleError.
        """


class Describer(Protocol):
    """A module that says what a dataset holds, in a process that may open no file."""

    def prepare(self) -> None:
        """Read and import all that describing needs."""
        ...

    def describe(self, dataset: ox.Store) -> bytes:
        """Return the triples of its graph `defgraph.namespaces.VOID_GRAPH` as N-Triples."""
        ...


def describer_called(name: str) -> Describer:
    """Import a describer."""
    return cast(Describer, import_module(name))


class Dumper(Protocol):
    """A module that writes dumps of a dataset, in a process that may open no file."""

    def prepare(self) -> None:
        """Read and import all that writing needs."""
        ...

    def write(self, dataset: ox.Store, media_type: str, file: int) -> None:
        """Write the dumps in an RDF media type to an empty *file*; raises OSError."""
        ...


def gate_called(name: str) -> Gate:
    """Import a gate."""
    return cast(Gate, import_module(name))


def dumper_called(name: str) -> Dumper:
    """Import a dumper."""
    return cast(Dumper, import_module(name))


def writer_called(name: str) -> GraphWriter:
    """Import a writer."""
    return cast(GraphWriter, import_module(name))


@dataclass(frozen=True, slots=True)
class Profile:
    """How a dataset is asked, and what a write to it must stand."""

    prefixes: Mapping[str, str] = field(
        default_factory=lambda: dict(PREFIXES)
    )  # that are known anyway
    default_graph_is_union: bool = True  # of the named graphs, in queries
    gate: str | None = None  # the module that infers and judges: see Gate
    inferred_graph: str | None = INFERRED_GRAPH  # which nobody writes to
    base_iri: str | None = None  # what a relative IRI is of; None: it is a mistake
    # The modules above the store that write a graph in a media type as the engine does not: see
    # GraphWriter. They are read before a worker is made.
    writers: Mapping[str, str] = field(default_factory=dict)
    describer: str | None = None  # the module above the store that describes it: see Describer
    dumper: str | None = None  # the module above the store that writes dumps: see Dumper
    services: Sequence[str] = ()  # the endpoints that a query may ask by SERVICE

    def prepare(self) -> None:
        """Have every module that is named here read and import all that it needs."""
        for name in (self.gate, *self.writers.values(), self.describer, self.dumper):
            if name is not None:
                import_module(name).prepare()


PLAIN: Final = Profile(
    prefixes={},
    default_graph_is_union=False,
    inferred_graph=None,
    base_iri="http://localhost/sparql",
)
"""A dataset of the user's own: no prefixes of ours, no inference, no shapes."""
