from __future__ import annotations

import logging
import socket

import pyoxigraph as ox
import pytest

from defgraph.errors import ShapeError
from defgraph.namespaces import expand
from defgraph.validation import run
from defgraph.validation.paths import Inverse, Predicate, Sequence
from defgraph.validation.report import WARNING

PARTIES = "agreement:a a def:Agreement ; def:hasParty "


def test_a_sound_graph_has_no_results(triples, shapes, reference):
    assert run(triples(reference + PARTIES + "state:jp , state:nz ."), shapes) == []


def test_a_result_says_everything_about_the_fault(triples, shapes, reference):
    (result,) = run(triples(reference + PARTIES + "state:jp , person:p ."), shapes)

    assert result.focus_node == ox.NamedNode(expand("agreement:a"))
    assert result.path == Predicate(expand("def:hasParty"))
    assert result.value == ox.NamedNode(expand("person:p"))
    assert result.component == expand("sh:ClassConstraintComponent")
    assert result.shape == ox.NamedNode(expand("shape:agreement-party"))
    assert result.severity == expand("sh:Violation")
    assert result.message == "A party is a state: give def:hasParty a def:State."  # not Japanese


def test_what_is_missing_has_no_value(triples, shapes, reference):
    (result,) = run(triples(reference + PARTIES + "state:jp ."), shapes)

    assert result.value is None
    assert result.component == expand("sh:MinCountConstraintComponent")


def test_a_warning_is_no_violation(triples, shapes, reference):
    sound = reference + PARTIES + 'state:jp , state:nz ; def:name "A" , "B" .'

    (result,) = run(triples(sound), shapes)

    assert result.severity == WARNING
    assert not result.is_violation


def test_sparql_constraints_know_their_prefixes_and_fill_in_the_message(triples, shapes, reference):
    text = reference + PARTIES + "state:jp , state:nz ; def:amendsAgreement agreement:a ."

    (result,) = run(triples(text), shapes)

    assert result.component == expand("sh:SPARQLConstraintComponent")
    assert expand("agreement:a") in result.message


def test_many_focus_nodes_are_judged_by_one_parsed_query(triples, shapes, reference):
    many = "".join(
        f"agreement:n{n} a def:Agreement ; def:hasParty state:jp , state:nz ;"
        f" def:amendsAgreement agreement:n{n if n % 2 else 0} ."
        for n in range(1, 7)
    )

    found = run(triples(reference + many), shapes)

    assert {str(result.focus_node)[-3:-1] for result in found} == {"n1", "n3", "n5"}


def test_paths_are_read_from_the_report(triples):
    shapes = triples(
        "shape:s a sh:NodeShape ; sh:targetNode state:jp ;"
        " sh:property [ sh:path ( [ sh:inversePath def:hasParty ] def:name ) ; sh:minCount 1 ] ."
    )

    (result,) = run(triples("agreement:a def:hasParty state:jp ."), shapes)

    party, name = Predicate(expand("def:hasParty")), Predicate(expand("def:name"))
    assert result.path == Sequence((Inverse(party), name))


def test_subclasses_count_by_the_ontology_in_the_data_graph(triples, shapes, reference):
    graph = reference + "def:Treaty rdfs:subClassOf def:Agreement . agreement:t a def:Treaty ."

    assert [result.component for result in run(triples(graph), shapes)] == [
        expand("sh:MinCountConstraintComponent")
    ]


def test_a_shape_that_cannot_be_used_is_told(triples):
    broken = triples("shape:s a sh:PropertyShape ; sh:targetNode state:jp ; sh:minCount 1 .")

    with pytest.raises(ShapeError, match="path"):
        run(triples("state:jp a def:State ."), broken)


def test_ill_typed_literals_are_judged_without_a_word_from_the_libraries(triples, capfd, caplog):
    shapes = triples(
        "shape:s a sh:NodeShape ; sh:targetNode state:jp ;"
        " sh:property [ sh:path def:statedOrdinal ; sh:datatype xsd:integer ] ."
    )
    with caplog.at_level(logging.DEBUG):
        (result,) = run(triples('state:jp def:statedOrdinal "tenth"^^xsd:integer .'), shapes)

    assert result.value == ox.Literal("tenth", datatype=ox.NamedNode(expand("xsd:integer")))
    assert capfd.readouterr() == ("", "")


def test_neither_graph_is_changed_and_nothing_is_fetched(triples, shapes, reference, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was tried"))
    data = triples(reference + "<urn:e:o> a owl:Ontology ; owl:imports <http://e.test/o> .")
    before = (list(data), list(shapes))

    run(data, shapes)

    assert (data, shapes) == before
