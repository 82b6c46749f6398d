"""What the forked store promises beyond the contract: limits and replacements."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.errors import (
    DeadlineExceededError,
    InexpressibleError,
    MemoryExceededError,
    QueryCrashedError,
    ResultTooLargeError,
    StoreBusyError,
    StoreError,
)
from defgraph.jsonld.answers import WRITERS, write
from defgraph.negotiation import FormatChoice
from defgraph.store import lineage
from defgraph.store.dispatch import DEPTH
from defgraph.store.forked import ForkedStore
from defgraph.store.worker import MAX_QUERIES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

BOTH = FormatChoice("application/sparql-results+json", "application/n-triples")
EX = "http://example.com/"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SLOW = f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f VALUES ?g {{ {' '.join(map(str, range(30)))} }} }}"
GREEDY = "SELECT * { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(4)) + " } ORDER BY ?c0"
DEEP = "SELECT (" + "STR(" * 100_000 + "1" + ")" * 100_000 + " AS ?x) {}"
PATIENT = Limits(timeout_s=60, memory_mb=300, max_query_bytes=10**6)


def dataset(value: int = 0) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(ox.NamedNode(f"{EX}{n}"), ox.NamedNode(EX + "p"), ox.Literal(value))
        for n in range(300)
    )
    return store


def ask(store, text="ASK {}"):
    return store.query(text, accept=BOTH)


async def is_well(store) -> bool:
    return json.loads((await ask(store)).body)["boolean"]


def in_store(test, **options):
    """Run an asynchronous *test* with a store of its own."""

    async def run():
        async with ForkedStore(dataset(), **{"limits": PATIENT, "workers": 2, **options}) as store:
            return await test(store)

    return asyncio.run(run())


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until(condition):
    for _ in range(4000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it did not come true")


def test_a_query_that_takes_too_long_is_stopped_and_the_next_is_answered():
    async def test(store):
        with pytest.raises(DeadlineExceededError, match=r"DEFGRAPH_QUERY_TIMEOUT_S=0\.3"):
            await ask(store, ENDLESS)
        assert await is_well(store)

    in_store(test, workers=1, limits=Limits(timeout_s=0.3))


def test_a_query_that_takes_too_much_memory_is_stopped_and_the_next_is_answered():
    async def test(store):
        with pytest.raises(MemoryExceededError, match="DEFGRAPH_QUERY_MEMORY_MB=40"):
            await ask(store, GREEDY)
        assert await is_well(store)

    in_store(test, workers=1, limits=Limits(memory_mb=40, timeout_s=60))


def test_a_query_that_crashes_the_engine_is_told_from_the_others(caplog):
    async def test(store):
        with pytest.raises(QueryCrashedError) as caught:
            await ask(store, DEEP)
        assert caught.value.query_id in caplog.text
        assert await is_well(store)

    in_store(test, workers=1)


def test_queries_behind_one_that_kills_its_worker_are_asked_again():
    async def test(store):
        doomed = [asyncio.ensure_future(ask(store, DEEP))]
        behind = [asyncio.ensure_future(ask(store)) for _ in range(DEPTH + 3)]

        with pytest.raises(QueryCrashedError):
            await doomed[0]
        assert len(await asyncio.gather(*behind)) == DEPTH + 3

    in_store(test, workers=1)


def test_a_quick_query_does_not_wait_behind_an_old_one():
    async def test(store):
        endless = asyncio.ensure_future(ask(store, ENDLESS))
        async with asyncio.timeout(30):  # half of the endless one's deadline
            await asyncio.gather(*(ask(store) for _ in range(20)))
        assert not endless.done()
        endless.cancel()

    in_store(test, workers=2)


def test_every_answer_reaches_the_one_who_asked():
    async def test(store):
        texts = [f"SELECT ({n} AS ?n) {{}}" for n in range(300)]

        answers = await asyncio.gather(*(ask(store, text) for text in texts))

        given = [json.loads(each.body)["results"]["bindings"][0]["n"]["value"] for each in answers]
        assert given == [str(n) for n in range(300)]

    in_store(test, workers=3, max_waiting=300)


def test_beyond_the_queue_queries_are_turned_away_with_a_time_to_come_back():
    async def test(store):
        running = [asyncio.ensure_future(ask(store, ENDLESS)) for _ in range(DEPTH + 2)]
        await asyncio.sleep(0)
        with pytest.raises(StoreBusyError) as caught:
            await ask(store)
        assert caught.value.retry_after_s >= 1

        for each in running:
            each.cancel()
        assert await is_well(store)

    in_store(test, workers=1, max_waiting=2)


def test_who_has_waited_too_long_is_turned_away_with_a_time_to_come_back():
    async def test(store):
        asked = [ask(store, f"{ENDLESS} # {n}") for n in range(12)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert await is_well(store)
        return outcomes

    outcomes = in_store(test, limits=Limits(timeout_s=0.2), workers=1)

    assert {type(each) for each in outcomes} == {DeadlineExceededError, StoreBusyError}


def test_whoever_goes_away_ends_the_query():
    async def test(store):
        await ask(store)
        (worker,) = store._supervisor.dispatcher.workers
        running = asyncio.ensure_future(ask(store, ENDLESS))
        await asyncio.sleep(0.05)

        running.cancel()

        await until(lambda: not is_alive(worker.pid))
        assert await is_well(store)

    in_store(test, workers=1)


@pytest.mark.parametrize("text", ["ASK {}", SLOW])
def test_a_worker_that_is_killed_is_replaced_and_its_query_asked_again(text):
    async def test(store):
        await ask(store)
        (worker,) = store._supervisor.dispatcher.workers
        running = asyncio.ensure_future(ask(store, text))
        await asyncio.sleep(0.05)

        os.kill(worker.pid, signal.SIGKILL)

        assert (await running).body
        assert await is_well(store)
        assert store._supervisor.dispatcher.workers[0].pid != worker.pid

    in_store(test, workers=1)


def test_a_zygote_that_is_killed_is_replaced_and_its_queries_are_asked_again():
    async def test(store):
        former = store._supervisor.zygote.pid
        slow = asyncio.ensure_future(ask(store, SLOW))
        await asyncio.sleep(0.05)

        os.kill(former, signal.SIGKILL)

        assert (await slow).body
        assert await is_well(store)
        assert store._supervisor.zygote.pid != former
        assert not is_alive(former)

    in_store(test)


def test_a_zygote_that_is_stuck_is_replaced(monkeypatch, caplog):
    monkeypatch.setattr(lineage, "STUCK_S", 0.5)

    async def test(store):
        former = store._supervisor.zygote.pid
        await until(lambda: len(children(former)) == 2)
        workers = children(former)
        os.kill(former, signal.SIGSTOP)
        for each in workers:
            os.kill(each, signal.SIGKILL)

        with pytest.raises(DeadlineExceededError):  # nobody says yet that its worker is dead
            await ask(store)
        await until(lambda: not is_alive(former))
        assert await is_well(store)

    in_store(test, limits=Limits(timeout_s=1))
    assert "forks no workers" in caplog.text


def test_a_query_that_ends_the_zygote_again_and_again_gets_the_blame():
    async def test(store):
        running = asyncio.ensure_future(ask(store, ENDLESS))
        for _ in range(3):
            await until(
                lambda: any(each.in_flight for each in store._supervisor.dispatcher.workers)
            )
            os.kill(store._supervisor.zygote.pid, signal.SIGKILL)
            await until(lambda: store._supervisor.zygote is None)

        with pytest.raises(QueryCrashedError):
            await running
        assert await is_well(store)

    in_store(test, workers=1)


def test_a_worker_is_replaced_after_many_queries():
    async def test(store):
        await ask(store)
        (worker,) = store._supervisor.dispatcher.workers
        for _ in range(MAX_QUERIES + 10):
            await ask(store)
        await until(lambda: not is_alive(worker.pid))

    in_store(test, workers=1)


def test_nothing_is_left_of_a_store_that_is_closed():
    async def test(store):
        await ask(store)
        endless = asyncio.ensure_future(ask(store, ENDLESS))
        await asyncio.sleep(0.05)
        processes = [store._supervisor.zygote.pid, *children(store._supervisor.zygote.pid)]
        await store.close()

        assert len(processes) == 3
        with pytest.raises(StoreError):
            await endless
        await until(lambda: not any(map(is_alive, processes)))
        with pytest.raises(StoreError, match="closed"):
            await ask(store)

    in_store(test)


def test_the_zygote_imports_nothing_but_the_engine_and_the_standard_library():
    command = (
        "import json, sys; before = set(sys.modules); import defgraph.store.zygote;"
        "print(json.dumps([each.partition('.')[0] for each in set(sys.modules) - before]))"
    )

    out = subprocess.run([sys.executable, "-I", "-c", command], capture_output=True, check=True)

    foreign = set(json.loads(out.stdout)) - sys.stdlib_module_names
    assert foreign == {"defgraph", "pyoxigraph"}
    assert "asyncio" not in json.loads(out.stdout)


NTRIPLES = b"".join(
    sorted(
        dataset()
        .dump(None, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        .splitlines(keepends=True)
    )
)


def construct(store, media_type="application/ld+json"):
    text = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 2000"
    return store.query(text, accept=FormatChoice(None, media_type))


def test_json_ld_is_written_in_the_worker_with_our_context():
    async def test(store):
        return await construct(store)

    answer = in_store(test, profile=Profile(writers=WRITERS))

    assert answer.media_type == "application/ld+json"
    assert answer.body == write(NTRIPLES)
    assert b"@context" in answer.body


def test_json_ld_has_the_limit_of_an_answer():
    limits = Limits(max_result_bytes=len(write(NTRIPLES)) - 1, timeout_s=60)

    async def test(store):
        assert (await construct(store, "application/n-triples")).body
        with pytest.raises(ResultTooLargeError):
            await construct(store)

    in_store(test, profile=Profile(writers=WRITERS), limits=limits)


def test_what_json_ld_cannot_say_is_told():
    async def test(store):
        text = "CONSTRUCT { ?s ?p <<( ?s ?p ?o )>> } { ?s ?p ?o }"
        with pytest.raises(InexpressibleError, match="JSON-LD"):
            await store.query(text, accept=FormatChoice(None, "application/ld+json"))

    in_store(test, profile=Profile(writers=WRITERS))
