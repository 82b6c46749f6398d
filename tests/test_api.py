"""The graph in Python."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest
import rdflib

import defgraph
from defgraph.errors import (
    QueryEvaluationError,
    QueryRefusedError,
    QuerySyntaxError,
    UnknownGraphError,
    UnknownThingError,
    UnreadableFileError,
)
from defgraph.namespaces import DEF, GRAPH, PREFIXES


@pytest.fixture(scope="module")
def g():
    return defgraph.open()


def test_ask_gives_a_bool(g):
    assert g.query("ASK { ?agreement a def:Agreement }") is True
    assert g.query("ASK { state:nz a def:Agreement }") is False


def test_select_gives_python_values(g):
    found = g.query("SELECT ?label { state:nz rdfs:label ?label FILTER(LANG(?label) = 'en') }")

    assert found.column("label") == ["New Zealand"]
    assert found[0]["label"].language == "en"


def test_construct_gives_an_rdflib_graph_with_our_prefixes(g):
    found = g.query("CONSTRUCT { ?x a def:Agreement } WHERE { ?x def:hasParty state:nz }")

    assert isinstance(found, rdflib.Graph)
    assert len(found) > 0
    assert "def:Agreement" in found.serialize(format="turtle")


def test_describe_gives_an_rdflib_graph(g):
    assert len(g.query("DESCRIBE state:nz")) > 0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT WHERE", QuerySyntaxError),
        ("ASK { SERVICE <http://127.0.0.1:9/> {} }", QueryRefusedError),
        ("SELECT (TRIPLE(def:s, def:p, 1) AS ?x) {}", QueryEvaluationError),
        ("CONSTRUCT { def:s def:p <<( def:s def:p 1 )>> } WHERE {}", QueryEvaluationError),
    ],
)
def test_a_query_that_cannot_be_answered_is_one_of_our_errors(g, text, error):
    with pytest.raises(error):
        g.query(text)


def test_the_rdflib_dataset_is_the_dataset(g):
    copy = g.rdflib()

    assert isinstance(copy, rdflib.Dataset)
    names = {str(graph.identifier) for graph in copy.graphs() if len(graph)}
    assert names == {name.value for name in g.dataset.named_graphs()}
    assert sum(len(copy.graph(name)) for name in names) == len(g.dataset)


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")  # RDFLib's own
def test_in_the_rdflib_dataset_the_default_graph_is_the_union(g):
    text = "SELECT ?x { ?x a def:Agreement }"

    assert {str(row.x) for row in g.rdflib().query(text)} == set(g.query(text).column("x"))


def test_the_rdflib_dataset_keeps_lexical_forms():
    store = ox.Store()
    month = ox.Literal("2025-12", datatype=ox.NamedNode(PREFIXES["xsd"] + "gYearMonth"))
    name = ox.NamedNode(GRAPH + "one")
    for each in (month, ox.Literal("日本", language="ja"), ox.Literal("x")):
        store.add(ox.Quad(ox.NamedNode(DEF + "s"), ox.NamedNode(DEF + "p"), each, name))

    copy = defgraph.Defgraph(store).rdflib()

    assert {each for _, _, each, _ in copy.quads()} == {
        rdflib.Literal("2025-12", datatype=rdflib.XSD.gYearMonth, normalize=False),
        rdflib.Literal("日本", lang="ja"),
        rdflib.Literal("x"),
    }


def test_it_can_be_taken_away_in_a_named_format(g):
    quads = list(ox.parse(g.export("nquads"), format=ox.RdfFormat.N_QUADS))

    assert len(quads) == len(g.dataset)


def test_one_graph_can_be_taken_away(g):
    name = GRAPH + "reference/states"

    found = list(ox.parse(g.export("ntriples", name), format=ox.RdfFormat.N_TRIPLES))

    assert len(found) == len(
        list(g.dataset.quads_for_pattern(None, None, None, ox.NamedNode(name)))
    )
    with pytest.raises(UnknownGraphError):
        g.export("ntriples", GRAPH + "nothing")


@pytest.mark.parametrize("wrap", [str, lambda path: path, lambda path: [path]])
def test_other_data_is_a_file_or_a_folder_or_several(tmp_path, wrap):
    path = tmp_path / "mine.ttl"
    path.write_text(f"PREFIX def: <{DEF}> def:x a def:Treaty .")

    g = defgraph.open(wrap(path))

    assert g.query("ASK { GRAPH graph:mine { def:x a def:Treaty } }") is True
    assert g.query("ASK { state:nz ?p ?o }") is False


def test_data_that_is_not_there_is_named():
    with pytest.raises(UnreadableFileError, match="nowhere"):
        defgraph.open("nowhere")


def test_importing_defgraph_imports_nothing_heavy():
    script = (
        "import sys, defgraph;"
        "print([m for m in ('rdflib', 'pyshacl', 'pyoxigraph', 'pydantic', 'fastapi', 'rich')"
        " if m in sys.modules])"
    )

    out = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)

    assert out.stdout.strip() == "[]"


def test_asking_needs_no_rdflib():
    script = (
        "import sys, defgraph; defgraph.open().query('SELECT * { ?s ?p ?o } LIMIT 1');"
        "print('rdflib' in sys.modules)"
    )

    out = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)

    assert out.stdout.strip() == "False"


def test_what_is_public_is_there():
    assert all(getattr(defgraph, name) is not None for name in defgraph.__all__)
    with pytest.raises(AttributeError, match="no_such_thing"):
        defgraph.no_such_thing  # noqa: B018


def test_a_thing_is_plain_json_with_its_parts_inside(g):
    document = g.document("agreement:jp-nz-acsa-2025")

    assert document["type"] == "AcquisitionAndCrossServicingAgreement"
    assert [party["id"] for party in document["hasParty"]] == ["state:jp", "state:nz"]
    assert document["hasAgreementEvent"][0]["dateMonth"] == "2025-12"


def test_a_document_of_something_unknown_is_an_error(g):
    with pytest.raises(UnknownThingError):
        g.document("agreement:none")
