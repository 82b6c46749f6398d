"""What links together would make the same is found, through any chain, and shown link by link."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph import sources
from defgraph.linking.authorities import fault_in
from defgraph.linking.checking import check
from defgraph.linking.links import quads_of
from defgraph.namespaces import sparql_prologue

WD = "http://www.wikidata.org/entity/"


def quads(text):
    parsed = ox.parse(sparql_prologue() + text, ox.RdfFormat.TRIG)
    return [quad for quad in parsed if "prefix" not in quad.predicate.value]


def kinds(text):
    return [each.kind for each in check(quads(text))]


def test_the_shipped_links_have_no_fault():
    assert check(quads_of(sources.data_files())) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("state:a skos:exactMatch wd:Q1 . state:b skos:exactMatch wd:Q1", ["several-of-ours"]),
        ("state:a skos:exactMatch wd:Q1 , wd:Q2", ["several-of-theirs"]),
        ("state:a skos:exactMatch wd:Q1 . wd:Q1 owl:sameAs state:a", ["duplicate"]),
        ("graph:a { state:a skos:exactMatch wd:Q1 } graph:b { state:a owl:sameAs wd:Q1 }",
         ["duplicate"]),
        ("state:a skos:exactMatch state:a", ["self"]),
        ("state:a skos:exactMatch <urn:x> . <urn:y> owl:sameAs <urn:x> , state:b",
         ["several-of-ours"]),
        ("wd:Q29999 owl:differentFrom wd:Q55 ; owl:sameAs <urn:x> . <urn:x> owl:sameAs wd:Q55",
         ["declared-different"]),
        ("[] owl:distinctMembers ( <urn:a> <urn:b> <urn:c> ) . <urn:a> owl:sameAs <urn:c>",
         ["declared-different"]),
        ("state:a skos:closeMatch wd:Q1 . state:b skos:closeMatch wd:Q1", []),
        ("wd:Q29999 owl:differentFrom wd:Q55 . state:nl skos:exactMatch wd:Q29999", []),
        ("state:a def:isoAlpha2 'nz'", ["syntax"]),
        ("state:a def:isoAlpha2 'NZ' . state:b def:isoAlpha2 'NZ'", ["code-of-several"]),
        ("state:a def:m49Code '554' , '555'", ["several-codes"]),
    ],
)  # fmt: skip
def test_each_fault_is_found(text, expected):
    wrapped = text if text.startswith("graph:") else text + " ."
    assert kinds(wrapped) == expected


def test_a_chain_is_told_link_by_link():
    (found,) = check(
        quads(
            "graph:one { state:a skos:exactMatch wd:Q1 . wd:Q1 owl:sameAs <urn:x> }"
            "graph:two { state:b skos:exactMatch <urn:x> }"
        )
    )

    assert found.message == (
        "state:a and state:b would be one thing: state:a skos:exactMatch wd:Q1 in graph:one;"
        " wd:Q1 owl:sameAs <urn:x> in graph:one; state:b skos:exactMatch <urn:x> in graph:two"
    )


@pytest.mark.parametrize(
    "iri",
    [
        WD + "Q0",
        WD + "Q01",
        WD + "q664",
        WD + "P31",
        "https://www.wikidata.org/entity/Q664",
        "https://www.wikidata.org/wiki/Q664",
        "https://sws.geonames.org/2186224",
        "http://sws.geonames.org/2186224/",
        "https://www.geonames.org/2186224/new-zealand.html",
        "http://publications.europa.eu/resource/authority/country/nzl",
        "no iri",
        "urn:" + "x" * 3000,
    ],
)
def test_an_identifier_that_is_not_written_as_its_authority_does_is_told(iri):
    assert fault_in(iri) is not None


@given(st.integers(1, 10**9))
def test_what_an_authority_writes_is_in_order(number):
    assert fault_in(f"{WD}Q{number}") is None
    assert fault_in(f"https://sws.geonames.org/{number}/") is None


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=14))
def test_two_of_ours_are_reported_exactly_where_a_chain_joins_them(edges):
    text = "".join(f"{_node(a)} skos:exactMatch {_node(b)} .\n" for a, b in edges if a != b)
    groups = [{n} for n in range(10)]
    for a, b in edges:
        joined = [group for group in groups if a in group or b in group]
        groups = [group for group in groups if group not in joined] + [set().union(*joined)]

    is_merged = any(len([n for n in group if n < 4]) > 1 for group in groups)

    assert ("several-of-ours" in kinds(text)) == is_merged


def _node(number):
    return f"state:x{number}" if number < 4 else f"<urn:{number}>"
