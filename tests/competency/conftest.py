"""What the competency tests share: the dataset, what is left of it without a source's support,
and answers that can be compared."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from defgraph import inference, loading
from defgraph.namespaces import INFERRED_GRAPH, PREFIXES, XSD, expand

ARTICLE = Path(__file__).resolve().parents[3] / "shared" / "article"

Answer = bool | Counter[frozenset[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal]]]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory) -> ox.Store:
    """The shipped dataset, with what follows from it."""
    return loading.load(cache_dir=tmp_path_factory.mktemp("inferred"))


@pytest.fixture(scope="session")
def ask() -> Callable[[ox.Store, str], Answer]:
    """Answer a query as the whole dataset sees it: the default graph is the union."""

    def ask(store: ox.Store, query: str) -> Answer:
        results = store.query(query, use_default_graph_as_union=True, prefixes=dict(PREFIXES))
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        names = [variable.value for variable in results.variables]
        return Counter(
            frozenset((n, v) for n, v in zip(names, row, strict=True) if v and not for_people(n))
            for row in results
        )

    return ask


@pytest.fixture(scope="session")
def expected() -> Callable[[Any], Answer]:
    """Read an answer as the YAML files write it."""

    def expected(solutions: bool | list[dict[str, Any]]) -> Answer:
        if isinstance(solutions, bool):
            return solutions
        return Counter(frozenset((n, term(v)) for n, v in row.items()) for row in solutions)

    return expected


@pytest.fixture(scope="session")
def without(dataset) -> Callable[[Iterable[str]], ox.Store]:
    """The dataset without what these segments support, and without what followed from that.

    A segment supports the claims that have a span in it and the plain statements that those hold.
    One that supports no claim, such as editorial matter, goes itself.
    """

    def without(segments: Iterable[str]) -> ox.Store:
        identifiers = set(segments)
        cited = {
            quad.subject
            for quad in _about(dataset, "dcterms:identifier")
            if quad.object.value in identifiers
        }
        assert len(cited) == len(identifiers)
        spans = {q.subject for q in _about(dataset, "def:inSegment") if q.object in cited}
        claims = {q.subject for q in _about(dataset, "def:hasSpan") if q.object in spans}
        statements = {_statement(dataset, claim) for claim in claims}
        gone = claims or cited
        left = ox.Store()
        left.bulk_extend(
            quad
            for quad in dataset
            if quad.graph_name.value != INFERRED_GRAPH
            and quad.subject not in gone
            and (quad.subject, quad.predicate, quad.object) not in statements
        )
        inferred = ox.NamedNode(INFERRED_GRAPH)
        left.bulk_extend(ox.Quad(*triple, inferred) for triple in inference.infer(left))
        return left

    return without


@pytest.fixture(scope="session")
def article() -> Path:
    """The folder of the article beside the checkout; the project does not hold its text."""
    if not ARTICLE.is_dir():
        pytest.skip("the article is not in ../shared: it is not part of the project")
    return ARTICLE


def for_people(variable: str) -> bool:
    """Whether a column is there for a reader and says nothing that the others do not."""
    return variable.endswith("Label")


def term(value: bool | int | str) -> ox.NamedNode | ox.Literal:
    """Read a term as YAML holds it: true, 2, "state:nz", '"S2"' or '"2025-12"^^xsd:gYearMonth'."""
    if isinstance(value, bool):
        return ox.Literal(value)
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
    if not value.startswith('"'):
        return ox.NamedNode(expand(value))
    lexical, _, rest = value[1:].rpartition('"')
    if rest.startswith("^^"):
        return ox.Literal(lexical, datatype=ox.NamedNode(expand(rest[2:])))
    return ox.Literal(lexical, language=rest[1:]) if rest else ox.Literal(lexical)


def _about(dataset: ox.Store, predicate: str) -> Iterable[ox.Quad]:
    return dataset.quads_for_pattern(None, ox.NamedNode(expand(predicate)), None, None)


def _statement(dataset: ox.Store, claim: ox.NamedNode) -> tuple[ox.NamedNode, ...]:
    """The subject, property and value that a claim is about."""
    return tuple(
        next(dataset.quads_for_pattern(claim, ox.NamedNode(expand(name)), None, None)).object
        for name in ("def:aboutSubject", "def:aboutProperty", "def:aboutValue")
    )
