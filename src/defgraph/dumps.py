"""A folder of everything to take away: the dataset and each graph, in every format, with sums.

=====================  ==========================================================================
file                   what
=====================  ==========================================================================
``dataset.*``          all graphs, each under its name: N-Quads, TriG, JSON-LD
``union.*``            the triples of all graphs together: Turtle, N-Triples, RDF/XML
``graph.<name>.*``     one named graph in all six; ``/`` in its name is ``.`` here
``*.gz``               each of these files once more, compressed
``SHA256SUMS``         for ``sha256sum --check``
=====================  ==========================================================================
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph.errors import InexpressibleError, UnwritableFileError
from defgraph.export import export
from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import GRAPH

SUMS: Final = "SHA256SUMS"
_PLAIN_NAME: Final = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*\Z")
_LONGEST_NAME: Final = 150
_MODE: Final = 0o755


@dataclass(frozen=True, slots=True)
class Dump:
    """What was written: names of files, and why others were not."""

    files: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]  # name and reason


def dump(store: ox.Store, folder: Path) -> Dump:
    """Write the files into *folder*, whole or not at all; the same dataset gives the same bytes.

    A dump that is there is replaced. A file is left out where its format has no way to say what
    it would hold. Raises UnwritableFileError where nothing can be written, and for a folder that
    holds anything else than a dump.
    """
    target = folder.resolve()
    _check_replaceable(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        try:
            new = scratch / "new"
            new.mkdir()
            made = _fill(store, new)
            new.chmod(_MODE)
            if target.exists():
                target.rename(scratch / "old")
            new.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise UnwritableFileError(folder, error.strerror or str(error)) from error
    return made


def file_stem(graph: str) -> str:
    """Return what the files of the graph with this IRI are called, before the ending.

    Two graphs never share a name: where the IRI is not a plain path below ours, its SHA-256 is
    part of the name.
    """
    path = graph.removeprefix(GRAPH)
    if graph != path and len(path) <= _LONGEST_NAME and _PLAIN_NAME.match(path):
        return "graph." + path.replace("/", ".")
    words = re.sub(r"[^a-z0-9]+", "-", graph.lower()).strip("-")[-60:]
    return f"graph.{words}_{hashlib.sha256(graph.encode()).hexdigest()[:32]}"


def _fill(store: ox.Store, folder: Path) -> Dump:
    sums: dict[str, str] = {}
    left_out: list[tuple[str, str]] = []
    for name, form, graph in _planned(store):
        try:
            content = export(store, form, graph)
        except InexpressibleError as error:
            left_out.append((name, str(error)))
            continue
        for each, written in ((name, content), (f"{name}.gz", _compressed(content))):
            (folder / each).write_bytes(written)
            sums[each] = hashlib.sha256(written).hexdigest()
    lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    (folder / SUMS).write_text(lines, encoding="utf-8")
    return Dump((*sorted(sums), SUMS), tuple(left_out))


def _planned(store: ox.Store) -> Iterator[tuple[str, str, str | None]]:
    """Name of a file, format, and the graph that it holds (None: all of them)."""
    for form in RDF_FORMATS:
        yield f"{'dataset' if form.holds_graphs else 'union'}{form.extension}", form.name, None
    names = sorted(each.value for each in store.named_graphs() if isinstance(each, ox.NamedNode))
    for graph in names:
        for form in RDF_FORMATS:
            yield file_stem(graph) + form.extension, form.name, graph


def _compressed(content: bytes) -> bytes:
    """With neither time nor name in the header, so that the bytes are the same each time."""
    buffer = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def _check_replaceable(folder: Path) -> None:
    """Raise UnwritableFileError where *folder* holds what a dump would not have written."""
    try:
        there = {each.name for each in folder.iterdir()}
        if not there:
            return
        sums = (folder / SUMS).read_text(encoding="utf-8") if SUMS in there else ""
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its SHA256SUMS is not text"
        raise UnwritableFileError(folder, reason or str(error)) from error
    others = there - {SUMS} - {line.partition("  ")[2] for line in sums.splitlines()}
    if others:
        raise UnwritableFileError(
            folder, f"it holds {min(others)}, which is no part of a dump; name an empty folder"
        )
