"""What the tests of the data ask: the shipped files, each in its named graph.

``ask`` and ``select`` see what is stated, ``ask_all`` what follows from it as well.
"""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph import loading
from defgraph.namespaces import PREFIXES
from defgraph.sources import data_files, ontology_files

Ask = Callable[[str], bool]
Select = Callable[[str], list[tuple[str | None, ...]]]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def store() -> ox.Store:
    store = ox.Store()
    for file in (*ontology_files(), *data_files()):
        store.load(
            path=file.path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(file.graph_name)
        )
    return store


@pytest.fixture(scope="session")
def ask(store) -> Ask:
    """Whether a group graph pattern has a solution in the union of the graphs."""
    return asking(store)


@pytest.fixture(scope="session")
def ask_all(tmp_path_factory) -> Ask:
    """The same, with the inferred triples among the graphs."""
    return asking(loading.load(cache_dir=tmp_path_factory.mktemp("cache")))


def asking(store: ox.Store) -> Ask:
    def ask(pattern: str) -> bool:
        return bool(
            store.query(
                f"ASK {{ {pattern} }}", use_default_graph_as_union=True, prefixes=dict(PREFIXES)
            )
        )

    return ask


@pytest.fixture(scope="session")
def select(store) -> Select:
    """The solutions of a SELECT query over the union, as tuples of plain strings."""

    def select(query: str) -> list[tuple[str | None, ...]]:
        solutions = store.query(query, use_default_graph_as_union=True, prefixes=dict(PREFIXES))
        return [tuple(term and term.value for term in solution) for solution in solutions]

    return select


@pytest.fixture(scope="session")
def article() -> Path:
    """The folder of the article beside the checkout; the project does not hold its text."""
    folder = ROOT.parent / "shared" / "article"
    if not folder.is_dir():
        pytest.skip("the article is not in ../shared: it is not part of the project")
    return folder
