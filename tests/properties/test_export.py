"""Whatever the dataset, every format reads back as the same dataset in both libraries."""

from __future__ import annotations

import logging

import pyoxigraph as ox
import pytest
import rdflib
from datasets import BLANK_NODES, GRAPH_NAMES, NAMED_NODES, OBJECTS, PREDICATES, QUADS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defgraph.export import export, serialise
from defgraph.media_types import RDF_FORMATS, by_name
from defgraph.namespaces import PREFIXES

IN_RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}
IN_PYOXIGRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


@st.composite
def lists(draw) -> list[ox.Quad]:
    """An RDF list, at times spoilt: a shared tail, a cell with more to say, a ring."""
    graph = draw(GRAPH_NAMES)
    items = draw(st.lists(OBJECTS, min_size=1, max_size=3))
    cells = [ox.BlankNode(f"l{number}") for number in range(len(items))]
    end = draw(st.sampled_from([ox.NamedNode(PREFIXES["rdf"] + "nil")] * 4 + [cells[0]]))
    head = draw(st.one_of(NAMED_NODES, BLANK_NODES))
    quads = [ox.Quad(head, draw(PREDICATES), cells[0], graph)]
    for cell, item, rest in zip(cells, items, [*cells[1:], end], strict=True):
        quads.append(ox.Quad(cell, ox.NamedNode(PREFIXES["rdf"] + "first"), item, graph))
        quads.append(ox.Quad(cell, ox.NamedNode(PREFIXES["rdf"] + "rest"), rest, graph))
    return quads


DATASETS = st.builds(
    lambda quads, some_lists: quads + [quad for one in some_lists for quad in one],
    st.lists(QUADS, max_size=12),
    st.lists(lists(), max_size=2),
)


def canonical(quads) -> set[str]:
    """The quads with canonical blank node labels: equal sets mean isomorphic datasets."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def merged(quads) -> set[ox.Quad]:
    return {ox.Quad(*quad.triple) for quad in quads}


def read_by_rdflib(data: bytes, format_name: str) -> set[str]:
    """What rdflib makes of *data*; N-Quads carry lexical forms untouched."""
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=IN_RDFLIB[format_name], publicID="http://base.test/")
    written = dataset.serialize(format="nquads").encode()
    return canonical(ox.parse(written, format=ox.RdfFormat.N_QUADS))


@pytest.fixture(autouse=True)
def _untouched_lexical_forms(monkeypatch, caplog):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    caplog.set_level(logging.ERROR, logger="rdflib.term")  # "many"^^xsd:integer is meant


@pytest.mark.parametrize("format_name", sorted(IN_RDFLIB))
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@given(quads=DATASETS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_format_reads_back_isomorphic(format_name, quads):
    store = ox.Store()
    store.extend(quads)

    data = export(store, format_name)

    held = set(store)  # the store itself rewrites some lexical forms
    wanted = canonical(held if by_name(format_name).holds_graphs else merged(held))
    assert canonical(ox.parse(data, format=IN_PYOXIGRAPH[format_name])) == wanted
    assert read_by_rdflib(data, format_name) == wanted


@given(quads=DATASETS, seed=st.randoms())
@settings(max_examples=40, deadline=None)
def test_order_and_labels_of_blank_nodes_do_not_matter(quads, seed):
    renamed = [
        ox.Quad(
            *(
                ox.BlankNode(f"other{each.value}") if isinstance(each, ox.BlankNode) else each
                for each in quad
            )
        )
        for quad in quads
    ]
    seed.shuffle(renamed)

    for form in RDF_FORMATS:
        assert serialise(renamed, form.name) == serialise(quads, form.name)
