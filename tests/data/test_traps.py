"""What a hasty reader of the article would get wrong, and the data must not.

Each test names one trap. They hold of the statements in the files and of what follows from them.
"""

import pyoxigraph as ox
import pytest

from defgraph.namespaces import expand

ARTICLE = "<https://w3id.org/defgraph/graph/articles/2025-12-japan-new-zealand>"
ACSA = "agreement:jp-nz-acsa-2025"
SECOND = "agreement:jp-nz-information-security-2025"


def test_the_articles_statements_are_in_its_graph(ask):
    assert ask(f"GRAPH {ARTICLE} {{ ?source a def:Source . {ACSA} def:hasParty state:nz }}")


def test_two_agreements_signed_together_are_one_signing(select):
    signings = select(f"SELECT DISTINCT ?s WHERE {{ ?s a def:Signing ; def:ofAgreement {ACSA} }}")

    assert signings == [(expand("signing:jp-nz-tokyo-2025-12"),)]
    assert select(
        "SELECT ?a WHERE { signing:jp-nz-tokyo-2025-12 def:ofAgreement ?a } ORDER BY ?a"
    ) == [(expand(ACSA),), (expand(SECOND),)]


def test_japan_and_new_zealand_have_two_agreements_and_no_third(select):
    agreements = select("SELECT ?a WHERE { ?a def:hasParty state:jp, state:nz } ORDER BY ?a")

    assert agreements == [(expand(ACSA),), (expand(SECOND),)]


@pytest.mark.parametrize("state", ["state:cn", "state:ru"])
def test_the_target_of_a_concern_does_nothing(state, ask):
    assert not ask(f"GRAPH {ARTICLE} {{ {state} ?property ?value }}")
    assert not ask(f"GRAPH {ARTICLE} {{ ?claim def:aboutSubject {state} }}")
    assert not ask(f"GRAPH {ARTICLE} {{ ?claim def:hasSpeaker {state} }}")


@pytest.mark.parametrize("state", ["state:cn", "state:ru"])
def test_the_target_of_a_concern_stands_only_in_claims_of_that_concern(state, ask):
    assert ask(
        f"?claim def:aboutProperty def:hasTarget ; def:aboutValue {state} ; "
        "def:hasModality modality:concern ; def:hasSpeaker person:shinjiro-koizumi"
    )
    assert not ask(
        f"GRAPH {ARTICLE} {{ ?any ?property {state} FILTER (?property NOT IN (def:aboutValue)) }}"
    )
    assert not ask(
        f"?claim def:aboutValue {state} ; def:aboutProperty ?other FILTER (?other != def:hasTarget)"
    )


def test_the_concern_is_one_with_two_targets_and_koizumis_alone(select):
    concerns = select(
        "SELECT DISTINCT ?c ?speaker WHERE { ?claim def:aboutProperty def:hasTarget ; "
        "def:aboutSubject ?c ; def:hasSpeaker ?speaker }"
    )

    assert concerns == [
        (expand("concern:koizumi-military-provocations"), expand("person:shinjiro-koizumi"))
    ]


def test_the_signing_is_dated_to_the_month_and_no_day_is_invented(store, ask):
    dates = {
        quad.object
        for quad in store.quads_for_pattern(None, ox.NamedNode(expand("def:date")), None, None)
    }

    month = ox.NamedNode(expand("xsd:gYearMonth"))
    assert dates == {ox.Literal("2025-12", datatype=month)}
    assert not ask(f"GRAPH {ARTICLE} {{ ?s ?p ?day FILTER (DATATYPE(?day) = xsd:date) }}")


def test_the_bounds_of_the_month_allow_for_any_time_zone(ask):
    assert ask(
        "signing:jp-nz-tokyo-2025-12 def:earliest ?first ; def:latest ?last "
        'FILTER (?first = "2025-11-30T10:00:00Z"^^xsd:dateTime'
        ' && ?last = "2026-01-01T12:00:00Z"^^xsd:dateTime)'
    )


@pytest.mark.parametrize("event", ["meeting:koizumi-collins", "discussion:motegi-collins"])
def test_an_event_without_date_or_place_is_given_none(event, ask):
    for property_ in ("def:date", "def:earliest", "def:latest", "def:tookPlaceIn"):
        assert not ask(f"{event} {property_} ?value")
        assert not ask(f"?claim def:aboutSubject {event} ; def:aboutProperty {property_}")


def test_the_second_agreement_has_no_name_in_the_source(ask):
    for property_ in ("def:name", "def:officialTitle", "def:acronym"):
        assert not ask(f"{SECOND} {property_} ?name")
        assert not ask(f"?claim def:aboutSubject {SECOND} ; def:aboutProperty {property_}")
    assert ask(f"{SECOND} def:notStated def:name, def:officialTitle")


def test_no_agreement_has_an_official_title_from_elsewhere(ask):
    assert not ask("?agreement def:officialTitle ?title")


def test_no_agreement_is_said_to_be_in_force_or_ratified(ask):
    assert not ask("?event a def:EntryIntoForce")
    assert not ask("?agreement def:ratifiedBy ?state")
    assert not ask("?claim def:aboutProperty def:ratifiedBy")


def test_tenth_is_the_sources_word_and_no_count(select):
    ordinals = select("SELECT ?agreement ?place WHERE { ?agreement def:statedOrdinal ?place }")
    partners = select(
        "SELECT DISTINCT ?partner WHERE { "
        "{ state:jp def:acsaPartnerOf ?partner } UNION { ?partner def:acsaPartnerOf state:jp } }"
    )

    assert ordinals == [(expand(ACSA), "10")]
    assert len(partners) == 6


@pytest.mark.parametrize(
    ("subject", "property_", "members"),
    [
        ("provision:jp-nz-acsa-2025-supplies", "def:hasObject", 4),
        ("collaboration:jp-nz-acsa", "def:hasCooperationType", 2),
        ("activity:jp-nz-joint-activities", "def:includesActivityType", 2),
    ],
)
def test_a_list_of_examples_stays_open(subject, property_, members, ask, select):
    assert ask(
        f"?list a def:Enumeration ; def:aboutSubject {subject} ; def:aboutProperty {property_} ; "
        'def:isOpen true ; def:openedBy ?words FILTER (?words != "")'
    )
    listed = select(
        f"SELECT ?value WHERE {{ ?claim def:inEnumeration ?list ; def:aboutSubject {subject} ; "
        f"def:aboutProperty {property_} ; def:aboutValue ?value }}"
    )
    assert len(listed) == members


def test_no_list_is_closed(ask):
    assert not ask("?list a def:Enumeration ; def:isOpen false")
    assert not ask("?class owl:oneOf ?members")


def test_the_treaty_party_is_the_kingdom_of_the_netherlands(ask):
    assert ask("agreement:jp-nl-acsa def:hasParty state:nl")
    assert ask("state:nl skos:exactMatch wd:Q29999")
    assert not ask("?thing ?property wd:Q55")


def test_peters_signs_nothing_and_takes_part_in_nothing(ask):
    for property_ in ("def:signedBy", "def:hasParticipant", "def:declaredBy", "def:voicedBy"):
        assert not ask(f"?event {property_} person:winston-peters")
        assert not ask(
            f"?claim def:aboutProperty {property_} ; def:aboutValue person:winston-peters"
        )
    assert not ask("tenure:peters-nz-foreign-minister def:attestedAt ?event")


def test_no_state_is_a_member_of_the_industrial_partnership(select):
    properties = select(
        """SELECT DISTINCT ?property WHERE {
             { ?s ?property initiative:pipir } UNION { initiative:pipir ?property ?state . ?state a def:State }
             UNION { ?claim def:aboutSubject|def:aboutValue initiative:pipir ; def:aboutProperty ?property }
           } ORDER BY ?property"""
    )

    assert [property_ for (property_,) in properties] == [
        expand("def:aboutSubject"),
        expand("def:aboutValue"),
        expand("def:ledBy"),
        expand("def:worksThrough"),
    ]
    assert select("SELECT ?state WHERE { initiative:pipir def:ledBy ?state }") == [
        (expand("state:us"),)
    ]


def test_nobody_is_a_minister_by_class(select):
    assert select("SELECT DISTINCT ?class WHERE { ?person a def:Person, ?class }") == [
        (expand("def:Person"),)
    ]


def test_a_minister_is_one_by_a_tenure_of_a_post_of_a_state(select):
    assert select(
        """SELECT ?person ?post ?state WHERE {
             ?tenure a def:Tenure ; def:ofPerson ?person ; def:ofPost ?post . ?post def:postOf ?state
           } ORDER BY ?person"""
    ) == [
        (expand(f"person:{person}"), expand(f"post:{post}"), expand(f"state:{state}"))
        for person, post, state in (
            ("judith-collins", "nz-defence-minister", "nz"),
            ("shinjiro-koizumi", "jp-defence-minister", "jp"),
            ("toshimitsu-motegi", "jp-foreign-minister", "jp"),
            ("winston-peters", "nz-foreign-minister", "nz"),
        )
    ]


def test_what_is_permitted_has_not_happened(ask):
    assert not ask("?thing a def:Provision, ?event . ?event rdfs:subClassOf* def:Event")
    assert not ask(
        "?event def:ofAgreement|def:hasParticipant|^def:attestedAt ?p . ?p a def:Provision"
    )
    assert not ask(
        "?activity a def:JointActivity ; def:includesActivityType ?type . "
        "?provision a def:Provision ; def:permits ?type"
    )


def test_facilities_are_two_permissions_one_for_each_direction(select):
    assert select(
        """SELECT ?user ?provider WHERE {
             ?p def:permits cooperation:use-of-military-facilities ;
               def:hasBeneficiary ?user ; def:hasProvider ?provider ;
               def:hasCondition/def:requiresOccasion cooperation:joint-activities
           } ORDER BY ?user"""
    ) == [
        (expand("force:jsdf"), expand("force:nzdf")),
        (expand("force:nzdf"), expand("force:jsdf")),
    ]


def test_the_parties_are_states_and_the_beneficiaries_forces(ask):
    assert not ask("?a def:hasParty ?party FILTER NOT EXISTS { ?party a def:State }")
    assert not ask("?p def:hasBeneficiary ?force FILTER NOT EXISTS { ?force a def:ArmedForce }")


def test_the_understanding_on_training_is_no_agreement(ask):
    assert ask(
        "undertaking:jp-nz-joint-training a def:Undertaking ; def:undertakenBy state:jp, state:nz"
    )
    assert not ask("undertaking:jp-nz-joint-training a ?c . ?c rdfs:subClassOf* def:Agreement")
    assert not ask("?event def:ofAgreement undertaking:jp-nz-joint-training")


def test_what_somebody_is_reported_to_say_stands_in_no_plain_statement(select):
    assert (
        select(
            f"""SELECT ?claim WHERE {{
                  ?claim def:aboutSubject ?s ; def:aboutProperty ?p ; def:aboutValue ?o .
                  FILTER NOT EXISTS {{
                    ?claim def:hasSpeaker organisation:asia-manufacturing-review ;
                      def:hasModality/def:standsAsFact true }}
                  GRAPH {ARTICLE} {{ ?s ?p ?o }} }}"""
        )
        == []
    )


def test_the_free_and_open_indo_pacific_is_no_place(ask):
    assert ask("topic:free-and-open-indo-pacific a def:PolicyFramework")
    assert not ask("topic:free-and-open-indo-pacific a ?class . ?class rdfs:subClassOf* def:Place")


def test_an_editors_insertion_is_not_part_of_the_spoken_words(ask):
    assert ask('quotation:2025-12-japan-new-zealand-collins def:insertedText "[ACSA]"')
    assert not ask(
        "?claim def:aboutProperty def:insertedText ; def:hasSpeaker person:judith-collins"
    )


# What follows by inference falls into none of the traps either.


def test_partnership_runs_both_ways_and_no_state_is_its_own_partner(ask_all):
    assert ask_all("state:jp def:acsaPartnerOf state:nz . state:nz def:agreementPartnerOf state:jp")
    assert ask_all("state:nl def:acsaPartnerOf state:jp")
    assert not ask_all("?state def:acsaPartnerOf|def:agreementPartnerOf ?state")


def test_partners_of_japan_do_not_become_partners_of_each_other(ask_all):
    assert not ask_all(
        "?one def:agreementPartnerOf ?other FILTER (?one != state:jp && ?other != state:jp)"
    )


@pytest.mark.parametrize("state", ["state:cn", "state:ru"])
def test_nothing_follows_for_the_target_of_a_concern_but_what_a_state_is(state, ask_all):
    assert ask_all(f"GRAPH graph:inferred {{ {state} a def:Agent }}")
    assert not ask_all(
        f"GRAPH graph:inferred {{ {{ {state} ?property ?value }} UNION {{ ?subject ?property {state} }} "
        "FILTER (?property != rdf:type) }"
    )


def test_peters_takes_part_in_nothing_by_inference(ask_all):
    assert ask_all("person:winston-peters def:representsState state:nz")
    assert not ask_all("person:winston-peters def:participatesIn|def:signedAt ?event")


def test_nobody_becomes_a_post_or_a_class_of_ministers(ask_all):
    assert ask_all("person:judith-collins def:holdsPost post:nz-defence-minister")
    assert not ask_all(
        "?person a def:Person, ?class FILTER NOT EXISTS { def:Person rdfs:subClassOf* ?class }"
    )


def test_no_permission_becomes_an_event(ask_all):
    assert not ask_all("?thing a def:Provision, def:Event")


def test_no_membership_of_the_industrial_partnership_follows(ask_all):
    assert not ask_all("initiative:pipir def:hasMember ?state")
    assert not ask_all("?claim def:aboutProperty def:hasMember")
    assert not ask_all("state:nz ?property initiative:pipir")
