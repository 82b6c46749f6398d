"""Answers are kept while the dataset is the same, and computed once for all who ask at once."""

from __future__ import annotations

import asyncio

import pyoxigraph as ox
import pytest

from defgraph.engine import tasks
from defgraph.engine.profile import PLAIN
from defgraph.errors import QuerySyntaxError
from defgraph.negotiation import FormatChoice
from defgraph.store.forked import ForkedStore
from defgraph.store.in_process import InProcessStore
from defgraph.web.cache import AnswerCache, Asked, varies

JSON = FormatChoice("application/sparql-results+json", "text/turtle")
CSV = FormatChoice("text/csv", "text/turtle")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d) }"


class Counted:
    """A store that counts what it is asked; it forgets its state if it is to."""

    def __init__(self, store, *, is_known=True):
        self._store, self._is_known = store, is_known
        self.asked = 0

    @property
    def state(self):
        return self._store.state if self._is_known else None

    async def query(self, text, **options):
        self.asked += 1
        return await self._store.query(text, **options)


def dataset(size=3):
    store = ox.Store()
    store.extend(
        ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal(n), ox.DefaultGraph())
        for n in range(size)
    )
    return store


def small(**options):
    return Counted(InProcessStore(dataset()), **options)


def many_times(cache, asked, times=2):
    async def ask():
        return [await cache.answer(asked) for _ in range(times)]

    return asyncio.run(ask())


def test_an_answer_is_given_again():
    store = small()

    first, second = many_times(AnswerCache(store), Asked(COUNT, JSON))

    assert store.asked == 1
    assert second is first
    assert first.state == store.state


@pytest.mark.parametrize("name", ["default_graphs", "named_graphs"])
def test_long_questions_count_as_well_as_long_answers(name):
    cache = AnswerCache(small(), max_bytes=1_000_000)

    for n in range(100):
        many_times(cache, Asked(COUNT, JSON, **{name: (f"urn:{n}" + "x" * 40_000,)}))

    assert 0 < cache.counts.entries < 25
    assert cache.counts.bytes <= 1_000_000


@pytest.mark.parametrize(
    "other",
    [
        Asked(COUNT + " ", JSON),
        Asked(COUNT, CSV),
        Asked(COUNT, JSON, default_graphs=("urn:g",)),
        Asked(COUNT, JSON, named_graphs=("urn:g",)),
    ],
)
def test_an_answer_is_only_that_of_the_same_request(other):
    store = small()
    cache = AnswerCache(store)

    many_times(cache, Asked(COUNT, JSON))
    many_times(cache, other)

    assert store.asked == 2


@pytest.mark.parametrize(
    "expression",
    ["NOW()", "rand()", "UUID()", "StrUUID ()", "1+RAND()"],
)
def test_what_varies_is_asked_each_time(expression):
    store = small()
    asked = Asked(f"SELECT ({expression} AS ?n) {{}}", JSON)

    first, second = many_times(AnswerCache(store), asked)

    assert store.asked == 2
    assert first.state is second.state is None


@pytest.mark.parametrize("text", ["ASK { FILTER(\\u006eow() > ?x) }", "ASK { SERVICE <urn:x> {} }"])
def test_what_may_say_so_in_another_way_counts_as_said(text):
    assert varies(text)


@pytest.mark.parametrize("text", ["SELECT ?known { ?brand a ?x }", "ASK { ?snow ?p ?operand }"])
def test_a_word_that_holds_another_varies_nothing(text):
    assert not varies(text)


def test_what_is_not_kept_long_enough_makes_room():
    store = small()
    room = AnswerCache(store, max_bytes=40_000)
    texts = [f"SELECT * {{ ?s ?p {n} }}" for n in range(40)]

    for text in [*texts, texts[-1], texts[0]]:
        many_times(room, Asked(text, JSON), times=1)

    assert store.asked == 41
    assert room.counts.hits == 1
    assert room.counts.bytes <= 40_000


def test_an_answer_too_large_for_the_room_is_not_kept():
    store = small()

    many_times(AnswerCache(store, max_bytes=2_000), Asked(COUNT, JSON))

    assert store.asked == 2


def test_without_a_known_state_nothing_is_kept():
    store = small(is_known=False)

    many_times(AnswerCache(store), Asked(COUNT, JSON))

    assert store.asked == 2


def test_without_a_known_state_a_lifetime_may_be_given():
    store = small(is_known=False)

    first, _ = many_times(AnswerCache(store, lifetime_s=3600), Asked(COUNT, JSON))

    assert store.asked == 1
    assert first.state is None


def test_an_answer_ends_with_its_lifetime(monkeypatch):
    store, cache = small(is_known=False), None
    cache = AnswerCache(store, lifetime_s=10)
    for now in (100.0, 109.0, 111.0):
        monkeypatch.setattr("time.monotonic", lambda now=now: now)
        cache.find(Asked(COUNT, JSON)) or many_times(cache, Asked(COUNT, JSON), times=1)

    assert store.asked == 2


def test_errors_are_not_kept():
    store = small()
    cache = AnswerCache(store)

    for _ in range(2):
        with pytest.raises(QuerySyntaxError):
            many_times(cache, Asked("SELECT", JSON))

    assert store.asked == 2


def test_those_who_ask_at_once_share_one_computation():
    store = small()
    cache = AnswerCache(store)

    async def ask():
        return await asyncio.gather(*(cache.answer(Asked(COUNT, JSON)) for _ in range(10)))

    answers = asyncio.run(ask())

    assert store.asked == 1
    assert len({id(each) for each in answers}) == 1
    assert cache.counts.shared == 9


def test_those_who_ask_at_once_share_an_error():
    store = small()
    cache = AnswerCache(store)

    async def ask():
        asked = Asked("SELECT", JSON)
        return await asyncio.gather(
            *(cache.answer(asked) for _ in range(5)), return_exceptions=True
        )

    assert [type(each) for each in asyncio.run(ask())] == [QuerySyntaxError] * 5
    assert store.asked == 1


def test_who_goes_away_takes_the_answer_from_nobody():
    async def ask():
        async with ForkedStore(dataset(60), profile=PLAIN) as store:
            counted = Counted(store)
            cache = AnswerCache(counted)
            first = asyncio.ensure_future(cache.answer(Asked(SLOW, JSON)))
            others = [asyncio.ensure_future(cache.answer(Asked(SLOW, JSON))) for _ in range(3)]
            await asyncio.sleep(0.01)
            first.cancel()
            answers = await asyncio.gather(*others)
            return counted.asked, {each.answer.body for each in answers}

    asked, answers = asyncio.run(ask())

    assert asked == 2
    assert len(answers) == 1


def test_after_a_write_nothing_from_before_it_is_given():
    async def ask():
        async with ForkedStore(dataset(), profile=PLAIN, is_writable=True) as store:
            cache = AnswerCache(store)
            seen = []
            for n in range(5):
                await store.write(
                    tasks.update(f"INSERT DATA {{ <urn:x> <urn:y> {n} }}"), author="a"
                )
                kept = [await cache.answer(Asked(COUNT, CSV)) for _ in range(2)]
                seen.append([each.answer.body for each in kept])
                assert kept[0] is kept[1]
                assert kept[0].state == store.state
            return seen

    assert asyncio.run(ask()) == [[b"n\r\n%d\r\n" % (4 + n)] * 2 for n in range(5)]


def test_an_answer_that_a_write_overtakes_is_not_kept_for_the_state_after_it():
    async def ask():
        async with ForkedStore(dataset(60), profile=PLAIN, is_writable=True, workers=1) as store:
            cache = AnswerCache(store)
            slow = asyncio.ensure_future(cache.answer(Asked(SLOW, CSV)))
            await asyncio.sleep(0.01)
            await store.write(tasks.update("INSERT DATA { <urn:x> <urn:y> 1 }"), author="a")
            after = await cache.answer(Asked(SLOW, CSV))
            return (await slow).answer, after.answer

    before, after = asyncio.run(ask())

    assert before.generation < after.generation
    assert before.body != after.body
