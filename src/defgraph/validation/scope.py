"""What is validated when somebody names a few files: those, and what they may refer to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from defgraph import sources, turtle
from defgraph.namespaces import GRAPH
from defgraph.sources import SourceFile

_REFERENCE = GRAPH + "reference/"


def with_reference(
    files: Sequence[SourceFile], others: Iterable[SourceFile] | None = None
) -> tuple[SourceFile, ...]:
    """Return *files* and the data that they may refer to: by default the shipped reference data.

    A file that holds more than half of another's statements is a new version of it and takes its
    place; what was deleted from a copy of ``people.ttl`` is not made good by ``people.ttl`` itself.

    Raises UnreadableFileError, EncodingError and TurtleSyntaxError.
    """
    if others is None:
        others = (file for file in sources.data_files() if file.graph_name.startswith(_REFERENCE))
    given = [_ground(file.path) for file in files]
    names = {file.graph_name for file in files}
    return (
        *files,
        *(
            other
            for other in others
            if other.graph_name not in names and not _is_superseded(_ground(other.path), given)
        ),
    )


def _is_superseded(old: set[ox.Triple], given: Iterable[set[ox.Triple]]) -> bool:
    return any(2 * len(old & new) > len(old) for new in given)


def _ground(path: Path) -> set[ox.Triple]:
    """The statements that name no blank node, which two versions of a file share."""
    return {
        quad.triple
        for quad in turtle.parse(path)
        if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode)
    }
