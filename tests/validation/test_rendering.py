from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from defgraph.namespaces import expand
from defgraph.validation import Report, Result, as_json, as_text, as_turtle, run
from defgraph.validation.paths import Inverse, Predicate
from defgraph.validation.report import Place


def result(**changes) -> Result:
    given = {
        "focus_node": ox.NamedNode(expand("agreement:a")),
        "path": Predicate(expand("def:hasParty")),
        "value": ox.NamedNode(expand("person:p")),
        "component": expand("sh:ClassConstraintComponent"),
        "shape": ox.NamedNode(expand("shape:agreement-party")),
        "severity": expand("sh:Violation"),
        "message": "A party is a state, not https://w3id.org/defgraph/id/person/p.",
        "places": (Place(expand("graph:one"), "data/one.ttl"),),
        "focus_label": "The pact",
        "value_label": "P",
    }
    return Result(**(given | changes))


def test_text_says_where_what_and_what_to_do():
    assert as_text(Report((result(),))) == (
        "agreement:a (The pact) in data/one.ttl\n"
        "  violation: def:hasParty person:p (P): A party is a state, not person:p.\n"
        "    [shape:agreement-party, sh:ClassConstraintComponent]\n"
        "\n"
        "Does not conform: 1 violation, no warnings.\n"
    )


def test_text_gathers_what_is_said_of_one_thing():
    text = as_text(Report((result(), result(value=None, value_label=None), result(places=()))))

    assert text.count("agreement:a (The pact)") == 2
    assert text.endswith("Does not conform: 3 violations, no warnings.\n")


def test_text_counts_warnings_apart():
    text = as_text(Report((result(severity=expand("sh:Warning")),)))

    assert "  warning: " in text
    assert text.endswith("Conforms: no violations, 1 warning.\n")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (ox.Literal("x", language="en"), '"x"@en'),
        (ox.Literal("x"), '"x"'),
        (ox.Literal("2025", datatype=ox.NamedNode(expand("xsd:gYear"))), '"2025"^^xsd:gYear'),
        (ox.BlankNode("b"), "a blank node"),
    ],
)
def test_text_shows_values_short(value, shown):
    assert f"def:hasParty {shown}: " in as_text(Report((result(value=value, value_label=None),)))


def test_nothing_found_is_one_line():
    assert as_text(Report(())) == "Conforms: no violations, no warnings.\n"


def test_json_has_every_part():
    document = json.loads(as_json(Report((result(path=Inverse(Predicate("urn:e:p"))),))))

    assert document["conforms"] is False
    (found,) = document["results"]
    assert found["focusNode"] == {"type": "uri", "value": expand("agreement:a")}
    assert found["path"] == "^<urn:e:p>"
    assert found["severity"] == expand("sh:Violation")
    assert (found["graphs"], found["files"]) == ([expand("graph:one")], ["data/one.ttl"])


def test_turtle_is_a_shacl_validation_report():
    text = as_turtle(Report((result(path=Inverse(Predicate("urn:e:p"))),)))

    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    assert store.query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        ASK { ?report a sh:ValidationReport ; sh:conforms false ; sh:result ?result .
              ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:value ?value ;
                sh:resultPath [ sh:inversePath <urn:e:p> ] ; sh:sourceShape ?shape ;
                sh:sourceConstraintComponent sh:ClassConstraintComponent ;
                sh:resultSeverity sh:Violation ; sh:resultMessage ?message }"""
    )


def test_renderings_depend_on_nothing_but_the_results(triples, shapes, reference):
    graph = triples(
        reference + "agreement:a a def:Agreement ; def:hasParty person:p , [ a def:Person ] ."
        "agreement:b a def:Agreement . agreement:c a def:Agreement ; def:hasParty state:jp ."
    )

    first, second = (Report(tuple(run(each, shapes))) for each in (graph, graph[::-1]))

    assert as_turtle(first) == as_turtle(second)
    assert set(first.results) == set(second.results)
