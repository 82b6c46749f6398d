"""The alignments: sound statements about terms that exist, which nothing imports."""

import csv
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib.namespace

from defgraph import inference
from defgraph.namespaces import ALIGNMENTS_GRAPH, DEF, PREFIXES, expand
from defgraph.sources import folder

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = {
    expand(f"skos:{name}Match") for name in ("close", "broad", "narrow", "related", "exact")
}
AXIOMS = {expand("rdfs:subClassOf"), expand("rdfs:subPropertyOf")}

# Namespaces that rdflib has the closed term list of, and those whose terms were read elsewhere.
LISTED = {
    "https://schema.org/": rdflib.namespace.SDO,
    PREFIXES["org"]: rdflib.namespace.ORG,
    PREFIXES["prov"]: rdflib.namespace.PROV,
    PREFIXES["time"]: rdflib.namespace.TIME,
}
READ = {
    "http://semanticweb.cs.vu.nl/2009/11/sem/": "SEM",
    "http://data.europa.eu/eli/ontology#": "ELI",
    "https://spec.edmcouncil.org/fibo/ontology/FND/Agreements/Agreements/": "FIBO",
    "https://www.omg.org/spec/Commons/PartiesAndSituations/": "FIBO",
    "http://www.wikidata.org/entity/": "Wikidata",
    "http://www.wikidata.org/prop/direct/": "Wikidata",
}


@pytest.fixture(scope="module")
def alignments(load) -> ox.Store:
    return load([folder("ontology") / "alignments.ttl"])


@pytest.fixture(scope="module")
def stated(alignments) -> list[tuple[str, str, str]]:
    """The statements about terms, without the description of the file itself."""
    return [
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in alignments
        if quad.subject.value != ALIGNMENTS_GRAPH
    ]


def namespace_of(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def test_terms_of_ours_are_related_to_terms_of_others(stated, load, ontology):
    declared = {
        quad.subject.value for quad in load(ontology) if quad.predicate.value.endswith("#type")
    }

    assert len(stated) > 30
    for subject, predicate, value in stated:
        assert subject in declared
        assert subject.startswith(DEF)
        assert predicate in MAPPINGS | AXIOMS
        assert not value.startswith("https://w3id.org/defgraph/")


def test_a_subclass_relates_classes_and_a_subproperty_properties(stated):
    for subject, predicate, value in stated:
        is_class = subject.removeprefix(DEF)[0].isupper()
        if predicate in AXIOMS:
            assert predicate == expand("rdfs:subClassOf" if is_class else "rdfs:subPropertyOf")
        elif namespace_of(value) in LISTED:
            assert is_class == value.removeprefix(namespace_of(value))[0].isupper()


def test_a_term_has_one_relation_to_another(stated):
    assert len({(subject, value) for subject, _, value in stated}) == len(stated)


def test_terms_of_others_are_in_their_vocabularies(stated):
    unknown = [
        value
        for _, _, value in stated
        if (listed := LISTED.get(namespace_of(value))) is not None and value not in listed
    ]

    assert unknown == []


def test_every_vocabulary_says_how_its_terms_were_verified(stated, alignments):
    notes = " ".join(
        quad.object.value
        for quad in alignments.quads_for_pattern(
            ox.NamedNode(ALIGNMENTS_GRAPH), ox.NamedNode(expand("skos:editorialNote")), None
        )
    )
    names = {
        "https://schema.org/": "schema.org",
        PREFIXES["org"]: "ORG",
        PREFIXES["prov"]: "PROV-O",
        PREFIXES["time"]: "OWL-Time",
        **READ,
    }

    for _, _, value in stated:
        assert re.search(rf"\b{re.escape(names[namespace_of(value)])}\b", notes)


@pytest.mark.shared
def test_wikidata_terms_are_those_that_were_verified(stated):
    path = ROOT.parent / "shared" / "article" / "identifiers.tsv"
    if not path.is_file():
        pytest.skip("the table of identifiers is not in ../shared: it is not part of the project")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        verified = {row["iri"] for row in rows if row["status"] == "verified"}

    assert {value for _, _, value in stated if "wikidata" in value} <= verified


def test_nothing_imports_the_alignments(load, ontology, data):
    imports = ox.NamedNode(expand("owl:imports"))

    for path in (*ontology, *data, folder("ontology") / "alignments.ttl"):
        assert not list(load([path]).quads_for_pattern(None, imports, None))
    assert "alignments" not in {path.stem for path in ontology}


def test_no_inference_reads_the_alignments(load, ontology, statements, stated):
    dataset = load((*ontology, *statements))
    before = inference.infer(dataset)
    graph = ox.NamedNode(ALIGNMENTS_GRAPH)
    dataset.extend(
        ox.Quad(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o), graph) for s, p, o in stated
    )

    after = inference.infer(dataset)

    assert after == before
    assert not {triple.object.value for triple in after} & {value for _, _, value in stated}
