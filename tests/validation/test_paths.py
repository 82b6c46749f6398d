from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.validation.paths import (
    Alternative,
    Inverse,
    Predicate,
    Repeated,
    Sequence,
    in_rdf,
    in_sparql,
    read,
)

A, B = Predicate("urn:e:a"), Predicate("urn:e:b")


def paths() -> st.SearchStrategy:
    predicates = st.sampled_from([A, B])
    return st.recursive(
        predicates,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda each: Sequence(tuple(each))),
            st.lists(inner, min_size=2, max_size=3).map(lambda each: Alternative(tuple(each))),
            inner.map(Inverse),
            st.builds(Repeated, inner, st.sampled_from("*+?")),
        ),
        max_leaves=6,
    )


@given(path=paths())
def test_a_path_written_as_rdf_is_read_back(path):
    node, triples = in_rdf(path, "p")

    assert read(node, ox.Dataset(ox.Quad(*triple) for triple in triples)) == path


@given(path=paths())
def test_a_path_written_in_sparql_is_sparql(path):
    ox.Store().query(f"ASK {{ ?s {in_sparql(path, '<{}>'.format)} ?o }}")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (A, "urn:e:a"),
        (Sequence((A, B)), "urn:e:a/urn:e:b"),
        (Alternative((A, Sequence((A, B)))), "urn:e:a|(urn:e:a/urn:e:b)"),
        (Inverse(A), "^urn:e:a"),
        (Repeated(Inverse(A), "*"), "(^urn:e:a)*"),
    ],
)
def test_in_sparql(path, text):
    assert in_sparql(path, str) == text


def test_a_node_that_is_no_path_is_refused():
    with pytest.raises(ValueError, match="no SHACL path"):
        read(ox.BlankNode("x"), ox.Dataset())
