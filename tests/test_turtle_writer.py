"""The laws of canonical Turtle, and the layout of each kind of term."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from defgraph import turtle
from defgraph.namespaces import DEF, PREFIXES, RDF, XSD
from defgraph.turtle_writer import write

P = ox.NamedNode(DEF + "p")
S = ox.NamedNode(DEF + "s")


def literal(lexical: str, datatype: str) -> ox.Literal:
    return ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype))


def written(*objects: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    """The text of the objects of one subject and property, without the rest."""
    text = write(ox.Triple(S, P, each) for each in objects)
    return text.partition("def:s\n    def:p")[2].removesuffix(" ;\n.\n")


def read_by_oxigraph(text: str) -> ox.Dataset:
    return canonical_dataset(quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE))


def read_by_rdflib(text: str) -> ox.Dataset:
    graph = rdflib.Graph().parse(data=text, format="turtle")
    ntriples = graph.serialize(format="nt")
    quads = ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)
    return canonical_dataset(quad.triple for quad in quads)


def canonical_dataset(triples) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.fixture(autouse=True)
def exact_lexical_forms(monkeypatch):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr("rdflib.term.rdflib.NORMALIZE_LITERALS", False, raising=False)


iris = st.one_of(
    st.sampled_from(
        [
            DEF + "A",
            DEF + "S2-1",
            DEF + "S10-1",
            DEF + "a.",
            DEF + "a/b",
            DEF,
            DEF + "日本",
            PREFIXES["state"] + "jp",
            "http://example.org/o'hara",
            "urn:x",
            RDF + "nil",
            RDF + "first",
            RDF + "rest",
            RDF + "type",
            "http://x/a(b)",
            "http://x/a%20b#c",
        ]
    ).map(ox.NamedNode),
)
blank_nodes = st.sampled_from("abcdef").map(ox.BlankNode)
texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"'\\\n\r\t aé日😀#<>@^."),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=8,
)
literals = st.one_of(
    texts.map(ox.Literal),
    st.builds(
        lambda t, tag: ox.Literal(t, language=tag), texts, st.sampled_from(["en", "ja", "en-nz"])
    ),
    st.builds(
        literal,
        st.sampled_from(
            [
                "1",
                "01",
                "+1",
                "-0",
                "2.20",
                ".5",
                "5.",
                "1e5",
                "1.E5",
                "0.123456789012e0",
                "true",
                "TRUE",
                "INF",
                "NaN",
                "2025-12",
                "",
                " 1 ",
                "x",
                "12345678901234567890",
            ]
        ),
        st.sampled_from(
            ["integer", "decimal", "double", "boolean", "gYearMonth", "string", "float"]
        ),
    ),
)
graphs = st.lists(
    st.builds(
        ox.Triple,
        st.one_of(iris, blank_nodes),
        iris,
        st.one_of(iris, blank_nodes, literals),
    ),
    max_size=12,
)


@given(graphs)
def test_what_is_written_is_read_back_as_the_same_graph(triples):
    text = write(triples)

    assert read_by_oxigraph(text) == canonical_dataset(triples)


@given(graphs)
def test_rdflib_reads_the_same_graph(triples):
    text = write(triples)

    assert read_by_rdflib(text) == canonical_dataset(triples)


@given(graphs)
def test_canonical_form_is_its_own_canonical_form(triples):
    text = write(triples)

    assert turtle.canonical(text) == text


@given(graphs, st.randoms(use_true_random=False))
def test_order_and_blank_node_labels_do_not_matter(triples, chance):
    labels = {ox.BlankNode(label): ox.BlankNode() for label in "abcdef"}
    other = [
        ox.Triple(labels.get(t.subject, t.subject), t.predicate, labels.get(t.object, t.object))
        for t in triples
    ]
    chance.shuffle(other)

    assert write(other) == write(triples)


@given(graphs)
def test_all_prefixes_are_used_and_ours(triples):
    text = write(triples)

    declared = [line.split()[1] for line in text.splitlines() if line.startswith("PREFIX ")]
    assert declared == sorted(set(declared))
    body = text.partition("\n\n")[2]
    assert all(name in body for name in declared)


@given(st.integers(2, 40))
def test_names_sort_as_people_count(number):
    objects = [ox.NamedNode(f"{DEF}S{n}") for n in range(number)]
    random.Random(0).shuffle(objects)

    lines = written(*objects).split()

    assert [line for line in lines if line != ","] == [f"def:S{n}" for n in range(number)]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (literal("-12", "integer"), " -12"),
        (literal("01", "integer"), ' "01"^^xsd:integer'),
        (literal("2.20", "decimal"), " 2.20"),
        (literal("5.", "decimal"), ' "5."^^xsd:decimal'),
        (literal("1E5", "double"), " 1E5"),
        (literal("0.123456789", "double"), ' "0.123456789"^^xsd:double'),
        (literal("1", "boolean"), ' "1"^^xsd:boolean'),
        (literal("true", "boolean"), " true"),
        (literal("2025-12", "gYearMonth"), ' "2025-12"^^xsd:gYearMonth'),
        (ox.Literal("日本", language="ja"), ' "日本"@ja'),
        (ox.Literal('say "no"'), r' "say \"no\""'),
        (ox.Literal('SELECT *\n{ ?s ?p "x" }\n'), ' """SELECT *\n{ ?s ?p "x" }\n"""'),
        (ox.Literal('\n"""'), ' """\n\\"\\"\\""""'),
        (ox.NamedNode(RDF + "nil"), " ()"),
        (ox.BlankNode(), " []"),
        (ox.NamedNode("http://example.org/a"), " <http://example.org/a>"),
        (ox.NamedNode(DEF), " def:"),
    ],
)
def test_a_term_is_written_as_a_person_would(term, text):
    assert written(term) == text


def test_blank_nodes_and_lists_stand_where_they_are_used():
    text = turtle.canonical(
        "PREFIX def: <https://w3id.org/defgraph/def/>"
        "def:s def:p [ def:q 2, 1 ; a def:C ], ( def:b def:a [] ) . [] def:p 1 ."
    )

    assert (
        text
        == """\
PREFIX def: <https://w3id.org/defgraph/def/>

def:s
    def:p
        (
            def:b
            def:a
            []
        ) ,
        [
            a def:C ;
            def:q
                1 ,
                2 ;
        ] ;
.

[]
    def:p 1 ;
.
"""
    )


def test_a_blank_node_that_is_used_twice_has_a_label():
    text = turtle.canonical(
        "PREFIX def: <https://w3id.org/defgraph/def/> def:s def:p _:x . def:t def:p _:x . _:x def:q 1 ."
    )

    assert text.count("_:b0") == 3


@pytest.mark.parametrize(
    "text",
    [
        "_:a def:p _:b . _:b def:p _:a .",
        "_:a def:p _:a .",
        "_:a rdf:first 1 ; rdf:rest _:a .",
        "def:s def:p _:a . _:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest _:b .",
        "def:s def:p _:a . _:a rdf:first 1, 2 ; rdf:rest () .",
        "def:s def:p _:a . def:t def:p _:b . _:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest () .",
    ],
)
def test_circles_and_broken_lists_are_written_too(text):
    declared = f"PREFIX def: <{DEF}> PREFIX rdf: <{RDF}> {text}"

    canonical = turtle.canonical(declared)

    assert read_by_oxigraph(canonical) == read_by_oxigraph(declared)
    assert turtle.is_canonical(canonical)


def test_one_more_blank_node_does_not_move_the_others():
    shapes = [f"[ def:path def:p{n} ; def:minCount {n} ]" for n in range(6)]
    declared = f"PREFIX def: <{DEF}> def:s def:property "

    few = turtle.canonical(declared + ", ".join(shapes[:3] + shapes[4:]) + " .")
    more = turtle.canonical(declared + ", ".join(shapes) + " .")

    added = [line for line in more.splitlines() if line not in few.splitlines()]
    assert added == ["            def:minCount 3 ;", "            def:path def:p3 ;"]


def test_an_ontology_comes_before_its_terms():
    text = turtle.canonical(
        f"PREFIX def: <{DEF}> PREFIX owl: <{PREFIXES['owl']}> def:A a owl:Class . def:z a owl:Ontology ."
    )

    assert text.index("def:z\n") < text.index("def:A\n")


def test_triple_terms_are_refused():
    inner = ox.Triple(S, P, S)

    with pytest.raises(TypeError, match=r"RDF 1\.2"):
        write([ox.Triple(S, P, inner)])
