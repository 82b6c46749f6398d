"""What the tests of the ontology read: its modules and the data, as inference reads them."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph.namespaces import LINKS_GRAPHS, ONTOLOGY_GRAPH, QUESTIONS_GRAPH
from defgraph.sources import data_files, ontology_files

Load = Callable[[Iterable[Path]], ox.Store]


@pytest.fixture(scope="session")
def ontology() -> tuple[Path, ...]:
    """The modules of the ontology, without the alignments, which nothing imports."""
    return tuple(file.path for file in ontology_files() if file.graph_name == ONTOLOGY_GRAPH)


@pytest.fixture(scope="session")
def data() -> tuple[Path, ...]:
    """The data without the questions, which are about the data."""
    return tuple(
        file.path for file in data_files() if not file.graph_name.startswith(QUESTIONS_GRAPH)
    )


@pytest.fixture(scope="session")
def statements() -> tuple[Path, ...]:
    """The data that inference reads: neither links nor questions."""
    return tuple(
        file.path
        for file in data_files()
        if not file.graph_name.startswith((LINKS_GRAPHS, QUESTIONS_GRAPH))
    )


@pytest.fixture(scope="session")
def load() -> Load:
    """Read Turtle files into the default graph of a store."""

    def load(paths: Iterable[Path]) -> ox.Store:
        store = ox.Store()
        for path in paths:
            store.load(path=path, format=ox.RdfFormat.TURTLE)
        return store

    return load
