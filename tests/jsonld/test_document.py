from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from defgraph import loading
from defgraph.errors import UnknownThingError
from defgraph.jsonld import document
from defgraph.namespaces import expand, sparql_prologue

SAMPLE = """
GRAPH graph:a {
  agreement:a a def:Agreement ; rdfs:label "A"@en ; def:hasParty state:jp ; def:statedOrdinal 10 .
  provision:p a def:Provision ; def:provisionOf agreement:a ; def:permits cooperation:c ;
    def:hasCondition condition:k .
  condition:k rdfs:label "during exercises"@en ; def:requiresOccasion cooperation:e .
  signing:s a def:Signing ; def:ofAgreement agreement:a , agreement:b ;
    def:date "2025-12"^^xsd:gYearMonth .
  claim:c a def:Claim ; def:aboutSubject agreement:a ; def:aboutProperty def:hasParty ;
    def:aboutValue state:jp ; def:hasSpan span:x .
  span:x oa:start 2 ; oa:end 5 ; def:inSegment segment:S1 .
  segment:S1 dcterms:identifier "S1" .
  enumeration:e def:aboutSubject agreement:a .
}
GRAPH graph:reference { state:jp a def:State ; rdfs:label "Japan"@en , "日本"@ja ; def:isoAlpha2 "JP" }
GRAPH graph:inferred { agreement:a a prov:Entity . state:jp def:partyTo agreement:a }
"""


@pytest.fixture
def agreement():
    store = ox.Store()
    store.load((sparql_prologue() + SAMPLE).encode(), format=ox.RdfFormat.TRIG)
    return document(store, expand("agreement:a"))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return loading.load(cache_dir=tmp_path_factory.mktemp("cache"))


def test_it_reads_as_plain_json(agreement):
    assert agreement["id"] == "agreement:a"
    assert agreement["type"] == "Agreement"  # not what is inferred
    assert agreement["label"] == {"en": "A"}
    assert agreement["statedOrdinal"] == 10


def test_what_it_points_to_comes_with_kind_and_names_only(agreement):
    assert agreement["hasParty"] == [
        {"id": "state:jp", "type": "State", "label": {"en": "Japan", "ja": "日本"}}
    ]


def test_provisions_are_inside_with_their_condition(agreement):
    (provision,) = agreement["hasProvision"]

    assert provision["permits"] == ["cooperation:c"]
    assert provision["hasCondition"][0]["requiresOccasion"] == ["cooperation:e"]
    assert "provisionOf" not in provision


def test_the_signing_is_inside_and_names_the_other_agreement(agreement):
    (signing,) = agreement["hasAgreementEvent"]

    assert signing["dateMonth"] == "2025-12"
    assert signing["ofAgreement"] == ["agreement:b"]


def test_claims_are_inside_with_their_spans(agreement):
    (claim,) = agreement["claims"]  # the enumeration is about it too, and is no claim

    assert claim["aboutProperty"] == "hasParty"
    assert "aboutSubject" not in claim
    assert claim["hasSpan"][0]["start"] == 2
    assert claim["hasSpan"][0]["inSegment"]["identifier"] == "S1"


@pytest.mark.parametrize("iri", ["https://w3id.org/defgraph/id/agreement/z", "no IRI at all"])
def test_what_is_unknown_is_told(iri):
    with pytest.raises(UnknownThingError):
        document(ox.Store(), iri)


def test_blank_nodes_that_point_to_each_other_come_to_an_end():
    store = ox.Store()
    store.update("INSERT DATA { <urn:e:a> <urn:e:p> _:x . _:x <urn:e:q> _:y . _:y <urn:e:q> _:x }")

    outer = document(store, "urn:e:a")["urn:e:p"]
    assert outer["urn:e:q"]["urn:e:q"] == {"id": outer["id"]}


def test_the_document_of_an_agreement_is_rdf_that_the_dataset_holds(shipped):
    shown = document(shipped, expand("agreement:jp-nz-acsa-2025"))

    said = {quad.triple for quad in ox.parse(json.dumps(shown), format=ox.RdfFormat.JSON_LD)}
    assert said <= {quad.triple for quad in shipped}
    assert {party["label"]["en"] for party in shown["hasParty"]} == {"Japan", "New Zealand"}
    assert [event["dateMonth"] for event in shown["hasAgreementEvent"]] == ["2025-12"]
    assert len(shown["hasProvision"]) == 3
    assert shown["claims"]


@pytest.mark.parametrize(
    "name",
    [
        "person:judith-collins",
        "source:2025-12-japan-new-zealand",
        "state:jp",
        "cooperation:exercises",
        "def:Agreement",
    ],
)
def test_any_thing_has_a_document(shipped, name):
    assert document(shipped, expand(name))["id"] == name


def test_the_context_holds_what_the_document_uses_and_no_more():
    described = document(loading.load(), expand("state:nz"))

    terms = described["@context"].keys()
    assert terms >= {"State", "isoAlpha3", "label", "state"}
    assert terms.isdisjoint({"hasProvision", "Signing", "fibo-fnd-agr-agr"})


def test_a_thing_says_first_what_it_is_and_last_on_whose_word():
    described = document(loading.load(), expand("agreement:jp-nz-acsa-2025"))

    keys = list(described)
    assert keys[:4] == ["@context", "id", "type", "label"]
    assert keys[-1] == "claims"
