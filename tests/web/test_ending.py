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

    def starting(**settings):
        environment = {
            **os.environ,
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
