from __future__ import annotations

import pyoxigraph as ox
import pytest

from defgraph.namespaces import expand, sparql_prologue
from defgraph.statistics import Source, statistics

SAMPLE = """
GRAPH graph:article {
  state:jp a def:State .
  source:s a def:Source .
  segment:s1 a def:SentenceSegment ; def:segmentOf source:s .
  span:a a def:Span ; def:inSegment segment:s1 . span:b a def:Span ; def:inSegment segment:s1 .
  claim:a a def:Claim ; def:hasSpan span:a , span:b ; def:hasModality modality:asserted .
  claim:b a def:Claim ; def:hasSpan span:a ; def:hasModality modality:reported .
  claim:c a def:Claim ; def:hasModality modality:reported .
}
GRAPH graph:states { state:jp a def:State . state:nz a def:State }
GRAPH graph:ontology {
  topic:t a def:Topic ; skos:inScheme topic:all . def:State a owl:Class .
  organisation:authors a def:Organisation .
}
GRAPH <https://w3id.org/defgraph/graph/links/wd> { state:jp skos:exactMatch wd:Q17 . graph:l dcterms:title "x" }
GRAPH graph:inferred { state:jp a def:Agent . claim:a a def:Claim ; def:hasModality modality:asserted }
"""


@pytest.fixture
def found():
    store = ox.Store()
    store.load((sparql_prologue() + SAMPLE).encode(), format=ox.RdfFormat.TRIG)
    return statistics(store)


def test_quads_are_counted_by_graph(found):
    assert found.quads == sum(found.graphs.values()) == 28
    assert next(iter(found.graphs)) == expand("graph:article")
    assert found.graphs[expand("graph:states")] == 2


def test_a_thing_counts_once_for_a_class(found):
    assert found.classes[expand("def:State")] == 2


def test_inferred_classes_do_not_count(found):
    assert expand("def:Agent") not in found.classes


def test_of_the_ontology_only_concepts_of_a_scheme_count(found):
    assert found.classes[expand("def:Topic")] == 1
    assert expand("def:Organisation") not in found.classes


def test_claims_are_counted_by_modality(found):
    assert found.claims == 3
    assert found.modalities == {expand("modality:reported"): 2, expand("modality:asserted"): 1}


def test_a_source_counts_what_is_of_it(found):
    assert found.sources == (Source(expand("source:s"), segments=1, spans=2, claims=2),)


def test_links_are_what_linksets_say_of_things(found):
    assert found.links == 1


def test_an_empty_dataset_holds_nothing():
    assert statistics(ox.Store()).quads == 0
