"""RDF files of every format, as they are loaded into a store: which there are, and their quads."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar, cast

import pyoxigraph as ox

from defgraph import sources, turtle
from defgraph.errors import (
    DataSyntaxError,
    TurtleSyntaxError,
    UnknownFormatError,
    UnreadableFileError,
)
from defgraph.media_types import RDF_FORMATS, Format, by_extension

if TYPE_CHECKING:
    from typing_extensions import Buffer

_GZIP: Final = ".gz"
_BLOCK: Final = 2**20
_RELABELLED: Final = frozenset({ox.BlankNode, ox.Triple})


@dataclass(frozen=True, slots=True)
class RdfFile:
    """A file of RDF, maybe compressed, and the graph that its triples are for."""

    path: Path
    form: Format
    graph: str | None  # None: the default graph, or what the file says of its quads

    @property
    def bytes(self) -> int:
        """How long it is."""
        return self.path.stat().st_size


def files_at(
    paths: Iterable[Path], *, graph: str | None, default_graph: bool = False
) -> tuple[RdfFile, ...]:
    """Return the files of RDF at *paths*, and those below the folders among them.

    Their triples are for *graph*; where that is None, for the default graph or the graph that
    `sources` names after the path. A file of quads says so itself.

    Raises UnreadableFileError for a path that does not exist, for a folder without RDF, for a file
    of no known format, and for a file of quads where a *graph* is given.
    """
    return tuple(
        _file(path, name, graph, default_graph) for given in paths for path, name in _found(given)
    )


def quads_in(file: RdfFile, advance: Callable[[int], Any]) -> Iterator[ox.Quad]:
    """Yield the quads of a file, and tell *advance* how many bytes were read.

    A blank node gets a label that no other file's has, and the same one each time the same text is
    read for the same graph: so a file that is loaded again changes nothing.

    Raises UnreadableFileError, EncodingError, TurtleSyntaxError and DataSyntaxError.
    """
    relabelled = _relabelling(file)
    graph = ox.NamedNode(file.graph) if file.graph is not None else None
    rdf_format = ox.RdfFormat.from_media_type(file.form.media_type)
    with _open(file.path, advance) as content:
        try:
            for quad in ox.parse(content, rdf_format, without_named_graphs=graph is not None):
                subject, predicate, object_, name = quad
                types = (type(subject), type(object_), type(name))
                if graph is None and _RELABELLED.isdisjoint(types):
                    yield quad  # most are like this
                else:
                    name = graph or relabelled(name)
                    yield ox.Quad(relabelled(subject), predicate, relabelled(object_), name)
        except SyntaxError as error:
            raise _explained(error, file) from error
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFileError(file.path, _fault(error, content)) from error


def _found(given: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    """Yield each file, with the path that names its graph."""
    if not given.exists():
        raise UnreadableFileError.missing(given, "file or folder")
    if not given.is_dir():
        yield given, PurePosixPath(given.name)
        return
    below = [each for each in sorted(given.rglob("*")) if each.is_file() and _format(each)]
    if not below:
        raise UnreadableFileError(given, "this folder holds no RDF")
    for path in below:
        yield path, PurePosixPath(path.relative_to(given).as_posix())


def _file(path: Path, name: PurePosixPath, graph: str | None, default_graph: bool) -> RdfFile:
    form = _format(path)
    if form is None:
        known = ", ".join(each.extension for each in RDF_FORMATS)
        raise UnreadableFileError(path, f"its name says no format of RDF; it may end in {known}")
    if form.name in {"nquads", "trig"}:
        if graph is not None:
            raise UnreadableFileError(path, "a file of quads names its graphs itself")
        return RdfFile(path, form, None)
    if graph is None and not default_graph:
        graph = sources.graph_name(_uncompressed(name))
    return RdfFile(path, form, graph)


def _format(path: Path) -> Format | None:
    try:
        return by_extension(_uncompressed(path).suffix, RDF_FORMATS)
    except UnknownFormatError:
        return None


_AnyPath = TypeVar("_AnyPath", Path, PurePosixPath)


def _uncompressed(path: _AnyPath) -> _AnyPath:
    return path.with_suffix("") if path.suffix == _GZIP else path


class _Counted(io.RawIOBase):
    """A file that tells how many bytes of it were read."""

    def __init__(self, path: Path, advance: Callable[[int], Any]) -> None:
        self._file, self._advance = path.open("rb", buffering=0), advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        size = self._file.readinto(buffer)
        self._advance(size)
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(path: Path, advance: Callable[[int], Any]) -> IO[bytes]:
    try:
        counted = io.BufferedReader(_Counted(path, advance), _BLOCK)
    except OSError as error:
        raise UnreadableFileError(path, f"it cannot be read ({error.strerror})") from error
    content = gzip.GzipFile(fileobj=counted) if path.suffix == _GZIP else counted
    return cast(IO[bytes], content)


def _relabelling(file: RdfFile) -> Callable[[Any], Any]:
    labels: dict[ox.BlankNode, ox.BlankNode] = {}
    mark = ""

    def relabelled(term: Any) -> Any:  # noqa: ANN401 - a term, and one that may stand there, too
        nonlocal mark
        if isinstance(term, ox.Triple):
            return ox.Triple(relabelled(term.subject), term.predicate, relabelled(term.object))
        if not isinstance(term, ox.BlankNode):
            return term
        mark = mark or _mark(file)
        return labels.setdefault(term, ox.BlankNode(f"b{mark}n{len(labels)}"))

    return relabelled


def _mark(file: RdfFile) -> str:
    """Return what the labels of a file's blank nodes have in common: see `turtle.parse`."""
    digest = hashlib.sha256(f"{file.graph}\n".encode())
    with _open(file.path, lambda _: None) as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()[:16]


def _fault(error: Exception, content: object) -> str:
    """Return why a file cannot be read, and how far it could be where it is compressed."""
    if not isinstance(content, gzip.GzipFile):
        return f"it cannot be read ({error})"
    if content.tell() == 0 and isinstance(error, gzip.BadGzipFile):
        return f"it cannot be read: its name ends in {_GZIP}, but it is not gzip"
    is_cut = isinstance(error, EOFError)
    what = "its gzip ends too early" if is_cut else f"its gzip is broken ({error})"
    return f"it cannot be read: {what}, after {content.tell():,} bytes of text"


def _explained(error: SyntaxError, file: RdfFile) -> DataSyntaxError | TurtleSyntaxError:
    if file.form.name == "turtle" and file.path.suffix != _GZIP:
        try:
            turtle.read(turtle.text_of(file.path), file.path)
        except TurtleSyntaxError as explained:
            return explained
    reason = f"{file.path} is not {file.form.label}: {error.msg}"
    return DataSyntaxError(reason, line=error.lineno, column=error.offset)
