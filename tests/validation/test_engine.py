from __future__ import annotations

import logging
import socket
import subprocess
import sys
from functools import partial
from importlib.util import find_spec

import pyoxigraph as ox
import pytest

from defgraph import validation
from defgraph.errors import ShapeError
from defgraph.namespaces import expand
from defgraph.validation.engine import default_engine
from defgraph.validation.paths import Inverse, Predicate, Sequence
from defgraph.validation.report import WARNING

PARTIES = "agreement:a a def:Agreement ; def:hasParty "
NOT_RELEASED = pytest.mark.skipif(
    find_spec("shacl") is None, reason="the package shacl is not released for this platform"
)


@pytest.fixture(params=[pytest.param("shacl", marks=NOT_RELEASED), "pyshacl"])
def run(request):
    """Validate a graph with one of the engines: they are to answer alike."""
    return partial(validation.run, engine=request.param)


def test_a_sound_graph_has_no_results(run, triples, shapes, reference):
    assert run(triples(reference + PARTIES + "state:jp , state:nz ."), shapes) == []


def test_a_result_says_everything_about_the_fault(run, triples, shapes, reference):
    (result,) = run(triples(reference + PARTIES + "state:jp , person:p ."), shapes)

    assert result.focus_node == ox.NamedNode(expand("agreement:a"))
    assert result.path == Predicate(expand("def:hasParty"))
    assert result.value == ox.NamedNode(expand("person:p"))
    assert result.component == expand("sh:ClassConstraintComponent")
    assert result.shape == ox.NamedNode(expand("shape:agreement-party"))
    assert result.severity == expand("sh:Violation")
    assert result.message == "A party is a state: give def:hasParty a def:State."  # not Japanese


def test_what_is_missing_has_no_value(run, triples, shapes, reference):
    (result,) = run(triples(reference + PARTIES + "state:jp ."), shapes)

    assert result.value is None
    assert result.component == expand("sh:MinCountConstraintComponent")


def test_a_warning_is_no_violation(run, triples, shapes, reference):
    sound = reference + PARTIES + 'state:jp , state:nz ; def:name "A" , "B" .'

    (result,) = run(triples(sound), shapes)

    assert result.severity == WARNING
    assert not result.is_violation


def test_sparql_constraints_know_their_prefixes_and_fill_in_the_message(
    run, triples, shapes, reference
):
    text = reference + PARTIES + "state:jp , state:nz ; def:amendsAgreement agreement:a ."

    (result,) = run(triples(text), shapes)

    assert result.component == expand("sh:SPARQLConstraintComponent")
    assert expand("agreement:a") in result.message


def test_many_focus_nodes_are_judged_by_one_parsed_query(run, triples, shapes, reference):
    many = "".join(
        f"agreement:n{n} a def:Agreement ; def:hasParty state:jp , state:nz ;"
        f" def:amendsAgreement agreement:n{n if n % 2 else 0} ."
        for n in range(1, 7)
    )

    found = run(triples(reference + many), shapes)

    assert {str(result.focus_node)[-3:-1] for result in found} == {"n1", "n3", "n5"}


def test_paths_are_read_from_the_report(run, triples):
    shapes = triples(
        "shape:s a sh:NodeShape ; sh:targetNode state:jp ;"
        " sh:property [ sh:path ( [ sh:inversePath def:hasParty ] def:name ) ; sh:minCount 1 ] ."
    )

    (result,) = run(triples("agreement:a def:hasParty state:jp ."), shapes)

    party, name = Predicate(expand("def:hasParty")), Predicate(expand("def:name"))
    assert result.path == Sequence((Inverse(party), name))


def test_subclasses_count_by_the_ontology_in_the_data_graph(run, triples, shapes, reference):
    graph = reference + "def:Treaty rdfs:subClassOf def:Agreement . agreement:t a def:Treaty ."

    assert [result.component for result in run(triples(graph), shapes)] == [
        expand("sh:MinCountConstraintComponent")
    ]


def test_a_shape_that_cannot_be_used_is_told(run, triples):
    broken = triples("shape:s a sh:PropertyShape ; sh:targetNode state:jp ; sh:minCount 1 .")

    with pytest.raises(ShapeError, match="path"):
        run(triples("state:jp a def:State ."), broken)


def test_ill_typed_literals_are_judged_without_a_word_from_the_libraries(
    run, triples, capfd, caplog
):
    shapes = triples(
        "shape:s a sh:NodeShape ; sh:targetNode state:jp ;"
        " sh:property [ sh:path def:statedOrdinal ; sh:datatype xsd:integer ] ."
    )
    with caplog.at_level(logging.DEBUG):
        (result,) = run(triples('state:jp def:statedOrdinal "tenth"^^xsd:integer .'), shapes)

    assert result.value == ox.Literal("tenth", datatype=ox.NamedNode(expand("xsd:integer")))
    assert capfd.readouterr() == ("", "")


def test_neither_graph_is_changed_and_nothing_is_fetched(
    run, triples, shapes, reference, monkeypatch
):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was tried"))
    data = triples(reference + "<urn:e:o> a owl:Ontology ; owl:imports <http://e.test/o> .")
    before = (list(data), list(shapes))

    run(data, shapes)

    assert (data, shapes) == before


def test_blank_nodes_keep_their_names(run, triples):
    shapes = triples(
        "[] a sh:NodeShape ; sh:targetSubjectsOf def:hasParty ; sh:nodeKind sh:IRI ;"
        " sh:property [ sh:path def:hasParty ; sh:class def:State ] ."
    )
    data = triples("".join(f"[] def:hasParty [ def:name '{n}' ] ." for n in range(300)))
    stated = {t.subject: t.object for t in data if t.predicate.value.endswith("hasParty")}

    found = run(data, shapes)

    assert {r.focus_node: r.value for r in found if r.path} == stated
    assert {r.focus_node for r in found if not r.path} == set(stated)
    assert {r.shape for r in found} <= {t.subject for t in shapes}


def test_a_blank_node_may_have_the_name_of_one_in_the_report(run):
    party, state = ox.NamedNode(expand("def:hasParty")), ox.NamedNode(expand("sh:nodeKind"))
    target = ox.NamedNode(expand("sh:targetSubjectsOf"))
    shape, names = ox.NamedNode("urn:e:s"), ["r0", "r1", "0_b1", "1_b0", "b0"]
    shapes = [
        ox.Triple(shape, target, party),
        ox.Triple(shape, state, ox.NamedNode(expand("sh:IRI"))),
    ]
    shapes.append(
        ox.Triple(shape, ox.NamedNode(expand("rdf:type")), ox.NamedNode(expand("sh:NodeShape")))
    )

    found = run(
        [ox.Triple(ox.BlankNode(name), party, ox.BlankNode("b1")) for name in names], shapes
    )

    assert {result.focus_node for result in found} == {ox.BlankNode(name) for name in names}


def test_what_a_property_shape_finds_by_sparql_has_a_value_only_if_the_query_names_one(
    run, triples
):
    shapes = triples(
        "shape:s a sh:PropertyShape ; sh:targetClass def:State ; sh:path def:name ; sh:sparql"
        " [ sh:select 'SELECT $this WHERE { $this a ?t }' ; sh:message 'no value' ] ,"
        " [ sh:select 'SELECT $this ?value WHERE { $this a ?t BIND ($this AS ?value) }' ;"
        " sh:message 'value' ] ."
    )

    found = run(triples("state:jp a def:State ."), shapes)

    values = {result.message: result.value for result in found}
    assert values == {"no value": None, "value": ox.NamedNode(expand("state:jp"))}


def test_every_result_is_reported_once_for_each_fault(run, triples, shapes, reference):
    found = run(triples(reference + PARTIES + "person:p , person:q ."), shapes)

    assert len([result for result in found if result.value is not None]) == 2


def test_queries_that_are_no_sparql_are_told(run, triples):
    broken = triples(
        "shape:s a sh:NodeShape ; sh:targetClass def:State ; sh:sparql [ sh:select 'SELECT WHERE' ] ."
    )

    with pytest.raises(ShapeError):
        run(triples("state:jp a def:State ."), broken)


def test_a_query_may_not_ask_another_service(run, triples):
    federated = triples(
        "shape:s a sh:NodeShape ; sh:targetClass def:State ; sh:sparql [ sh:select"
        " 'SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }' ] ."
    )

    with pytest.raises(ShapeError):
        run(triples("state:jp a def:State ."), federated)


@NOT_RELEASED
def test_the_engine_in_rust_judges_where_it_is_to_be_had():
    assert default_engine() == "shacl"


@NOT_RELEASED
def test_a_child_process_loads_no_more_than_the_engine_it_asks():
    code = (
        "import sys; from defgraph.validation import run; run([], []); "
        "print(*{name.partition('.')[0] for name in sys.modules} & {'rdflib', 'pyshacl', 'pydantic'})"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert answer.stdout.strip() == ""
