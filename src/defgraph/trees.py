"""The dataset as the tree of files that people review: written back to where it came from.

===========================  ======================================================================
file                         what
===========================  ======================================================================
``data/<path>.ttl``          the named graph ``graph/<path>``
``ontology/alignments.ttl``  the alignments
``ontology/<module>.ttl``    of the ontology's graph what stands in this module already, and what
                             else is said of the things that it describes
``ontology/other.ttl``       what is said of things that no module describes
``other.nq``                 all that these files cannot hold: the default graph, graphs of other
                             names, triple terms, and blank nodes that stand in several graphs
===========================  ======================================================================

Inferred triples are not written: they follow from the rest. `read` gives the same dataset again.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias
from urllib.parse import unquote

import pyoxigraph as ox

from defgraph import sources, turtle
from defgraph.errors import EncodingError, TurtleSyntaxError, UnreadableFileError
from defgraph.export import serialise
from defgraph.namespaces import ALIGNMENTS_GRAPH, GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, VOID_GRAPH

GraphName: TypeAlias = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Part: TypeAlias = frozenset[ox.Triple]
"""Triples that have blank nodes in common, directly or through others; or one that has none."""

QUADS: Final = PurePosixPath("other.nq")
_ALIGNMENTS: Final = PurePosixPath("ontology/alignments.ttl")
_OTHER_TERMS: Final = PurePosixPath("ontology/other.ttl")
_LONGEST_PATH: Final = 1000
_LONGEST_NAME: Final = 240
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)
_COMPUTED: Final = frozenset({_INFERRED, ox.NamedNode(VOID_GRAPH)})


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a dataset by their paths, and those that are there and hold nothing of it."""

    files: Mapping[PurePosixPath, bytes]
    gone: tuple[PurePosixPath, ...]


def tree(dataset: ox.Store, folder: Path) -> Tree:
    """Return the tree of *dataset* in canonical Turtle, for a *folder* that may hold an older one.

    Of a file that is there the comment at its top and its prefixes are kept; one that says the same
    already is left as it is, byte for byte. Modules of the ontology are those in the folder, or the
    shipped ones where it has none. Time grows steeply with blank nodes that nothing tells apart.
    Raises UnreadableFileError.
    """
    turtles, quads = _by_file(dataset, _modules(folder))
    files = {path: _turtle(triples, folder / path) for path, triples in turtles.items()}
    if quads:
        files[QUADS] = serialise(quads, "nquads")
    gone = tuple(path for path in _files_in(folder) if path not in files)
    return Tree(dict(sorted(files.items())), gone)


def read(folder: Path) -> ox.Store:
    """Return the dataset whose tree is in *folder*, without what follows from it.

    Raises UnreadableFileError, EncodingError and TurtleSyntaxError.
    """
    dataset = ox.Store()
    for path in _files_in(folder):
        if path == QUADS:
            with (folder / path).open("rb") as file:
                dataset.bulk_extend(ox.parse(file, ox.RdfFormat.N_QUADS, rename_blank_nodes=True))
        else:
            dataset.bulk_extend(turtle.parse(folder / path, graph_name=_graph_of(path)))
    return dataset


def path_of(graph_name: str) -> PurePosixPath | None:
    """Return the file of the data that becomes the graph of this name; None if none does."""
    if not graph_name.startswith(GRAPH) or graph_name in sources.RESERVED:
        return None
    name = unquote(graph_name.removeprefix(GRAPH))
    path = PurePosixPath(f"{name}.ttl")
    *folders, _ = parts = path.parts
    is_plain = (
        name.isprintable()
        and not path.is_absolute()
        and not {".", ".."} & {*parts, *name.split("/")}
        and not any(each.endswith(".ttl") for each in folders)  # a file may be called so
        and len(os.fsencode(name)) <= _LONGEST_PATH
        and max(len(os.fsencode(each)) for each in parts) <= _LONGEST_NAME
    )
    return path if is_plain and sources.graph_name(path) == graph_name else None


def _by_file(
    dataset: ox.Store, modules: _Modules
) -> tuple[dict[PurePosixPath, set[ox.Triple]], list[ox.Quad]]:
    """Return the triples of each file of Turtle, and the quads that none of them can hold."""
    graphs: dict[GraphName, list[ox.Triple]] = defaultdict(list)
    for quad in dataset:
        if quad.graph_name not in _COMPUTED:
            graphs[quad.graph_name].append(quad.triple)
    shared = _shared_blank_nodes(graphs)
    turtles: dict[PurePosixPath, set[ox.Triple]] = defaultdict(set)
    quads: list[ox.Quad] = []
    for name, triples in sorted(graphs.items(), key=str):
        file = _file_of(name)
        for part in _parts(triples):
            if file is None or any(not _is_for_turtle(each, shared) for each in part):
                quads += (ox.Quad(each.subject, each.predicate, each.object, name) for each in part)
                continue
            for path in modules.of(part) if name == ox.NamedNode(ONTOLOGY_GRAPH) else (file,):
                turtles[path] |= part
    return turtles, quads


def _file_of(name: GraphName) -> PurePosixPath | None:
    if not isinstance(name, ox.NamedNode):
        return None
    if name.value in {ONTOLOGY_GRAPH, ALIGNMENTS_GRAPH}:
        return _ALIGNMENTS if name.value == ALIGNMENTS_GRAPH else _OTHER_TERMS
    path = path_of(name.value)
    return PurePosixPath("data") / path if path is not None else None


def _shared_blank_nodes(graphs: Mapping[GraphName, Iterable[ox.Triple]]) -> set[ox.BlankNode]:
    """Return those that stand in several graphs, or are the name of one."""
    seen = {name for name in graphs if isinstance(name, ox.BlankNode)}
    shared: set[ox.BlankNode] = set()
    for triples in graphs.values():
        here = {node for triple in triples for node in _blank_nodes(triple)}
        shared |= here & seen
        seen |= here
    return shared


def _blank_nodes(triple: ox.Triple) -> Iterator[ox.BlankNode]:
    for term in (triple.subject, triple.object):
        if isinstance(term, ox.BlankNode):
            yield term
        elif isinstance(term, ox.Triple):
            yield from _blank_nodes(term)


def _is_for_turtle(triple: ox.Triple, shared: set[ox.BlankNode]) -> bool:
    object_ = triple.object
    is_newer = isinstance(object_, ox.Triple) or (
        isinstance(object_, ox.Literal) and object_.direction is not None
    )
    return not is_newer and shared.isdisjoint(_blank_nodes(triple))


def _parts(triples: Iterable[ox.Triple]) -> list[Part]:
    leads_to: dict[ox.BlankNode, ox.BlankNode] = {}

    def root(node: ox.BlankNode) -> ox.BlankNode:
        while (above := leads_to.setdefault(node, node)) != node:
            leads_to[node] = node = leads_to[above]
        return node

    parts: list[Part] = []
    linked: list[tuple[ox.BlankNode, ox.Triple]] = []
    for triple in triples:
        nodes = list(_blank_nodes(triple))
        if not nodes:
            parts.append(frozenset({triple}))
            continue
        linked.append((nodes[0], triple))
        for other in nodes[1:]:
            leads_to[root(other)] = root(nodes[0])
    by_root: dict[ox.BlankNode, set[ox.Triple]] = defaultdict(set)
    for node, triple in linked:
        by_root[root(node)].add(triple)
    return parts + [frozenset(each) for each in by_root.values()]


class _Modules:
    """The modules of the ontology, and what stands in which of them."""

    def __init__(self, files: Mapping[PurePosixPath, Path]) -> None:
        self._stated: dict[bytes, list[PurePosixPath]] = defaultdict(list)
        self._describing: dict[ox.NamedNode, PurePosixPath] = {}
        for path, file in files.items():
            for part in _parts(_stored(turtle.parse(file))):
                self._stated[_key(part)].append(path)
                for triple in part:
                    if isinstance(triple.subject, ox.NamedNode):
                        self._describing.setdefault(triple.subject, path)

    def of(self, part: Part) -> Iterable[PurePosixPath]:
        """Return the modules that a part of the ontology's graph belongs to."""
        if found := self._stated.get(_key(part)):
            # A statement may stand in several; of things without a name each is another.
            return (found.pop(0),) if any(map(_has_blank_node, part)) else found
        subjects = sorted((t.subject for t in part if isinstance(t.subject, ox.NamedNode)), key=str)
        described = (self._describing[each] for each in subjects if each in self._describing)
        return (next(described, _OTHER_TERMS),)


def _modules(folder: Path) -> _Modules:
    own = {path: folder / path for path in _files_in(folder) if path.parts[0] == "ontology"}
    shipped = {PurePosixPath("ontology", f.path.name): f.path for f in sources.ontology_files()}
    files = own or shipped
    return _Modules({path: file for path, file in files.items() if path != _ALIGNMENTS})


def _key(part: Part) -> bytes:
    if len(part) == 1 and not any(map(_has_blank_node, part)):
        return b"".join(str(triple).encode() for triple in part)
    return _canonical(part)


def _has_blank_node(triple: ox.Triple) -> bool:
    return any(True for _ in _blank_nodes(triple))


def _turtle(triples: Iterable[ox.Triple], file: Path) -> bytes:
    """Return the content of a file: what it holds, if that says the same."""
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return turtle.rewritten("", triples).encode()
    except OSError as error:
        raise UnreadableFileError(file, error.strerror or str(error)) from error
    with suppress(EncodingError, TurtleSyntaxError):
        held = turtle.parse(file)
        if _canonical(_stored(held)) == _canonical(triples):
            return content
        forms = _lexical_forms(held)
        triples = [
            ox.Triple(s, p, forms.get(o, o) if isinstance(o, ox.Literal) else o)
            for s, p, o in triples
        ]
    return turtle.rewritten(content.decode(errors="replace"), triples).encode()


def _lexical_forms(quads: Iterable[ox.Quad]) -> dict[ox.Literal, ox.Literal]:
    """Return what a dataset writes otherwise of the values in *quads*, and how it stands there.

    A value that stands there in several forms is left out.
    """
    written: dict[ox.Literal, set[ox.Literal]] = defaultdict(set)
    for literal in {quad.object for quad in quads if isinstance(quad.object, ox.Literal)}:
        [stored] = _stored([ox.Quad(_INFERRED, _INFERRED, literal)])
        if isinstance(stored.object, ox.Literal):
            written[stored.object].add(literal)
    return {stored: forms.pop() for stored, forms in written.items() if len(forms) == 1}


def _canonical(triples: Iterable[ox.Triple]) -> bytes:
    return serialise((ox.Quad(*triple) for triple in triples), "ntriples")


def _stored(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """Return the triples with their values in the form that a dataset has them in."""
    store = ox.Store()
    store.extend(quads)
    return [quad.triple for quad in store]


def _files_in(folder: Path) -> list[PurePosixPath]:
    found = [
        *(folder / "data").rglob("*.ttl"),
        *(folder / "ontology").glob("*.ttl"),
        folder / QUADS,
    ]
    return sorted(PurePosixPath(path.relative_to(folder)) for path in found if path.is_file())


def _graph_of(path: PurePosixPath) -> str:
    if path.parts[0] == "ontology":
        return ALIGNMENTS_GRAPH if path == _ALIGNMENTS else ONTOLOGY_GRAPH
    return sources.graph_name(path.relative_to("data"))
