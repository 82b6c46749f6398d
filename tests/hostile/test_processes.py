"""Processes that are killed, clients that go away, servers that are full: service goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import httpx2
import pytest

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"


def pids(server):
    found = server.descendants()
    return [*found["zygotes"], *found["workers"]]


def all_there(server):
    found = server.descendants()
    return len(found["zygotes"]) == 1 and len(found["workers"]) == 2


def all_ended(processes, helpers):
    return not any(helpers.is_alive(each) for each in processes)


def test_workers_that_are_killed_are_replaced(own_server, helpers):
    for _ in range(10):
        for worker in own_server.descendants()["workers"]:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        assert own_server.is_well()

    helpers.eventually(lambda: all_there(own_server))


def test_a_zygote_that_is_killed_is_replaced(own_server, helpers):
    for _ in range(3):
        helpers.eventually(lambda: all_there(own_server))
        before = pids(own_server)
        (zygote,) = own_server.descendants()["zygotes"]
        os.kill(zygote, signal.SIGKILL)
        helpers.eventually(own_server.is_well)  # on a slow machine some are told to come again
        helpers.eventually(partial(all_ended, before, helpers))

    helpers.eventually(lambda: all_there(own_server))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_the_web_process(own_server, helpers, end):
    started = pids(own_server)
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(own_server.ask, ENDLESS) for _ in range(2)]
        with suppress(httpx2.HTTPError):
            own_server.is_well()

        own_server.process.send_signal(end)

        own_server.process.wait(timeout=30)
        for each in running:
            assert isinstance(each.exception(), httpx2.HTTPError | None)
    assert len(started) == 3
    helpers.eventually(lambda: not any(map(helpers.is_alive, started)))


def test_killing_at_random_never_yields_a_part_of_an_answer(own_server):
    whole = own_server.ask("SELECT * { ?s ?p ?o } ORDER BY ?o ?s").content
    stop = threading.Event()

    def kill():
        while not stop.wait(0.07):
            for pid in own_server.descendants()["workers"][:1]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        answers = [own_server.ask("SELECT * { ?s ?p ?o } ORDER BY ?o ?s") for _ in range(100)]
    finally:
        stop.set()
        killer.join()

    assert {200} <= {each.status_code for each in answers} <= {200, 500}
    assert {each.content for each in answers if each.status_code == 200} == {whole}
    assert own_server.is_well()


@pytest.fixture
def single_server(tmp_path, helpers):
    settings = {
        "DEFGRAPH_QUERY_TIMEOUT_S": "100",
        "DEFGRAPH_WORKERS": "1",
        "DEFGRAPH_MAX_WAITING_QUERIES": "2",
    }
    with helpers.running(tmp_path, **settings) as server:
        yield server


def test_a_client_that_goes_away_ends_its_query(single_server, helpers):
    (worker,) = single_server.descendants()["workers"]

    with pytest.raises(httpx2.ReadTimeout):
        single_server.ask(ENDLESS, timeout=0.5)

    helpers.eventually(lambda: not helpers.is_alive(worker))
    assert single_server.is_well()


def test_a_full_server_says_when_to_come_back(single_server):
    with ThreadPoolExecutor(12) as pool:
        futures = [
            pool.submit(single_server.ask, f"{ENDLESS} # {number}", timeout=3)  # none is shared
            for number in range(12)
        ]
        answers = [
            each.result()
            for each in futures
            if not isinstance(each.exception(), httpx2.ReadTimeout)
        ]

    turned_away = [each for each in answers if each.status_code == 503]
    assert turned_away
    assert all(int(each.headers["retry-after"]) >= 1 for each in turned_away)
    assert {each.status_code for each in answers} <= {503, 408}  # 408: it left as it was answered
    assert single_server.is_well()


def test_a_server_says_that_it_lives_while_all_its_workers_are_busy(single_server, helpers):
    with ThreadPoolExecutor() as pool:
        endless = [
            pool.submit(single_server.ask, f"{ENDLESS} # {number}", timeout=10)
            for number in range(2)
        ]
        busy = 'defgraph_workers{state="busy"} 1.0'
        helpers.eventually(lambda: busy in single_server.client.get("/metrics").text)

        answer = single_server.client.get("/healthz")

        assert answer.status_code == 200
        assert not any(each.done() for each in endless)


def ask_as_told(server, text):
    """Ask, and once more whenever the server says that it is too busy just now."""
    for _ in range(5):
        answer = server.ask(text)
        if answer.status_code != 503:
            break
        time.sleep(float(answer.headers["retry-after"]))
    return answer


def test_ordinary_queries_are_answered_beside_endless_ones(own_server):
    with ThreadPoolExecutor(8) as pool:
        endless = [pool.submit(own_server.ask, f"{ENDLESS} # {number}") for number in range(4)]
        ordinary = [
            pool.submit(ask_as_told, own_server, f"ASK {{}} # {number}") for number in range(40)
        ]

    assert {each.result().status_code for each in endless} == {504}
    assert {each.result().status_code for each in ordinary} == {200}
