"""Links as files hold them: two IRIs, the property between them, and the graph that says so."""

from __future__ import annotations

import os
import resource
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from defgraph import children, rdf_files, turtle
from defgraph.errors import DefgraphError, UnreadableFileError
from defgraph.namespaces import OWL, PREFIXES, SKOS
from defgraph.sources import SourceFile

SAME: Final = (OWL + "sameAs", SKOS + "exactMatch", PREFIXES["schema"] + "sameAs")
"""The properties that say that two IRIs name one thing."""

MAPPING: Final = (
    OWL + "sameAs",
    *(SKOS + f"{each}Match" for each in ("exact", "close", "broad", "narrow", "related")),
)
"""The properties that a linkset may relate two IRIs by."""


MEMORY_MIB: Final = 1024
CPU_S: Final = 60
"""What reading one file of somebody's may take."""

_DIFFERENT: Final = Path(__file__).parent / "different.ttl"


class Link(NamedTuple):
    """That *graph* relates *subject* to *object* by *property*."""

    subject: str
    property: str
    object: str
    graph: str


def quads_of(files: Iterable[SourceFile]) -> list[ox.Quad]:
    """Return what files of Turtle say. Raises a SourceError."""
    return [quad for each in files for quad in turtle.parse(each.path, graph_name=each.graph_name)]


def differences() -> list[ox.Quad]:
    """Return which things of others are known to differ, though one is often linked as the other.

    They are no part of the dataset, which has nothing to say of the other thing.
    """
    return turtle.parse(_DIFFERENT)


def quads_at(paths: Iterable[Path]) -> list[ox.Quad]:
    """Return what files of RDF in any format say, each of which a child has tried to read first.

    A file may be of a kind that takes all memory there is (XML whose entities hold entities), or
    that ends the process. Raises a SourceError or DataSyntaxError; UnreadableFileError, too, where
    reading takes more than MEMORY_MIB or CPU_S.
    """
    quads: list[ox.Quad] = []
    for each in rdf_files.files_at(paths, graph=None):
        _try(each)
        quads += rdf_files.quads_in(each, lambda _: None)
    return quads


def _try(file: rdf_files.RdfFile) -> None:
    def confine() -> None:
        has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (has + MEMORY_MIB * 2**20,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        with Path(os.devnull).open("w") as nowhere:  # for what the engine says as it dies
            os.dup2(nowhere.fileno(), 2)

    def read() -> bytes:
        with suppress(DefgraphError):  # which will be raised again where it can be told
            deque(rdf_files.quads_in(file, lambda _: None), maxlen=0)
        return b""

    try:
        children.computed(read, confine)
    except MemoryError as error:
        reason = f"to read it takes more than {MEMORY_MIB:,} MiB of memory; divide it"
        raise UnreadableFileError(file.path, reason) from error
    except ChildProcessError as error:
        reason = f"to read it takes more than {CPU_S} s, or ends the program ({error}); divide it"
        raise UnreadableFileError(file.path, reason) from error


def links_in(quads: Iterable[ox.Quad], properties: Iterable[str]) -> list[Link]:
    """Return the links by *properties* among *quads*, each once a graph, in order."""
    wanted = frozenset(properties)
    return sorted(
        {
            Link(
                quad.subject.value,
                quad.predicate.value,
                quad.object.value,
                quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "",
            )
            for quad in quads
            if quad.predicate.value in wanted
            and isinstance(quad.subject, ox.NamedNode)
            and isinstance(quad.object, ox.NamedNode)
        }
    )


def things_in(quads: Iterable[ox.Quad]) -> frozenset[str]:
    """Return the IRIs that something is said of."""
    return frozenset(quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))
