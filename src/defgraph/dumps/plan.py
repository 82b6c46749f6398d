"""Which files a dump has, what they are called, and the bytes of each."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final, NamedTuple

import pyoxigraph as ox

from defgraph.errors import InexpressibleError
from defgraph.export import export
from defgraph.media_types import RDF_FORMATS, Format
from defgraph.namespaces import GRAPH

SUMS: Final = "SHA256SUMS"
COMPRESSED: Final = ".gz"

_PLAIN_NAME: Final = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*\Z")
_LONGEST_NAME: Final = 150


class Content(NamedTuple):
    """The bytes of a file; *graph* is the IRI of the one that it holds, None: of all."""

    name: str
    graph: str | None
    content: bytes


class LeftOut(NamedTuple):
    """A file that is not there, and why."""

    name: str
    reason: str


def contents(store: ox.Store, form: Format) -> Iterator[Content | LeftOut]:
    """Yield each file in *form*, and the same compressed; or why its format cannot say it."""
    names = sorted(each.value for each in store.named_graphs() if isinstance(each, ox.NamedNode))
    for graph in (None, *names):
        name = file_name(form, graph)
        try:
            content = export(store, form.name, graph)
        except InexpressibleError as error:
            yield LeftOut(name, str(error))
            continue
        yield Content(name, graph, content)
        yield Content(name + COMPRESSED, graph, _compressed(content))


def file_name(form: Format, graph: str | None = None) -> str:
    """Return what the file is called that holds *graph*, or all graphs, in *form*."""
    if graph is not None:
        return file_stem(graph) + form.extension
    return f"{'dataset' if form.holds_graphs else 'union'}{form.extension}"


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


def files_of_dataset() -> tuple[tuple[Format, str], ...]:
    """Return the format and name of each file that holds all graphs."""
    return tuple((form, file_name(form)) for form in RDF_FORMATS)


def sums(of: Mapping[str, str]) -> bytes:
    """Return the SHA-256 sums *of* files, by their names, as ``sha256sum`` writes them."""
    return "".join(f"{of[name]}  {name}\n" for name in sorted(of)).encode()


def _compressed(content: bytes) -> bytes:
    """With neither time nor name in the header, so that the bytes are the same each time."""
    buffer = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()
