"""Links as files hold them: two IRIs, the property between them, and the graph that says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from defgraph import rdf_files, turtle
from defgraph.errors import UnreadableFileError
from defgraph.linking.trying import try_to_read
from defgraph.namespaces import OWL, PREFIXES, SKOS
from defgraph.sources import SourceFile

SAME: Final = (OWL + "sameAs", SKOS + "exactMatch", PREFIXES["schema"] + "sameAs")
"""The properties that say that two IRIs name one thing."""

MAPPING: Final = (
    OWL + "sameAs",
    *(SKOS + f"{each}Match" for each in ("exact", "close", "broad", "narrow", "related")),
)
"""The properties that a linkset may relate two IRIs by."""


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

    One may take all memory there is (XML whose entities hold entities), or end the process. Raises
    a SourceError or DataSyntaxError, and what `try_to_read` raises.
    """
    quads: list[ox.Quad] = []
    for each in rdf_files.files_at(paths, graph=None):
        if each.path.is_fifo():
            raise UnreadableFileError(each.path, "this is a pipe, which cannot be read twice")
        try_to_read(each.path, partial(_pass_over, each))
        quads += rdf_files.quads_in(each, lambda _: None)
    return quads


def _pass_over(file: rdf_files.RdfFile) -> None:
    deque(rdf_files.quads_in(file, lambda _: None), maxlen=0)


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
