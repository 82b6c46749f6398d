"""What a write changes: laws of changes and fingerprints."""

from itertools import pairwise

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from defgraph.log.changes import (
    Changes,
    Fingerprint,
    add,
    difference,
    hash_of,
    in_one,
    lines_of,
)

LINES = [f'<http://e/s> <http://e/p> "{n}" <http://e/g> .'.encode() for n in range(6)]
states = st.sets(st.sampled_from(LINES))
DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


def quad(value, graph_name=None):
    subject, predicate = ox.BlankNode("s"), ox.NamedNode("http://e/p")
    return ox.Quad(subject, predicate, value, graph_name or ox.NamedNode("http://e/g"))


def store(*quads):
    dataset = ox.Store()
    dataset.extend(quads)
    return dataset


def fingerprint_of(lines):
    return Fingerprint(len(lines), hash_of(lines) % 2**256)


@given(st.lists(states, min_size=1))
def test_steps_in_one_lead_from_the_first_state_to_the_last(visited):
    steps = [difference(a, b) for a, b in pairwise(visited)]

    assert in_one(steps) == difference(visited[0], visited[-1])


@given(states, states)
def test_a_fingerprint_kept_along_is_the_one_of_the_state(before, after):
    kept = fingerprint_of(before).after(difference(before, after))

    assert kept == fingerprint_of(after)


@given(states, states)
def test_inverted_changes_lead_back(before, after):
    assert difference(before, after).inverted() == difference(after, before)


def test_no_changes_in_no_steps():
    assert in_one([]) == Changes()


def test_changes_applied_to_a_dataset_keep_labels_of_blank_nodes():
    dataset = ox.Store()
    one, two = quad(ox.Literal("1")), quad(ox.BlankNode("o"))

    Changes(added=frozenset(f"{each} .".encode() for each in (one, two))).apply_to(dataset)
    Changes(deleted=frozenset([f"{one} .".encode()])).apply_to(dataset)

    assert list(dataset) == [two]


def test_what_was_added_is_told_in_the_form_that_the_dataset_keeps():
    dataset = ox.Store()

    changes = add(dataset, [quad(ox.Literal("2.20", datatype=DECIMAL))])

    assert changes.added == lines_of(dataset)
    assert b'"2.2"' in next(iter(changes.added))


def test_only_what_was_not_there_is_told_as_added():
    dataset = store(quad(ox.Literal("2.2", datatype=DECIMAL)))

    changes = add(
        dataset,
        [quad(ox.Literal("2.20", datatype=DECIMAL)), quad(ox.Literal("b")), quad(ox.Literal("b"))],
    )

    assert changes == Changes(added=frozenset([b'_:s <http://e/p> "b" <http://e/g> .']))


def test_the_lines_of_one_graph_name_it():
    dataset = store(
        quad(ox.Literal("a")), quad(ox.Literal('q" .'), ox.BlankNode("g")), quad(ox.Literal("c"))
    )

    assert lines_of(dataset, ox.BlankNode("g")) == {rb'_:s <http://e/p> "q\" ." _:g .'}
    assert len(lines_of(dataset)) == 3
