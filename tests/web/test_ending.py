"""A server that is told to end answers what was asked, says that it is ending, and leaves nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

SERVE = "from defgraph.settings import Settings; from defgraph.web import serve; serve(Settings())"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def start(tmp_path):
    if sys.platform != "linux":
        pytest.skip("the promises hold on Linux")
    (tmp_path / "data.ttl").write_text("".join(f"<a:{n}> <a:p> {n} .\n" for n in range(100)))
    started = []

    def starting(*, environment=(), **settings):
        environment = {
            **os.environ,
            **dict(environment),
            "DEFGRAPH_PORT": "0",
            "DEFGRAPH_DATA_PATHS": str(tmp_path / "data.ttl"),
            **{f"DEFGRAPH_{name.upper()}": value for name, value in settings.items()},
        }
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        address = re.search(r"http://\S+/", process.stdout.readline()).group()
        assert ask(address, "ASK {}").status_code == 200
        return process, address

    yield starting
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(address, text):
    with httpx2.Client(base_url=address, timeout=60, trust_env=False) as client:
        return client.get("/sparql", params={"query": text, "format": "json"})


def test_a_query_that_runs_is_answered_before_the_server_ends(start):
    process, address = start(query_timeout_s="2")

    with ThreadPoolExecutor() as pool:
        running = pool.submit(ask, address, SLOW)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)

    assert running.result().status_code in {200, 504}
    assert process.wait(timeout=30) == 0


def test_readiness_tells_of_the_end_while_connections_are_still_taken(start):
    process, address = start(shutdown_notice_s="2")

    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    told = httpx2.get(f"{address}readyz", trust_env=False)
    answered = ask(address, "ASK {}")

    assert (told.status_code, told.json()["title"]) == (503, "EndingError")
    assert answered.status_code == 200
    assert process.wait(timeout=30) == 0
    with pytest.raises(httpx2.TransportError):
        ask(address, "ASK {}")


def test_a_second_signal_ends_it_at_once(start):
    process, address = start(query_timeout_s="60", shutdown_notice_s="60")

    with ThreadPoolExecutor() as pool:
        running = pool.submit(ask, address, SLOW)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=5)
        with suppress(httpx2.TransportError):
            running.result()

    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_leaves_no_folder_behind(start, tmp_path, second):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {"TMPDIR": str(temporary)}
    settings = {"query_timeout_s": "60", "shutdown_notice_s": "60", "plain": "1", "token": "secret"}
    process, address = start(**settings, data_paths="", environment=environment)
    headers = {"Authorization": "Bearer secret", "Content-Type": "application/sparql-update"}
    insert = "INSERT DATA { <a:a> <a:b> 1 }"
    httpx2.post(f"{address}update", content=insert, headers=headers, trust_env=False)
    assert list(temporary.glob("*/1.rdfp"))

    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    process.send_signal(second)

    assert process.wait(timeout=10) == -second
    assert list(temporary.iterdir()) == []


def processes_of(process):
    """The processes of a server's session, and of the sessions that its zygotes have."""
    found, parents = set(), {process.pid}
    stats = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (each / "stat").read_text().rpartition(")")[2].split()
            stats[int(each.name)] = int(fields[1]), int(fields[3])
    while parents:
        found |= parents
        sessions = {stats[each][1] for each in found if each in stats} - {os.getsid(0)}
        parents = {
            pid
            for pid, (parent, session) in stats.items()
            if (parent in found or session in sessions) and pid not in found
        }
    return found - {process.pid}


def is_alive(pid):
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


@pytest.mark.parametrize("signals", [1, 2])
def test_nothing_outlives_it(start, signals):
    process, _ = start()
    others = processes_of(process)
    assert len(others) >= 2  # a zygote and a worker

    for _ in range(signals):
        process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)

    until = time.monotonic() + 10
    while any(map(is_alive, others)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_alive, others))


def test_a_connection_that_is_open_is_told_and_has_one_answer_more(start):
    process, address = start(query_timeout_s="5")
    with (
        httpx2.Client(base_url=address, timeout=60, trust_env=False) as open_already,
        ThreadPoolExecutor() as pool,
    ):
        assert open_already.get("/readyz").status_code == 200
        running = pool.submit(ask, address, SLOW)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)

        told = open_already.get("/readyz")
        with pytest.raises(httpx2.TransportError):
            ask(address, "ASK {}")

    assert (told.status_code, told.headers["connection"]) == (503, "close")
    assert running.result().status_code in {200, 504}
    assert process.wait(timeout=30) == 0


def test_a_write_is_whole_or_has_not_happened(start, tmp_path):
    folder = tmp_path / "kept"
    settings = {"plain": "1", "data_paths": "", "store": str(folder), "token": "secret"}
    process, address = start(**settings)
    headers = {"Authorization": "Bearer secret", "Content-Type": "application/sparql-update"}
    acknowledged = []

    def write():
        with httpx2.Client(base_url=address, timeout=60, trust_env=False) as client:
            for n in range(10_000):
                text = f"INSERT DATA {{ <a:{n}> <a:p> 1 , 2 , 3 }}"
                try:
                    answer = client.post("/update", content=text, headers=headers)
                except httpx2.TransportError:
                    return
                if answer.status_code == 200:
                    acknowledged.append(n)

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        writing.result()
    assert process.wait(timeout=30) == 0

    _, address = start(**settings)
    halves = ask(address, "SELECT ?s { ?s <a:p> ?o } GROUP BY ?s HAVING (COUNT(*) != 3)").json()
    whole = ask(address, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <a:p> ?o }").json()
    assert halves["results"]["bindings"] == []
    assert int(whole["results"]["bindings"][0]["n"]["value"]) >= len(acknowledged) > 0
