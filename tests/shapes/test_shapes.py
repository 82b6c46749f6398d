"""The shapes themselves: said in words, in step with the ontology, for any SHACL engine."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, SKOS

from defgraph import sources
from defgraph.namespaces import ALIGNMENTS_GRAPH, DEF, ID, ONTOLOGY, SHAPE, expand

PASSES = {"dataset": sources.shape_files(), "source": sources.source_shape_files()}
NAME = re.compile(r"\b(?:def|modality|scheme|portfolio|module):[A-Za-z][\w-]*")
MODULE_OF_CLAIMS = rdflib.URIRef(ID + "module/claims")
IS_PART_OF = rdflib.URIRef("http://purl.org/dc/terms/isPartOf")


def parsed(paths) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return parsed(path for paths in PASSES.values() for path in paths)


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return parsed(f.path for f in sources.ontology_files() if f.graph_name != ALIGNMENTS_GRAPH)


def term(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(DEF + name)


def shape(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(SHAPE + name)


def named(shapes: rdflib.Graph) -> set[rdflib.URIRef]:
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    return {s for kind in kinds for s in shapes.subjects(RDF.type, kind)}


def test_every_shape_has_an_iri_of_ours_and_a_label_in_english(shapes):
    found = named(shapes)

    assert [s for s in found if not str(s).startswith(SHAPE)] == []
    assert [s for s in found if [o.language for o in shapes.objects(s, RDFS.label)] != ["en"]] == []


def test_every_constraint_tells_in_english_what_is_wrong_and_what_to_do(shapes):
    silent = {
        s
        for s in named(shapes)
        if (s, SH.sparql, None) not in shapes
        and not any(m.language == "en" and ": " in m for m in shapes.objects(s, SH.message))
    }

    assert silent == set()


def test_every_shape_has_a_target(shapes):
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
    constraints = set(shapes.subjects(RDF.type, SH.SPARQLConstraint))

    without = {
        s for s in named(shapes) - constraints if not any((s, t, None) in shapes for t in targets)
    }

    assert without == set()


def test_shapes_speak_in_terms_of_the_ontology(shapes, ontology):
    terms = {node for triple in shapes for node in triple if isinstance(node, rdflib.URIRef)}
    texts = [str(text) for p in (SH.message, SH.select) for text in shapes.objects(None, p)]
    told = {expand(name) for text in texts for name in NAME.findall(text)}

    ours = {str(t) for t in terms if t.startswith((DEF, ID))} | told

    assert {t for t in ours if (rdflib.URIRef(t), None, None) not in ontology} == set()


@pytest.mark.parametrize("paths", PASSES.values(), ids=PASSES.keys())
def test_shapes_are_well_formed_shacl(paths):
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=parsed(paths), meta_shacl=True)

    assert conforms, text


def test_constraints_in_sparql_are_understood_by_another_engine(shapes):
    prefixes = "".join(
        f"PREFIX {shapes.value(d, SH.prefix)}: <{shapes.value(d, SH.namespace)}>\n"
        for d in shapes.objects(shape("prefixes"), SH.declare)
    )
    selects = {str(text) for text in shapes.objects(None, SH.select)}

    for text in selects:
        ox.Store().query(prefixes + text.replace("$PATH", "rdf:type"))

    assert len(selects) > 10


def test_evidence_is_asked_for_every_property_that_states_something(shapes, ontology):
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    ours = {
        p
        for kind in kinds
        for p in ontology.subjects(RDF.type, kind)
        if (p, RDFS.isDefinedBy, rdflib.URIRef(ONTOLOGY)) in ontology
        and (p, IS_PART_OF, MODULE_OF_CLAIMS) not in ontology
    }
    inferred = set(shapes.objects(shape("inferred-only-holds-post"), SH.targetSubjectsOf))

    targets = set(shapes.objects(shape("statement"), SH.targetSubjectsOf))

    assert targets == ours - inferred - {term("concernsAgent")}


def test_every_thing_has_its_label_asked_for(shapes, ontology):
    things = set(shapes.objects(shape("thing-label"), SH.targetClass)) | {SKOS.Concept}
    ours = {c for c in ontology.subjects(RDF.type, OWL.Class) if str(c).startswith(DEF)}

    without = {c for c in ours if not things & set(ontology.transitive_objects(c, RDFS.subClassOf))}

    assert without == {term("Module"), term("Span")}


@pytest.mark.parametrize("name", ["modality", "claim-modality"])
def test_list_of_modalities_is_that_of_the_ontology(name, shapes, ontology):
    head = shapes.value(shape(name), SH["in"])

    assert set(shapes.items(head)) == set(ontology.subjects(RDF.type, term("Modality")))


def test_every_kind_of_agreement_event_is_told_from_the_others(shapes, ontology):
    kinds = set(ontology.subjects(RDFS.subClassOf, term("AgreementEvent")))
    told = set(shapes.transitive_objects(shape("agreement-event-one-kind"), None))

    assert kinds <= told
