"""The rules conclude what OWL 2 RL does: the owlrl reasoner is asked about the same axioms."""

from __future__ import annotations

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS

from defgraph import inference, loading, sources
from defgraph.errors import InferenceError
from defgraph.inference import Rule, infer
from defgraph.namespaces import DEF, GRAPH, INFERRED_GRAPH
from defgraph.terms import triple_to_rdflib

PROLOGUE = f"""
PREFIX : <{DEF}>
PREFIX owl: <{OWL}>
PREFIX rdf: <{RDF}>
PREFIX rdfs: <{RDFS}>
"""
BUILT_IN = (str(OWL), str(RDF), str(RDFS), str(rdflib.XSD))
KINDS_OF_TERM = {
    OWL.AnnotationProperty, OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty, OWL.Ontology,
    OWL.Restriction, RDF.Property, RDFS.Class, RDFS.Datatype,
}  # fmt: skip


def dataset(turtle: str, graph_name: str = GRAPH + "test") -> ox.Store:
    store = ox.Store()
    add(store, turtle, graph_name)
    return store


def add(store: ox.Store, turtle: str, graph_name: str) -> None:
    store.bulk_extend(
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph_name))
        for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)
    )


def triples(turtle: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)}


def concluded_by_us(store: ox.Store) -> set[tuple]:
    return {triple_to_rdflib(triple) for triple in infer(store)}


def concluded_by_owlrl(store: ox.Store) -> set[tuple]:
    """What owlrl adds, without what is true of everything or says nothing about individuals."""
    graph = rdflib.Graph()
    for quad in store:
        if inference.is_premise(quad.graph_name):
            graph.add(triple_to_rdflib(quad.triple))
    given_triples = set(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    terms = {s for s, o in graph.subject_objects(RDF.type) if o in KINDS_OF_TERM}

    def is_noise(triple: tuple) -> bool:
        subject, predicate, value = triple
        return (
            isinstance(subject, rdflib.Literal)  # no RDF: a literal is no subject
            or subject in terms  # about the ontology, not about individuals
            or str(subject).startswith(BUILT_IN)
            or (predicate == OWL.sameAs and subject == value)
            or (predicate == RDF.type and value in {OWL.Thing, RDFS.Resource})
            or (predicate == RDF.type and isinstance(value, rdflib.BNode))  # an anonymous class
        )

    return {triple for triple in set(graph) - given_triples if not is_noise(triple)}


@pytest.fixture(scope="module")
def shipped() -> ox.Store:
    return loading.load()


def test_on_the_shipped_data_we_conclude_what_owlrl_does(shipped):
    ours, theirs = concluded_by_us(shipped), concluded_by_owlrl(shipped)

    assert ours - theirs == set()
    assert theirs - ours == set()
    assert len(ours) > 500


def test_nobody_becomes_their_own_partner(shipped):
    partners = shipped.query(
        PROLOGUE + "SELECT ?x ?p { GRAPH ?g { ?p a owl:SymmetricProperty } GRAPH ?h { ?x ?p ?x } }"
    )

    assert list(partners) == []


def test_partnership_is_concluded_in_both_directions(shipped):
    partners = {
        (quad.subject.value.rpartition("/")[2], quad.object.value.rpartition("/")[2])
        for quad in shipped.quads_for_pattern(None, ox.NamedNode(DEF + "acsaPartnerOf"), None, None)
    }

    assert ("nz", "jp") in partners
    assert ("jp", "nz") in partners
    assert partners == {(b, a) for a, b in partners}


def test_only_individuals_are_spoken_of(shipped):
    inferred = shipped.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH))
    ontology = {
        quad.subject
        for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
        for quad in shipped.quads_for_pattern(
            None, ox.NamedNode(RDF.type), ox.NamedNode(OWL[kind]), None
        )
    }

    assert {quad.subject for quad in inferred}.isdisjoint(ontology)


def test_nothing_is_inferred_that_is_said_already(shipped):
    inferred = {
        quad.triple
        for quad in shipped.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH))
    }
    said = {quad.triple for quad in shipped if inference.is_premise(quad.graph_name)}

    assert inferred.isdisjoint(said)


# -- each rule ---------------------------------------------------------------------------------

CLASSES = [":A", ":B", ":C"]
PROPERTIES = [":p", ":q", ":r", ":s"]
THINGS = [":x", ":y", ":z"]
DECLARED = " ".join(
    [f"{name} a owl:Class ." for name in CLASSES]
    + [f"{name} a owl:ObjectProperty ." for name in PROPERTIES]
)
CASES = {
    "cax-sco": (":A rdfs:subClassOf :B . :x a :A .", ":x a :B ."),
    "cax-eqc1": (":A owl:equivalentClass :B . :x a :A .", ":x a :B ."),
    "cax-eqc2": (":A owl:equivalentClass :B . :x a :B .", ":x a :A ."),
    "prp-dom": (":p rdfs:domain :A . :x :p :y .", ":x a :A ."),
    "prp-rng": (":p rdfs:range :A . :x :p :y .", ":y a :A ."),
    "prp-symp": (":p a owl:SymmetricProperty . :x :p :y .", ":y :p :x ."),
    "prp-trp": (":p a owl:TransitiveProperty . :x :p :y . :y :p :z .", ":x :p :z ."),
    "prp-spo1": (":p rdfs:subPropertyOf :q . :x :p 'text' .", ":x :q 'text' ."),
    "prp-spo2": (":r owl:propertyChainAxiom ( :p :q ) . :x :p :y . :y :q :z .", ":x :r :z ."),
    "prp-spo2-three": (
        ":s owl:propertyChainAxiom ( :p :q :r ) . :w :p :x . :x :q :y . :y :r :z .",
        ":w :s :z .",
    ),
    "prp-eqp1": (":p owl:equivalentProperty :q . :x :p :y .", ":x :q :y ."),
    "prp-eqp2": (":p owl:equivalentProperty :q . :x :q :y .", ":x :p :y ."),
    "prp-inv1": (":p owl:inverseOf :q . :x :p :y .", ":y :q :x ."),
    "prp-inv2": (":p owl:inverseOf :q . :x :q :y .", ":y :p :x ."),
    "cls-hv1": (
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ] . :x a :A .",
        ":x :p :v .",
    ),
    "cls-hv2": (":A owl:onProperty :p ; owl:hasValue :v . :x :p :v .", ":x a :A ."),
}


def test_every_rule_has_a_case():
    assert set(CASES) == {rule.name for rule in inference.rules()}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_concludes_this_and_no_more(name):
    premises, conclusion = CASES[name]

    assert set(infer(dataset(DECLARED + premises))) == triples(conclusion)


@pytest.mark.parametrize("name", CASES)
def test_without_the_rule_nothing_is_concluded(name):
    others = [rule for rule in inference.rules() if rule.name != name]

    assert infer(dataset(DECLARED + CASES[name][0]), others) == []


@pytest.mark.parametrize("name", CASES)
def test_owlrl_concludes_the_same_from_the_case(name):
    store = dataset(DECLARED + CASES[name][0])

    assert concluded_by_us(store) == concluded_by_owlrl(store)


@pytest.mark.parametrize("path", sources.rule_files(), ids=lambda path: path.stem)
def test_a_rule_says_which_one_it_is(path):
    first, second, *_ = path.read_text().splitlines()

    assert first.startswith(f"# {path.stem}: ")
    assert second.startswith("# OWL 2 Web Ontology Language Profiles, section 4.3, table ")


statements = st.one_of(
    st.builds("{} rdfs:subClassOf {} .".format, *[st.sampled_from(CLASSES)] * 2),
    st.builds("{} owl:equivalentClass {} .".format, *[st.sampled_from(CLASSES)] * 2),
    st.builds("{} rdfs:subPropertyOf {} .".format, *[st.sampled_from(PROPERTIES)] * 2),
    st.builds("{} owl:inverseOf {} .".format, *[st.sampled_from(PROPERTIES)] * 2),
    st.builds(
        "{} rdfs:{} {} .".format,
        st.sampled_from(PROPERTIES),
        st.sampled_from(["domain", "range"]),
        st.sampled_from(CLASSES),
    ),
    st.builds(
        "{} a owl:{}Property .".format,
        st.sampled_from(PROPERTIES),
        st.sampled_from(["Symmetric", "Transitive"]),
    ),
    st.builds("{} owl:propertyChainAxiom ( {} {} ) .".format, *[st.sampled_from(PROPERTIES)] * 3),
    st.builds("{} a {} .".format, st.sampled_from(THINGS), st.sampled_from(CLASSES)),
    st.builds(
        "{} {} {} .".format,
        st.sampled_from(THINGS),
        st.sampled_from(PROPERTIES),
        st.sampled_from(THINGS),
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(statements, min_size=3, max_size=12).map(" ".join))
def test_whatever_the_axioms_owlrl_concludes_the_same(text):
    store = dataset(DECLARED + text)

    assert concluded_by_us(store) == concluded_by_owlrl(store)


# -- what is no premise, and what is no rule ----------------------------------------------------


@pytest.mark.parametrize("name", ["alignments", "links/wikidata", "questions", "inferred"])
def test_alignments_linksets_and_questions_are_no_premises(name):
    store = dataset(":A rdfs:subClassOf :B .")
    add(store, ":x a :A .", GRAPH + name)

    assert infer(store) == []


def test_premises_may_stand_in_two_graphs():
    store = dataset(":A rdfs:subClassOf :B .")
    add(store, ":x a :A .", GRAPH + "articles/one")

    assert set(infer(store)) == triples(":x a :B .")


def test_what_follows_from_what_follows_is_found():
    chain = " ".join(f":C{n} rdfs:subClassOf :C{n + 1} ." for n in range(30))

    assert len(infer(dataset(f"{chain} :x a :C0 ."))) == 30


def test_the_dataset_itself_is_left_as_it_was():
    store = dataset(CASES["cax-sco"][0])
    before = set(store)

    infer(store)

    assert set(store) == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CONSTRUCT { ?x a ?y }", "endless is not SPARQL"),
        ("SELECT * { ?s ?p ?o }", "endless is no CONSTRUCT query"),
        ("CONSTRUCT { ?s ?p [] } WHERE { ?s ?p ?o }", "endless makes up blank nodes"),
        (
            "CONSTRUCT { ?s a ?next } WHERE { ?s a ?o BIND(IRI(CONCAT(STR(?o), 'x')) AS ?next) }",
            "come to no end",
        ),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(text, reason):
    with pytest.raises(InferenceError, match=reason):
        infer(dataset(":x a :A ."), [Rule("endless", text)])
