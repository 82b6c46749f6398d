from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pyoxigraph as ox
import pytest
import rdflib

from defgraph import loading
from defgraph.errors import InexpressibleError, UnknownFormatError, UnknownGraphError
from defgraph.export import export
from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import ONTOLOGY_GRAPH, RDF

SAMPLE = """
PREFIX def: <https://w3id.org/defgraph/def/>
PREFIX graph: <https://w3id.org/defgraph/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX state: <https://w3id.org/defgraph/id/state/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
state:nz rdfs:label "New Zealand"@en .
GRAPH graph:a { state:nz rdfs:label "New Zealand"@en ; def:date "2025-12"^^xsd:gYearMonth }
GRAPH graph:b { state:jp def:hasParty ( state:jp state:nz ) ; def:statedOrdinal 007 }
"""
EVERY = [each.name for each in RDF_FORMATS]
OF_TRIPLES = ["turtle", "ntriples", "rdfxml"]


@pytest.fixture
def store():
    store = ox.Store()
    store.load(SAMPLE.encode(), format=ox.RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return loading.load(cache_dir=tmp_path_factory.mktemp("cache"))


def quads_in(text: bytes, format_name: str) -> list[ox.Quad]:
    ending = next(each.extension for each in RDF_FORMATS if each.name == format_name)
    form = ox.RdfFormat.from_extension(ending.removeprefix("."))
    assert form is not None
    return list(ox.parse(text, format=form))


@pytest.mark.parametrize("format_name", OF_TRIPLES)
def test_a_format_of_triples_holds_the_union_of_the_graphs(store, format_name):
    quads = quads_in(export(store, format_name), format_name)

    labels = [quad for quad in quads if quad.predicate.value.endswith("label")]
    assert len(labels) == 1
    assert len(quads) == len({quad.triple for quad in store})


@pytest.mark.parametrize("format_name", ["nquads", "trig", "jsonld"])
def test_a_format_of_quads_keeps_the_graphs(store, format_name):
    quads = quads_in(export(store, format_name), format_name)

    assert {str(quad.graph_name) for quad in quads} == {str(quad.graph_name) for quad in store}
    assert len(quads) == len(store)


def test_one_graph_is_exported_alone(store):
    quads = quads_in(export(store, "nquads", "https://w3id.org/defgraph/graph/a"), "nquads")

    assert {quad.graph_name.value for quad in quads} == {"https://w3id.org/defgraph/graph/a"}


def test_turtle_is_canonical_with_our_prefixes(store):
    text = export(store, "turtle", "https://w3id.org/defgraph/graph/a").decode()

    assert 'state:nz\n    rdfs:label "New Zealand"@en ;\n' in text
    assert '"2025-12"^^xsd:gYearMonth' in text


@pytest.mark.parametrize("iri", ["https://w3id.org/defgraph/graph/nothing", "no IRI at all"])
def test_an_unknown_graph_is_told_with_those_there_are(store, iri):
    with pytest.raises(UnknownGraphError, match="graph/a"):
        export(store, "turtle", iri)


def test_a_format_for_results_is_no_format_for_a_dataset(store):
    with pytest.raises(UnknownFormatError, match="turtle"):
        export(store, "csv")


@pytest.mark.parametrize(
    ("triple", "reason"),
    [
        ('<urn:e:s> <urn:e:1> "x"', "urn:e:1"),
        ('<urn:e:s> <http://e.test/> "x"', "http://e.test/"),
        (f'<urn:e:s> <{RDF}li> "x"', "rdf-syntax-ns#li"),
        (f"<urn:e:s> <{RDF}type> <http://e.test/1>", "class <http://e.test/1>"),
        ('<urn:e:s> <urn:e:p> "\\u0001"', r"U\+0001"),
    ],
)
def test_what_rdfxml_cannot_say_is_told(triple, reason):
    store = ox.Store()
    store.load(f"{triple} .".encode(), format=ox.RdfFormat.N_TRIPLES)

    with pytest.raises(InexpressibleError, match=reason):
        export(store, "rdfxml")


def test_a_carriage_return_survives_rdfxml():
    store = ox.Store()
    store.load(b'<urn:e:s> <urn:e:p> "a\\r\\nb" .', format=ox.RdfFormat.N_TRIPLES)

    graph = rdflib.Graph().parse(data=export(store, "rdfxml"), format="xml")

    assert [str(value) for value in graph.objects()] == ["a\r\nb"]


def test_jsonld_embeds_its_context_so_that_reading_it_needs_no_network(store):
    text = export(store, "jsonld").decode()

    assert '"@context": {' in text
    assert '"dateMonth": "2025-12"' in text
    assert "context.jsonld" not in text


@pytest.mark.parametrize("format_name", EVERY)
def test_an_empty_dataset_is_an_empty_document(format_name):
    assert quads_in(export(ox.Store(), format_name), format_name) == []


def canonical(quads) -> set[str]:
    """The quads with canonical blank node labels: equal sets mean isomorphic datasets."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("format_name", EVERY)
def test_the_shipped_dataset_reads_back_in_both_libraries(shipped, monkeypatch, format_name):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    flat = format_name in OF_TRIPLES
    wanted = canonical(ox.Quad(*quad.triple) if flat else quad for quad in shipped)

    data = export(shipped, format_name)

    assert canonical(quads_in(data, format_name)) == wanted
    names = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    read = rdflib.Dataset()
    read.parse(data=data, format=names.get(format_name, format_name))
    assert canonical(quads_in(read.serialize(format="nquads").encode(), "nquads")) == wanted


def test_the_bytes_do_not_depend_on_the_hash_seed():
    program = """
import hashlib, defgraph
from defgraph.media_types import RDF_FORMATS
graph = defgraph.open()
for each in RDF_FORMATS:
    print(each.name, hashlib.sha256(graph.export(each.name)).hexdigest())
"""

    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(runs) == 1
    assert len(runs.pop().splitlines()) == len(EVERY)


def test_an_export_of_one_graph_is_part_of_the_whole(shipped):
    whole = set(export(shipped, "nquads").splitlines())
    part = export(shipped, "nquads", "https://w3id.org/defgraph/graph/reference/states")

    assert set(part.splitlines()) <= whole
    assert hashlib.sha256(part).digest() != hashlib.sha256(b"").digest()
    assert ONTOLOGY_GRAPH.encode() not in part
