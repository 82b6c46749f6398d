"""What a query is answered with: bytes that are the same each time, and no more than allowed."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.engine.evaluation import MAX_TERM_BYTES, write_graph
from defgraph.engine.profile import Profile
from defgraph.errors import InexpressibleError, ResultTooLargeError
from defgraph.jsonld.answers import WRITERS

NAMES = st.builds(
    ox.NamedNode, st.sampled_from(["urn:a", "urn:ab", "urn:a-b", "urn:\u00e9", "urn:z"])
)
NODES = NAMES | st.builds(ox.BlankNode, st.sampled_from(["a", "ab", "b"]))
LITERALS = (
    st.builds(ox.Literal, st.text())
    | st.builds(ox.Literal, st.text(), language=st.sampled_from(["en", "en-gb"]))
    | st.builds(ox.Literal, st.text(), datatype=NAMES)
)
TRIPLES = st.builds(ox.Triple, NODES, NAMES, NODES | LITERALS)
NESTED = st.builds(ox.Triple, NODES, NAMES, TRIPLES)


@given(st.lists(TRIPLES | NESTED))
def test_a_graph_is_sorted_and_has_each_triple_once(triples):
    ordered = sorted(set(triples), key=str)

    written = write_graph(triples, "application/n-triples", 2**20, Profile())

    assert written.decode() == "".join(f"{triple} .\n" for triple in ordered)


@given(st.lists(TRIPLES | NESTED))
def test_another_format_says_the_same_in_the_same_order(triples):
    ordered = sorted(set(triples), key=str)

    written = write_graph(triples, "text/turtle", 2**20, Profile(prefixes={}))

    assert written == ox.serialize(ordered, format=ox.RdfFormat.TURTLE)


@pytest.mark.parametrize("media_type", ["application/n-triples", "text/turtle", *WRITERS])
def test_a_graph_that_is_too_large_is_refused(media_type):
    triples = [ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("x" * 100))]

    with pytest.raises(ResultTooLargeError):
        write_graph(triples, media_type, 50, Profile(writers=WRITERS))


@pytest.mark.parametrize("media_type", ["text/turtle", *WRITERS])
def test_a_term_that_is_too_long_for_a_format_is_told(media_type):
    name = ox.NamedNode("urn:a")
    triples = [ox.Triple(name, name, ox.Literal("x" * MAX_TERM_BYTES))]

    assert len(write_graph(triples, "application/n-triples", 2**26, Profile())) > MAX_TERM_BYTES
    with pytest.raises(InexpressibleError, match="longer than 16,777,216 bytes"):
        write_graph(triples, media_type, 2**26, Profile(writers=WRITERS))


def test_what_a_writer_cannot_say_is_told():
    name = ox.NamedNode("urn:a")
    triples = [ox.Triple(name, name, ox.Triple(name, name, name))]

    with pytest.raises(InexpressibleError, match="JSON-LD"):
        write_graph(triples, next(iter(WRITERS)), 2**20, Profile(writers=WRITERS))
