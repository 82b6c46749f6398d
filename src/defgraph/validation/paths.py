"""Result paths (SHACL 2.3.1): read from a report, written as people and as RDF write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

import pyoxigraph as ox

from defgraph.namespaces import PREFIXES, RDF

SH: Final = PREFIXES["sh"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """One property."""

    iri: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path after another."""

    steps: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any one of several paths."""

    choices: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path walked backwards."""

    path: Path


@dataclass(frozen=True, slots=True)
class Repeated:
    """A path walked again and again; *mark* is SPARQL's: ``*``, ``+`` or ``?``."""

    path: Path
    mark: str


Path: TypeAlias = Predicate | Sequence | Alternative | Inverse | Repeated

_MARKS: Final = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def in_sparql(path: Path, name: Callable[[str], str]) -> str:
    """Return *path* as a SPARQL property path, each IRI written by *name*."""
    match path:
        case Predicate(iri):
            return name(iri)
        case Sequence(steps):
            return "/".join(_grouped(step, name) for step in steps)
        case Alternative(choices):
            return "|".join(_grouped(choice, name) for choice in choices)
        case Inverse(inner):
            return f"^{_grouped(inner, name)}"
        case Repeated(inner, mark):
            return f"{_grouped(inner, name)}{mark}"


def in_rdf(path: Path, label: str) -> tuple[ox.NamedNode | ox.BlankNode, list[ox.Triple]]:
    """Return the node that stands for *path*, and the triples that describe it.

    Blank nodes are labelled *label* and a number.
    """
    labels = count()
    triples: list[ox.Triple] = []

    def node(of: Path) -> ox.NamedNode | ox.BlankNode:
        if isinstance(of, Predicate):
            return ox.NamedNode(of.iri)
        if isinstance(of, Sequence):
            return listed(of.steps)
        name, value = structure(of)
        blank = ox.BlankNode(f"{label}{next(labels)}")
        triples.append(ox.Triple(blank, ox.NamedNode(SH + name), value))
        return blank

    def structure(
        of: Alternative | Inverse | Repeated,
    ) -> tuple[str, ox.NamedNode | ox.BlankNode]:
        match of:
            case Alternative(choices):
                return "alternativePath", listed(choices)
            case Inverse(inner):
                return "inversePath", node(inner)
            case Repeated(inner, mark):
                return next(name for name in _MARKS if _MARKS[name] == mark), node(inner)

    def listed(paths: tuple[Path, ...]) -> ox.NamedNode | ox.BlankNode:
        rest: ox.NamedNode | ox.BlankNode = ox.NamedNode(RDF + "nil")
        for each in reversed(paths):
            cell = ox.BlankNode(f"{label}{next(labels)}")
            triples.append(ox.Triple(cell, ox.NamedNode(RDF + "first"), node(each)))
            triples.append(ox.Triple(cell, ox.NamedNode(RDF + "rest"), rest))
            rest = cell
        return rest

    return node(path), triples


def read(node: ox.NamedNode | ox.BlankNode, graph: ox.Dataset) -> Path:
    """Return the path that *node* stands for in *graph*. Raises ValueError if it is none."""
    if isinstance(node, ox.NamedNode):
        return Predicate(node.value)
    about = {quad.predicate.value: quad.object for quad in graph.quads_for_subject(node)}
    if RDF + "first" in about:
        return Sequence(tuple(read(step, graph) for step in _items(node, graph)))
    for predicate, value in about.items():
        name = predicate.removeprefix(SH)
        if isinstance(value, ox.NamedNode | ox.BlankNode):
            if name == "alternativePath":
                return Alternative(tuple(read(each, graph) for each in _items(value, graph)))
            if name == "inversePath":
                return Inverse(read(value, graph))
            if name in _MARKS:
                return Repeated(read(value, graph), _MARKS[name])
    raise ValueError(f"{node} describes no SHACL path")


def _items(
    head: ox.NamedNode | ox.BlankNode, graph: ox.Dataset
) -> Iterator[ox.NamedNode | ox.BlankNode]:
    while isinstance(head, ox.BlankNode):
        about = {quad.predicate.value: quad.object for quad in graph.quads_for_subject(head)}
        first, rest = about.get(RDF + "first"), about.get(RDF + "rest")
        if not isinstance(first, ox.NamedNode | ox.BlankNode):
            raise TypeError(f"{head} is no list of paths")
        yield first
        if not isinstance(rest, ox.NamedNode | ox.BlankNode):
            raise TypeError(f"{head} is no list of paths")
        head = rest


def _grouped(path: Path, name: Callable[[str], str]) -> str:
    text = in_sparql(path, name)
    return text if isinstance(path, Predicate) else f"({text})"
