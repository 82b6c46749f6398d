"""From files of Turtle to a dataset in memory, whole or not at all.

Every file is parsed before anything is published, so an error in one of them leaves nothing half
loaded. What follows from the files is computed once for each set of inputs: a wheel carries it for
the shipped files, and for others it is kept in the user's cache folder. Both are trusted only if
the SHA-256 that they name is that of the files, the rules and the code at hand.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import platformdirs
import pyoxigraph as ox

from defgraph import inference, sources, turtle
from defgraph.namespaces import INFERRED_GRAPH
from defgraph.sources import SourceFile

KEPT_IN_CACHE: Final = 20

_CODE: Final = tuple(m.__file__ for m in (inference, turtle) if m.__file__ is not None)
_HEADER: Final = re.compile(rb"# inferred from sha256:([0-9a-f]{64}) sha256:([0-9a-f]{64})\n")


def load(data: Sequence[SourceFile] | None = None, *, cache_dir: Path | None = None) -> ox.Store:
    """Return the dataset: the ontology, *data* (by default the shipped data) and what follows.

    *cache_dir* is where inferred triples are kept, by default the user's cache folder; one that
    cannot be written costs time and is no error.

    Raises UnreadableFileError, EncodingError and TurtleSyntaxError for the first file that cannot
    be taken, InferenceError for a rule that cannot.
    """
    files = (*sources.ontology_files(), *(sources.data_files() if data is None else data))
    dataset = _parsed(files)
    digest = _digest(files)
    cache = cache_dir if cache_dir is not None else _default_cache_dir()
    inferred = _inferred(dataset, digest, sources.shipped_inferences(), cache / f"{digest}.nt")
    graph = ox.NamedNode(INFERRED_GRAPH)
    dataset.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in inferred)
    return dataset


def shipped_graphs() -> ox.Store:
    """Return the shipped ontology and data, without what follows from them."""
    return _parsed((*sources.ontology_files(), *sources.data_files()))


def write_shipped_inferences(path: Path) -> None:
    """Write what follows from the shipped files, for a wheel to carry."""
    files = (*sources.ontology_files(), *sources.data_files())
    path.write_bytes(_written(inference.infer(shipped_graphs()), _digest(files)))


def _parsed(files: Iterable[SourceFile]) -> ox.Store:
    dataset = ox.Store()
    for file in files:
        dataset.bulk_extend(turtle.parse(file.path, graph_name=file.graph_name))
    return dataset


def _inferred(dataset: ox.Store, digest: str, shipped: Path, cached: Path) -> Sequence[ox.Triple]:
    for path in (shipped, cached):
        found = _read(path, digest)
        if found is not None:
            return found
    inferred = inference.infer(dataset)
    with suppress(OSError):
        _keep(cached, _written(inferred, digest))
    return inferred


def _digest(files: Iterable[SourceFile]) -> str:
    """Hash all that the inferred triples depend on; the paths of the files are none of it."""
    inputs = sorted((file.graph_name.encode(), file.path.read_bytes()) for file in files)
    inputs += [(rule.name.encode(), rule.text.encode()) for rule in inference.rules()]
    inputs += [(b"code", Path(source).read_bytes()) for source in _CODE]
    total = hashlib.sha256()
    for name, content in inputs:
        total.update(b"%d %d " % (len(name), len(content)) + name + content)
    return total.hexdigest()


def _written(triples: Iterable[ox.Triple], digest: str) -> bytes:
    body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    own = hashlib.sha256(body).hexdigest()
    return f"# inferred from sha256:{digest} sha256:{own}\n".encode() + body


def _read(path: Path, digest: str) -> list[ox.Triple] | None:
    """The triples in a file of ours for these inputs; None if it is another, or damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    header = _HEADER.match(content)
    if header is None or header[1].decode() != digest:
        return None
    body = content[header.end() :]
    if hashlib.sha256(body).hexdigest() != header[2].decode():
        return None
    return [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]


def _keep(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds all of it or nothing, and let the oldest ones go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    newest_first = sorted(path.parent.glob("*.nt"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT_IN_CACHE:]:
        old.unlink(missing_ok=True)


def _default_cache_dir() -> Path:
    return platformdirs.user_cache_path("defgraph") / "inferred"
