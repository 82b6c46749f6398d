"""A graph framed around one thing: all of it, and read back the same."""

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from defgraph.jsonld import framed
from defgraph.jsonld.answers import write
from defgraph.namespaces import ID, sparql_prologue

NZ = ID + "state/nz"


def triples(text):
    return list(ox.parse((sparql_prologue() + text).encode(), format=ox.RdfFormat.TURTLE))


def canonical(statements):
    found = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in statements)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def test_what_is_pointed_to_stands_where_it_is_pointed_to_with_its_names():
    found = framed(
        triples(
            """state:nz a def:State ; def:partyTo agreement:a , agreement:b ; def:hasPost post:m .
            agreement:a rdfs:label "A"@en . post:m def:postOf state:nz ; def:near agreement:a ."""
        ),
        NZ,
    )

    assert found["id"] == "state:nz"
    assert found["partyTo"] == [{"id": "agreement:a", "label": {"en": "A"}}, "agreement:b"]
    assert found["hasPost"] == [
        {"id": "post:m", "def:near": {"id": "agreement:a", "label": {"en": "A"}}}
    ]
    assert found["@reverse"] == {"postOf": "post:m"}


def test_claims_and_the_document_have_their_own_words():
    found = framed(
        triples(
            """claim:c def:aboutSubject state:nz ; def:aboutValue 3 . state:nz def:x true .
            <https://w3id.org/defgraph/doc/state/nz> foaf:primaryTopic state:nz ."""
        ),
        NZ,
    )

    assert found["claims"] == [{"id": "claim:c", "aboutValue": 3}]
    assert found["document"] == "https://w3id.org/defgraph/doc/state/nz"
    assert found["def:x"] is True


def test_what_nothing_leads_to_is_included():
    found = framed(triples('state:nz a def:State . def:State rdfs:label "state"@en .'), NZ)

    assert found["included"] == {"id": "def:State", "label": {"en": "state"}}


@pytest.mark.parametrize(
    "text",
    [
        "state:nz def:a state:jp . state:jp def:a state:nz .",
        "state:nz def:a state:nz .",
        "state:jp def:a state:au . state:au def:a state:jp .",
        "state:nz def:a [ def:b [ def:c state:nz ] ] , [ def:b state:nz ] .",
        "state:nz def:a _:x , _:y . _:x def:b _:y . _:y def:b _:x .",
        "state:nz def:a ( 1 ( 2 state:jp ) [ def:b 3 ] ) . state:jp def:b [] .",
        'state:nz def:a "010"^^xsd:integer , 11 , false , "1"^^xsd:boolean , 1.50 , "x"@ja .',
        " ".join(f"state:s{n} def:a state:s{n + 1} ." for n in range(40))
        + "state:nz def:a state:s0 .",
        "".join(
            f"_:b{n} def:a _:b{n + 1} , _:c{n + 1} . _:c{n} def:a _:b{n + 1} ." for n in range(60)
        ),
    ],
)
@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own
def test_every_statement_is_read_back(text):
    given = triples(text)
    written = write(ox.serialize(given, format=ox.RdfFormat.N_TRIPLES), NZ)

    assert canonical(ox.parse(written, format=ox.RdfFormat.JSON_LD)) == canonical(given)
    assert len(rdflib.Graph().parse(data=written, format="json-ld")) == len(set(given))


NODES = st.sampled_from(
    [ox.NamedNode(NZ), *(ox.NamedNode(f"urn:e:{n}") for n in "abc"), *map(ox.BlankNode, "xyz")]
)
PROPERTIES = st.sampled_from(
    [
        ox.NamedNode(f"https://w3id.org/defgraph/def/{n}")
        for n in ("hasParty", "aboutSubject", "near", "hasModality")
    ]
)
VALUES = NODES | st.sampled_from(
    [ox.Literal(3), ox.Literal("a", language="en"), ox.Literal("a"), ox.Literal("03")]
)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.builds(ox.Triple, NODES, PROPERTIES, VALUES), min_size=1, max_size=12))
def test_any_graph_is_read_back(statements):
    written = write(ox.serialize(statements, format=ox.RdfFormat.N_TRIPLES), NZ)

    assert canonical(ox.parse(written, format=ox.RdfFormat.JSON_LD)) == canonical(statements)
