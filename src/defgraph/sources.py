"""Which Turtle files there are, and which named graph each of them becomes.

The shipped files lie inside the package when it is installed from a wheel, and in the folders
``ontology/``, ``data/`` and ``shapes/`` beside ``src/`` in a checkout.

=============================  =========================================
file                           named graph
=============================  =========================================
``ontology/alignments.ttl``    ``graph/alignments``
``ontology/*.ttl``             ``graph/ontology``, all of them together
``data/<path>.ttl``            ``graph/<path>``
shapes                         none: they are not part of the dataset
=============================  =========================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from defgraph.errors import GraphNameClashError, NoTurtleError, UnreadableFileError
from defgraph.namespaces import (
    ALIGNMENTS_GRAPH,
    GRAPH,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    VOID_GRAPH,
)

_PACKAGE: Final = Path(__file__).resolve().parent
RESERVED: Final = (ONTOLOGY_GRAPH, ALIGNMENTS_GRAPH, INFERRED_GRAPH, VOID_GRAPH)
"""Names of graphs that no file of the data becomes."""


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """A file of Turtle and the IRI of the named graph that it becomes."""

    path: Path
    graph_name: str


def folder(name: str) -> Path:
    """The shipped folder *name* (``ontology``, ``data``, ``shapes``): packaged or checked out."""
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name


def shipped_inferences() -> Path:
    """Where a wheel carries the triples inferred from the shipped files; absent in a checkout."""
    return _PACKAGE / "inferred.nt"


def ontology_files() -> tuple[SourceFile, ...]:
    """The modules of the ontology and its alignments."""
    return tuple(
        SourceFile(path, ALIGNMENTS_GRAPH if path.stem == "alignments" else ONTOLOGY_GRAPH)
        for path in sorted(folder("ontology").glob("*.ttl"))
    )


def data_files() -> tuple[SourceFile, ...]:
    """The shipped data, one named graph a file."""
    return tuple(_below(folder("data")))


def shape_files() -> tuple[Path, ...]:
    """The shapes that judge the dataset as a whole."""
    return tuple(sorted(folder("shapes").glob("*.ttl")))


def source_shape_files() -> tuple[Path, ...]:
    """The shapes that judge the graph of one source at a time."""
    return tuple(sorted((folder("shapes") / "source").glob("*.ttl")))


def rule_files() -> tuple[Path, ...]:
    """The inference rules, one SPARQL CONSTRUCT a file."""
    return tuple(sorted((folder("ontology") / "rules").glob("*.rq")))


def data_at(paths: Iterable[Path | str]) -> tuple[SourceFile, ...]:
    """Return the Turtle at *paths*, in place of the shipped data.

    A folder gives every ``.ttl`` file below it, named after its path from that folder; a single
    file is named after its stem. What lies in the shipped data folder keeps the name it has there.

    Raises UnreadableFileError for a path that does not exist, NoTurtleError for a folder without
    Turtle, GraphNameClashError when two files would become one graph or take a name of ours.
    """
    found: dict[str, SourceFile] = {}
    for path in map(Path, paths):
        for source in _at(path):
            other = found.setdefault(source.graph_name, source)
            if other.path.resolve() != source.path.resolve():
                raise GraphNameClashError(source.graph_name, other.path, source.path)
            if source.graph_name in RESERVED:
                raise GraphNameClashError(source.graph_name, "defgraph itself", source.path)
    return tuple(found.values())


def graph_name(relative: PurePosixPath | Path) -> str:
    """The graph that a file at this path below a data folder becomes."""
    return GRAPH + quote(PurePosixPath(relative).with_suffix("").as_posix(), safe="/")


def _at(path: Path) -> Iterable[SourceFile]:
    if not path.exists():
        raise UnreadableFileError.missing(path, "file or folder")
    shipped = folder("data").resolve()
    resolved = path.resolve()
    if path.is_dir():
        below = shipped if resolved.is_relative_to(shipped) else None
        files = tuple(_below(path, named_from=below))
        if not files and (path / "head").is_file() and (path / "lock").is_file():
            reason = (
                f"this folder is a store; 'defgraph serve --store {path}' serves it, "
                f"and 'defgraph export --store {path} --tree DIR' writes it as Turtle to be asked"
            )
            raise UnreadableFileError(path, reason)
        if not files:
            raise NoTurtleError(path)
        return files
    if resolved.is_relative_to(shipped):
        return (SourceFile(path, graph_name(resolved.relative_to(shipped))),)
    return (SourceFile(path, graph_name(PurePosixPath(path.name))),)


def _below(root: Path, *, named_from: Path | None = None) -> Iterable[SourceFile]:
    """Every file of Turtle below *root*, named after its path from *named_from* (or *root*)."""
    for path in sorted(root.rglob("*.ttl")):
        if not path.is_file():
            continue
        relative = path.resolve().relative_to(named_from) if named_from else path.relative_to(root)
        yield SourceFile(path, graph_name(relative))
