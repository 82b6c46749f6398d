"""Taking away what a shape asks for, or putting another thing in its place, is reported."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph import turtle
from defgraph.namespaces import GRAPH, expand, shorten

ARTICLE = ox.NamedNode(GRAPH + "articles/2025-12-japan-new-zealand")
SMALL_SOURCE = Path(__file__).parent / "source" / "valid-with-everything.ttl"

DELETED = {
    "a party": "def:hasParty",
    "the post of a tenure": "def:ofPost",
    "the beneficiary of a provision": "def:hasBeneficiary",
    "the speaker of a claim": "def:hasSpeaker",
    "the digest of a span": "def:sha256",
}
SWAPPED = {
    "a party by a person": ("def:hasParty", "person:judith-collins"),
    "a person who signs by a state": ("def:signedBy", "state:nz"),
}
OPTIONAL = {"foaf:page"}


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


def one_of(quads: frozenset[ox.Quad], name: str) -> ox.Quad:
    """A statement of the article with this property, of a thing that has as few as there are."""
    stated = [q for q in quads if q.predicate == node(name) and q.graph_name == ARTICLE]
    values = [quad.subject for quad in stated]
    return min(stated, key=lambda quad: (values.count(quad.subject), str(quad)))


def test_shipped_dataset_conforms_without_a_warning(shipped, judge):
    assert judge(shipped).results == ()


@pytest.mark.parametrize("name", DELETED.values(), ids=DELETED.keys())
def test_deleted_statement_is_missed(name, shipped, judge):
    quad = one_of(shipped, name)

    report = judge(shipped - {quad})

    assert not report.conforms
    assert quad.subject in {result.focus_node for result in report.results}


@pytest.mark.parametrize(("name", "other"), SWAPPED.values(), ids=SWAPPED.keys())
def test_thing_of_another_kind_is_found(name, other, shipped, judge):
    quad = one_of(shipped, name)
    swapped = ox.Quad(quad.subject, quad.predicate, node(other), quad.graph_name)

    report = judge(shipped - {quad} | {swapped})

    assert not report.conforms
    assert (swapped.subject, swapped.object) in {(r.focus_node, r.value) for r in report.results}


def test_statement_whose_claim_is_deleted_is_found(shipped, judge):
    claim = ox.NamedNode(expand("claim:2025-12-japan-new-zealand-S2-01"))
    about = {q.predicate: q.object for q in shipped if q.subject == claim}

    report = judge(quad for quad in shipped if quad.subject != claim)

    assert not report.conforms
    assert (about[node("def:aboutSubject")], about[node("def:aboutValue")]) in {
        (result.focus_node, result.value) for result in report.results
    }


def small_source() -> list[ox.Quad]:
    return turtle.parse(SMALL_SOURCE, graph_name=GRAPH + "test")


@pytest.mark.parametrize(
    "quad", small_source(), ids=lambda q: f"{shorten(q.subject.value)} {shorten(q.predicate.value)}"
)
def test_every_statement_of_a_small_source_is_needed(quad, judge, known):
    report = judge([*known, *(other for other in small_source() if other != quad)])

    assert report.conforms == (shorten(quad.predicate.value) in OPTIONAL)
