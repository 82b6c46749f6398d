"""What a document holds: over a store in this process, and over another engine."""

import asyncio

import pyoxigraph as ox
import pytest

from defgraph import documents, loading
from defgraph.documents import reading
from defgraph.errors import RemovedThingError, UnknownNameError, UnknownThingError
from defgraph.namespaces import DEF, GRAPH, ID, PREFIXES
from defgraph.remote.store import RemoteStore
from defgraph.store.in_process import InProcessStore

ACSA = ID + "agreement/jp-nz-acsa-2025"


def read(store, iri, page=1):
    async def reading_it():
        await store.start()
        try:
            return await documents.read(store, iri, page)
        finally:
            await store.close()

    return asyncio.run(reading_it())


def store_of(turtle, graph=GRAPH + "test"):
    dataset = ox.Store()
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    dataset.load(prologue + turtle, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
    return InProcessStore(dataset)


@pytest.fixture(scope="module")
def shipped():
    return loading.load()


def test_a_document_holds_what_is_said_of_the_thing_and_with_it(shipped):
    found = read(InProcessStore(shipped), ACSA)

    thing = ox.NamedNode(ACSA)
    assert set(found.own) == set(shipped.quads_for_pattern(thing, None, None, None))
    about = ox.NamedNode(DEF + "aboutSubject")
    assert set(found.pointing) == {
        quad
        for quad in shipped.quads_for_pattern(None, None, thing, None)
        if quad.predicate != about
    }
    assert not found.has_next


def test_a_document_holds_the_claims_and_where_they_stand_but_no_sentence(shipped):
    found = read(InProcessStore(shipped), ACSA)

    about = shipped.quads_for_pattern(
        None, ox.NamedNode(DEF + "aboutSubject"), ox.NamedNode(ACSA), None
    )
    claims = {quad.subject for quad in about}
    subjects = {quad.subject for quad in found.evidence}
    predicates = {quad.predicate.value for quad in found.evidence}
    assert claims <= subjects
    assert {PREFIXES["oa"] + "start", PREFIXES["dcterms"] + "identifier"} <= predicates
    assert PREFIXES["oa"] + "exact" not in predicates


def test_everything_named_has_its_label(shipped):
    found = read(InProcessStore(shipped), ACSA)

    labelled = {quad.subject for quad in found.labels}
    for quad in found.own:
        for term in (quad.predicate, quad.object):
            known = isinstance(term, ox.NamedNode) and any(
                shipped.quads_for_pattern(
                    term, ox.NamedNode(PREFIXES["rdfs"] + "label"), None, None
                )
            )
            assert not known or term in labelled


def test_another_engine_gives_the_same_document(shipped, engine):
    here = read(InProcessStore(shipped), ACSA)
    there = read(RemoteStore(engine(shipped)), ACSA)

    assert here.quads == there.quads


def test_a_long_document_comes_in_pages_that_hold_everything_once():
    number = 2 * reading.POINTING + 1
    store = store_of(
        "state:nz a def:State . "
        + " ".join(f"agreement:a{n} def:hasParty state:nz ." for n in range(number))
    )
    pages = [read(store, ID + "state/nz", page) for page in (1, 2, 3)]

    assert [len(each.pointing) for each in pages] == [reading.POINTING, reading.POINTING, 1]
    assert [each.has_next for each in pages] == [True, True, False]
    assert len({quad for each in pages for quad in each.pointing}) == number
    with pytest.raises(UnknownNameError):
        read(store, ID + "state/nz", 4)


def test_a_thing_that_is_only_pointed_at_has_a_document():
    store = store_of("agreement:a def:hasParty state:nz .")

    assert len(read(store, ID + "state/nz").pointing) == 1


def test_blank_nodes_and_lists_come_with_the_thing():
    store = store_of("state:nz def:x [ def:y ( 1 2 ) ] , ( [ def:z 3 ] ) .")

    values = {str(quad.object) for quad in read(store, ID + "state/nz").own}
    assert {ox.Literal(1), ox.Literal(2), ox.Literal(3)} <= {
        quad.object for quad in read(store, ID + "state/nz").own
    }, values


def test_a_removed_thing_says_what_replaces_it():
    store = store_of("state:su owl:deprecated true ; dcterms:isReplacedBy state:ru .")

    with pytest.raises(RemovedThingError, match="id/state/ru") as raised:
        read(store, ID + "state/su")
    assert raised.value.replaced_by == (ID + "state/ru",)


def test_a_thing_that_is_not_deprecated_is_not_removed():
    assert read(store_of("state:su owl:deprecated false ."), ID + "state/su").own


@pytest.mark.parametrize("iri", [ID + "state/xx", ID + "state/a b", ID + "> } DROP ALL #"])
def test_what_nothing_is_known_of_is_unknown(iri):
    with pytest.raises(UnknownThingError):
        read(store_of("state:nz a def:State ."), iri)
