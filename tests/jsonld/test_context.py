from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from defgraph import sources, turtle
from defgraph.jsonld import context as published
from defgraph.jsonld.context import FILE_NAME, derive, shipped, written
from defgraph.namespaces import DEF, ONTOLOGY, PREFIXES

HEAD = f"""
PREFIX def: <{DEF}>
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX xsd: <{PREFIXES["xsd"]}>
"""


def derived(text: str) -> dict:
    quads = ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE)
    return derive(quads)


@pytest.fixture(scope="module")
def ontology() -> ox.Dataset:
    files = sources.ontology_files()
    return ox.Dataset(quad for file in files for quad in turtle.parse(file.path))


def test_the_published_file_is_what_the_ontology_gives():
    text = (sources.folder("ontology") / FILE_NAME).read_text("utf-8")

    assert text == shipped(), "run: python -m defgraph.jsonld"


def test_every_term_of_the_ontology_is_in_the_context_and_no_other(ontology):
    defined = {
        quad.subject.value
        for quad in ontology.quads_for_object(ox.NamedNode(ONTOLOGY))
        if quad.predicate.value.endswith("#isDefinedBy") and quad.subject.value.startswith(DEF)
    }

    named = {
        iri.replace("def:", DEF)
        for key, value in published().items()
        if key != "@version"
        if (iri := value if isinstance(value, str) else value.get("@id", "")).startswith("def:")
    }
    assert named == defined
    assert len(defined) > 100


def test_every_prefix_of_ours_is_in_the_context():
    assert {name: published()[name] for name in PREFIXES} == dict(PREFIXES)


def test_values_of_an_object_property_are_links_in_an_array():
    context = derived(f"def:hasParty a owl:ObjectProperty ; rdfs:isDefinedBy <{ONTOLOGY}> .")

    assert context["hasParty"] == {"@id": "def:hasParty", "@type": "@id", "@container": "@set"}


def test_the_value_of_a_functional_property_stands_alone():
    context = derived(
        f"def:postOf a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:isDefinedBy <{ONTOLOGY}> ."
    )

    assert context["postOf"] == {"@id": "def:postOf", "@type": "@id"}


@pytest.mark.parametrize(
    ("datatype", "definition"),
    [
        ("xsd:dateTime", {"@id": "def:earliest", "@type": "xsd:dateTime"}),
        ("xsd:string", {"@id": "def:earliest"}),
        ("xsd:integer", {"@id": "def:earliest"}),
    ],
)
def test_a_datatype_that_json_lacks_is_named_once_for_all(datatype, definition):
    context = derived(
        "def:earliest a owl:DatatypeProperty ;"
        f" rdfs:range {datatype} ; rdfs:isDefinedBy <{ONTOLOGY}> ."
    )

    assert context["earliest"] == definition


def test_a_class_is_a_plain_term():
    assert derived(f"def:Post a owl:Class ; rdfs:isDefinedBy <{ONTOLOGY}> .")["Post"] == "def:Post"


def test_a_name_that_is_taken_is_refused():
    with pytest.raises(ValueError, match="label, state"):
        derived(
            f"def:state rdfs:isDefinedBy <{ONTOLOGY}> . def:label rdfs:isDefinedBy <{ONTOLOGY}> ."
        )


def test_the_text_is_json_with_one_term_a_line():
    text = written({"a": "b", "c": {"@id": "d"}})

    assert json.loads(text) == {"@context": {"a": "b", "c": {"@id": "d"}}}
    assert '    "c": {"@id": "d"}\n' in text
