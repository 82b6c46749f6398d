"""Another worker is woken where there is a core for it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from types import SimpleNamespace

import pyoxigraph as ox
import pytest

from defgraph.engine.limits import Limits
from defgraph.negotiation import JSON_RESULTS
from defgraph.store import crowding, dispatch
from defgraph.store.crowding import LONGEST_S, SHORTEST_S, Crowding
from defgraph.store.dispatch import CROWDED_DEPTH
from defgraph.store.forked import ForkedStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

WORKERS = 3
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{n} ?b{n} ?c{n} .' for n in range(6))} }}"


def looked_at(
    one: Crowding, monkeypatch, share: float, *, after_s: float = 1.5 * SHORTEST_S
) -> bool:
    """Tell what is found of a process that has had such a part of a core since the last look."""
    now_s, before_s = one._since_s + after_s, one._before_s + share * after_s
    set_clocks(monkeypatch, monotonic=lambda: now_s, process_time=lambda: before_s)
    one.look()
    return one.is_busy


def set_clocks(monkeypatch, **clocks):
    """Let these be the clocks by which it is measured, and no other ones."""
    monkeypatch.setattr(crowding, "time", SimpleNamespace(**clocks))


def test_a_process_is_busy_that_has_most_of_a_core_until_it_has_clearly_less(monkeypatch):
    one = Crowding(cores=2)

    found = [looked_at(one, monkeypatch, share) for share in (0.65, 0.75, 0.65, 0.55, 0.65)]

    assert found == [False, True, True, False, False]


def test_a_short_time_tells_nothing_and_after_a_pause_it_is_measured_anew(monkeypatch):
    one = Crowding(cores=2)

    assert looked_at(one, monkeypatch, 0.9)
    assert looked_at(one, monkeypatch, 0.0, after_s=SHORTEST_S / 2)
    assert not looked_at(one, monkeypatch, 0.9, after_s=2 * LONGEST_S)
    assert looked_at(one, monkeypatch, 0.9)


@pytest.mark.parametrize(("cores", "fewest"), [(1, 1), (2, 1), (4, 3)])
def test_it_takes_a_worker_for_each_of_the_other_cores_to_crowd_them(monkeypatch, cores, fewest):
    one = Crowding(cores=cores)

    assert not one.is_with(busy_workers=fewest)
    looked_at(one, monkeypatch, 0.9)
    assert not one.is_with(busy_workers=fewest - 1)
    assert one.is_with(busy_workers=fewest)


def test_what_is_measured_is_this_process():
    one = Crowding()

    ends = time.process_time() + SHORTEST_S
    while time.process_time() < ends:
        pass
    one._since_s = time.monotonic() - 1.2 * SHORTEST_S  # others may have had the core meanwhile
    one.look()

    assert one.is_busy


def ask(store, text="ASK {}"):
    return store.query(text, accept=JSON_RESULTS)


@pytest.fixture(params=[True])
def in_store(request, monkeypatch):
    """Run a test with a store of a process that has two cores, and as its clock says one of them.

    A parameter of False has the clock say that it has had nothing.
    """
    clock = time.monotonic if request.param else lambda: 0.0
    set_clocks(monkeypatch, monotonic=time.monotonic, process_time=clock)

    def run(test, *, workers: int = WORKERS):
        async def with_store():
            dataset = ox.Store()
            dataset.bulk_extend(
                ox.Quad(ox.NamedNode(f"urn:x:{n}"), ox.NamedNode("urn:x:p"), ox.Literal(n))
                for n in range(300)
            )
            limits = Limits(timeout_s=60)
            async with ForkedStore(dataset, limits=limits, workers=workers) as store:
                dispatcher = store._supervisor.dispatcher
                dispatcher._crowding = Crowding(cores=2)
                while len(dispatcher.workers) < workers or (
                    request.param and not dispatcher._crowding.is_busy
                ):
                    await ask(store)
                await test(store)

        asyncio.run(with_store())

    return run


@pytest.mark.parametrize(
    ("in_store", "woken"), [(False, WORKERS), (True, 1)], indirect=["in_store"]
)
def test_no_worker_is_woken_that_has_no_core(in_store, woken):
    async def test(store):
        asked = [asyncio.ensure_future(ask(store)) for _ in range(WORKERS)]
        await asyncio.sleep(0)
        busy = store.load.busy_workers
        await asyncio.gather(*asked)
        assert busy == woken

    in_store(test)


def test_one_that_has_all_that_it_may_have_is_helped_nevertheless(in_store):
    async def test(store):
        asked = [asyncio.ensure_future(ask(store)) for _ in range(CROWDED_DEPTH + 1)]
        await asyncio.sleep(0)
        busy = store.load.busy_workers
        await asyncio.gather(*asked)
        assert busy == 2

    in_store(test)


def test_nothing_waits_behind_what_is_not_quick_while_another_is_idle(in_store, monkeypatch):
    monkeypatch.setattr(dispatch, "PATIENCE_S", 60)  # it would wait so long if none were

    async def test(store):
        endless = asyncio.ensure_future(ask(store, ENDLESS))
        async with asyncio.timeout(30):
            await asyncio.gather(*(ask(store) for _ in range(CROWDED_DEPTH - 1)))
        assert not endless.done()
        endless.cancel()

    in_store(test)


def test_what_waits_goes_before_what_is_asked_later(in_store):
    async def test(store):
        asked = [asyncio.ensure_future(ask(store)) for _ in range(CROWDED_DEPTH + 5)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        dispatcher = store._supervisor.dispatcher
        sent, waiting = len(dispatcher.workers[0].in_flight), len(dispatcher._waiting)
        await asyncio.gather(*asked)
        assert sent == CROWDED_DEPTH or not waiting

    in_store(test, workers=1)


def test_all_who_ask_are_answered_about_as_often(in_store):
    answered = dict.fromkeys(range(60), 0)

    async def test(store):
        async def ask_on(who: int) -> None:
            while sum(answered.values()) < 40 * len(answered):
                answer = await ask(store, f"SELECT ({who} AS ?n) {{}}")
                (row,) = json.loads(answer.body)["results"]["bindings"]
                assert row["n"]["value"] == str(who)
                answered[who] += 1

        await asyncio.gather(*map(ask_on, answered))

    in_store(test)
    assert min(answered.values()) > 10
