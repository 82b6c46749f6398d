"""What the tests of the shapes share: datasets to judge, parsed once, and how a result is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph import inference, sources, turtle
from defgraph.namespaces import GRAPH, INFERRED_GRAPH, shorten
from defgraph.validation import Report, Result, validate
from defgraph.validation.paths import in_sparql

Judge = Callable[[Iterable[ox.Quad]], Report]


@pytest.fixture(scope="session")
def report_of() -> Callable[[Path], Report]:
    """Validate a file with the ontology, the reference data and what follows, by all the shapes."""
    return _report_of


@pytest.fixture(scope="session")
def dataset_of() -> Callable[[Path], ox.Store]:
    """Make the dataset of a file with the ontology, the reference data and what follows."""
    return lambda path: _dataset([*_known(), *turtle.parse(path, graph_name=GRAPH + "test")])


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Validate quads that are the whole dataset, with what follows from them, by all the shapes."""
    return _judged


@pytest.fixture(scope="session")
def shipped() -> frozenset[ox.Quad]:
    """The statements of the shipped dataset, without what follows from them."""
    return frozenset(_parsed(lambda name: True))


@pytest.fixture(scope="session")
def known() -> tuple[ox.Quad, ...]:
    """The statements of the ontology and the reference data, which a test file may refer to."""
    return _known()


@pytest.fixture(scope="session")
def written() -> Callable[[Result], str]:
    """Write a result as the first line of a test file has it: path, or - for none, and component."""
    return _written


@cache
def _report_of(path: Path) -> Report:
    return _judged([*_known(), *turtle.parse(path, graph_name=GRAPH + "test")])


def _judged(quads: Iterable[ox.Quad]) -> Report:
    return validate(_dataset(quads))


def _dataset(quads: Iterable[ox.Quad]) -> ox.Store:
    dataset = ox.Store()
    dataset.extend(quads)
    graph = ox.NamedNode(INFERRED_GRAPH)
    dataset.extend([ox.Quad(*triple, graph) for triple in inference.infer(dataset)])
    return dataset


@cache
def _known() -> tuple[ox.Quad, ...]:
    return tuple(_parsed(lambda name: name.startswith(GRAPH + "reference/")))


def _parsed(wanted: Callable[[str], bool]) -> list[ox.Quad]:
    files = [file for file in sources.data_files() if wanted(file.graph_name)]
    return [
        quad
        for file in (*sources.ontology_files(), *files)
        for quad in turtle.parse(file.path, graph_name=file.graph_name)
    ]


def _written(result: Result) -> str:
    path = in_sparql(result.path, shorten) if result.path else "-"
    return f"{path} {shorten(result.component)}"
