"""What a write changes: found out by doing it, on a worker's own copy of the dataset.

Text and data are a stranger's here, and the worker may crash on them, hang or run out of memory.
Nothing that it did remains but the list of the quads to add and to delete.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

import pyoxigraph as ox

from defgraph.engine.aggregates import refuse_misplaced
from defgraph.engine.diagnosis import PADDING, explained
from defgraph.engine.evaluation import MAX_TERM_BYTES, accepted_by, is_readable, write_graph
from defgraph.engine.functions import with_unknown_functions
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.respelling import respelt
from defgraph.engine.tasks import Task, Upload
from defgraph.errors import (
    DataSyntaxError,
    InferredGraphError,
    QueryEvaluationError,
    QueryRefusedError,
    UnknownGraphError,
    UploadTooLargeError,
)
from defgraph.guard import refuse_network, without_silent_loads
from defgraph.log.changes import Changes, add, difference, lines_of, quads_of, remove
from defgraph.namespaces import VOID_GRAPH
from defgraph.tokens import Token, position, tokens

MAX_NESTING: Final = 100
"""Of triple terms: a worker could read deeper ones, but not everybody has its stack."""

MAX_SUGGESTED: Final = 100

_DATA: Final = re.compile(r"\b(?:INSERT|DELETE)(?=\s+DATA\b)", re.IGNORECASE)
_OPERATION: Final = re.compile(
    r"INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|\\u", re.IGNORECASE
)
_OF_OTHER_GRAPHS: Final = (
    *("GRAPH", "USING", "WITH", "NAMED", "ALL"),
    *("LOAD", "CREATE", "COPY", "MOVE", "ADD"),
)
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')


def changes_of(task: Task, dataset: ox.Store, profile: Profile, limits: Limits) -> Changes:
    """Do what *task* says, on *dataset*, and return what that changed.

    Raises what :class:`defgraph.store.protocol.WritableStore` says of each write; then *dataset*
    may be in any state.
    """
    if task.kind != "update":
        _check_stated(task.graph, profile)
    if task.kind == "update":
        changes = _update(task, dataset, profile)
    elif task.kind == "patch":
        changes = _patch(task, dataset, profile)
    else:
        changes = _graph(task, dataset)
    lines = [*changes.added, *changes.deleted]
    if sum(map(len, lines)) > limits.max_patch_bytes:
        raise UploadTooLargeError(limits.max_upload_bytes)
    for line in lines:
        if line.count(b"<<(") > MAX_NESTING and _nesting(line) > MAX_NESTING:
            raise DataSyntaxError(f"Triple terms may be nested {MAX_NESTING} deep, and no deeper")
        if not is_readable(line):
            reason = f"A term may have {MAX_TERM_BYTES:,} bytes at most, as N-Quads writes it"
            raise DataSyntaxError(reason)
    if profile.inferred_graph is not None and _touches(lines, profile.inferred_graph):
        raise InferredGraphError(profile.inferred_graph)
    if profile.describer is not None and _touches(lines, VOID_GRAPH):
        raise InferredGraphError(VOID_GRAPH)
    return changes


def _check_stated(graph: str | None, profile: Profile) -> None:
    """Raise InferredGraphError for a graph that is computed, whether it is there or not."""
    described = VOID_GRAPH if profile.describer is not None else None
    if graph is not None and graph in (profile.inferred_graph, described):
        raise InferredGraphError(graph)


def read_graph(
    task: Task, dataset: ox.Store, profile: Profile, limits: Limits
) -> tuple[str, bytes]:
    """Return the media type that the task accepts, and the graph in it.

    Raises NotAcceptableError, UnknownGraphError and ResultTooLargeError.
    """
    name = _name(task)
    media_type = accepted_by(task.accept, graph=True)
    triples = [quad.triple for quad in dataset.quads_for_pattern(None, None, None, name)]
    if not triples and task.graph is not None:
        raise UnknownGraphError(task.graph, _graphs(dataset))
    return media_type, write_graph(triples, media_type, limits.max_result_bytes, profile)


def has_graph(task: Task, dataset: ox.Store) -> bool:
    """Tell whether the task's graph holds a triple, or is the default graph; raises no other."""
    name = _name(task)
    return task.graph is None or any(dataset.quads_for_pattern(None, None, None, name))


def with_using(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Return an update whose operations with a WHERE have a USING, too, for each graph.

    Raises QueryRefusedError where the text has USING or WITH itself (SPARQL 1.1 Protocol 2.2.3).
    """
    clauses = [f"USING {ox.NamedNode(iri)}" for iri in default]
    clauses += [f"USING NAMED {ox.NamedNode(iri)}" for iri in named]
    done, parts = 0, []
    outside = list(_outside_of_braces(text))
    for at, token in enumerate(outside):
        if not token.is_word("WHERE"):
            continue
        parts.append(text[done : token.start])
        if at > 0 and outside[at - 1].is_word("DELETE"):  # DELETE WHERE {} is short for more
            pattern = outside[at + 1 : at + 3]
            parts.append(text[pattern[0].start : pattern[-1].end] if pattern else "")
        parts.append(f" {' '.join(clauses)} ")
        done = token.start
    for token in outside:
        if token.is_word("USING", "WITH"):
            line, column = position(text, token.start)
            reason = f"The request names graphs in its parameters and with {token.text}; do one"
            raise QueryRefusedError(reason, line=line, column=column)
    return "".join([*parts, text[done:]])


def _outside_of_braces(text: str) -> Iterator[Token]:
    """Yield the tokens outside of all braces, and the outermost braces themselves."""
    depth = 0
    for token in tokens(text):
        depth -= token.text == "}"
        if depth == 0:
            yield token
        depth += token.text == "{"


def _update(task: Task, dataset: ox.Store, profile: Profile) -> Changes:
    text = without_silent_loads(task.body.decode())
    refuse_network(text, is_update=True)
    known = _known_operation(text)
    if not known:
        refuse_misplaced(text, is_update=True)
    before = set() if known else lines_of(dataset)
    try:
        if task.describes_dataset:
            text = with_using(text, task.default_graphs or (), task.named_graphs or ())
        used = {name: iri for name, iri in profile.prefixes.items() if name + ":" in text}
        if known:
            quads = ox.Store()
            quads.update(
                f"{text[: known.start()]}INSERT{text[known.end() :]}{PADDING}",
                base_iri=profile.base_iri,
                prefixes=used,
            )
            return (add if known[0].upper() == "INSERT" else remove)(dataset, quads)
        update = partial(dataset.update, text + PADDING, base_iri=profile.base_iri, prefixes=used)
        with_unknown_functions(lambda functions: update(custom_functions=dict(functions)))
    except SyntaxError as error:
        sent = task.body.decode()
        if (again := respelt(sent, is_update=True)) != sent:
            return _update(task._replace(body=again.encode()), dataset, profile)
        has_base = profile.base_iri is not None
        raise explained(error, text, profile.prefixes, is_update=True, has_base=has_base) from error
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryEvaluationError(str(error), "update") from error
    return difference(before, lines_of(dataset))


def _patch(task: Task, dataset: ox.Store, profile: Profile) -> Changes:
    """Do an update to which the task's graph is the only one: the default graph (GSP 5.7)."""
    text = task.body.decode()
    for token in tokens(text):
        if token.is_word(*_OF_OTHER_GRAPHS):
            line, column = position(text, token.start)
            reason = f"{token.text} is for several graphs, and what patches a graph is for that one"
            raise QueryRefusedError(f"{reason}; use /update", line=line, column=column)
    name = _name(task)
    alone = ox.Store()
    alone.extend(
        ox.Quad(each.subject, each.predicate, each.object)
        for each in dataset.quads_for_pattern(None, None, None, name)
    )
    changes = _update(task._replace(kind="update"), alone, profile)
    if task.graph is None:
        return changes
    added, deleted = (
        {_in_graph(line, name) for line in lines} for lines in (changes.added, changes.deleted)
    )
    return Changes(frozenset(added), frozenset(deleted))


def _in_graph(line: bytes, name: ox.NamedNode | ox.DefaultGraph) -> bytes:
    return line[:-1] + f"{name} .".encode()


def _known_operation(text: str) -> re.Match[str] | None:
    """Return the word INSERT or DELETE of an update that is one INSERT DATA or DELETE DATA.

    What it changes is known from it alone, while of others it takes a look at the whole dataset.
    No keyword occurs twice, not even in a string: where there is any doubt, it is another.
    """
    found = _DATA.search(text)
    if found is None or len(_OPERATION.findall(text)) != 1:
        return None
    may_be_wrong = found[0].upper() == "DELETE" and ("_:" in text or "[" in text)
    return None if may_be_wrong else found


def _graph(task: Task, dataset: ox.Store) -> Changes:
    name = _name(task)
    if task.kind == "add":
        return add(dataset, _parsed(task, name))
    before = lines_of(dataset, name)
    if task.kind == "delete":
        if not before and task.graph is not None:
            raise UnknownGraphError(task.graph, _graphs(dataset))
        return Changes(deleted=frozenset(before))
    return difference(before, lines_of(_parsed(task, name)))


def _parsed(task: Task, name: ox.NamedNode | ox.DefaultGraph) -> ox.Store:
    """Return what was sent, in a dataset of its own; its blank nodes are no others'."""
    parsed = ox.Store()
    for number, upload in enumerate(task.uploads, start=1):
        which = f"Part {number}: this" if len(task.uploads) > 1 else "This"
        read = _read(upload, which, task.graph)
        parsed.extend(ox.Quad(each.subject, each.predicate, each.object, name) for each in read)
    return parsed


def _read(upload: Upload, which: str, base_iri: str | None) -> Iterator[ox.Quad]:
    rdf_format = ox.RdfFormat.from_media_type(upload.media_type)
    if rdf_format is None:
        raise DataSyntaxError(f"There is no RDF format {upload.media_type}")
    try:
        yield from ox.parse(
            upload.body,
            rdf_format,
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
    except SyntaxError as error:
        reason = f"{which} is not {rdf_format.name}: {error.msg}"
        raise DataSyntaxError(reason, line=error.lineno, column=error.offset) from error
    except ValueError as error:
        raise DataSyntaxError(f"{which} is not {rdf_format.name}: {error}") from error


def _name(task: Task) -> ox.NamedNode | ox.DefaultGraph:
    try:
        return ox.DefaultGraph() if task.graph is None else ox.NamedNode(task.graph)
    except ValueError as error:
        raise DataSyntaxError(f"A graph cannot be called <{task.graph}>: {error}") from error


def _graphs(dataset: ox.Store) -> list[str]:
    """Return the names of graphs to suggest: not so many that to compare them takes long."""
    some = islice(dataset.named_graphs(), MAX_SUGGESTED)
    return [name.value for name in some if isinstance(name, ox.NamedNode)]


def _nesting(line: bytes) -> int:
    return _STRING.sub(b"", line).count(b"<<(")


def _touches(lines: Collection[bytes], graph: str) -> bool:
    """Tell whether a quad is in *graph*; where its object is of that name, it is not for that."""
    name = ox.NamedNode(graph)
    candidates = [line for line in lines if line.endswith(f" {name} .".encode())]
    return any(quad.graph_name == name for quad in quads_of(candidates))
