"""Many clients at once, some of which write: no error, nothing stale, and memory that stays.

``DEFGRAPH_LOAD_REQUESTS=10000`` sends so many requests; by default it is fewer.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx2
from serving import AUTHORIZED, WRITING, running

REQUESTS = int(os.environ.get("DEFGRAPH_LOAD_REQUESTS", "1500"))
CLIENTS = 64
WRITE_EVERY = 50
UPDATE = {"Content-Type": "application/sparql-update", **AUTHORIZED}
READS = (
    "SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {number}",  # never asked before
    "SELECT (MAX(?o) AS ?n) {{ ?s ?p ?o }}",  # asked by many
    "CONSTRUCT {{ <a:s> <a:p> ?o }} {{ <a:s> <a:p> ?o FILTER(?o < 3) }}",
    "ASK {{ <a:s> <a:p> {number} }}",
)


class Load:
    """Clients that ask, and look at what they are answered."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = count(1)
        self._acknowledged = 0
        self._lock = threading.Lock()
        self.faults: list[str] = []

    def run(self, requests: int) -> None:
        """Send *requests* over CLIENTS connections."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            for each in [
                pool.submit(self._be_a_client, requests // CLIENTS) for _ in range(CLIENTS)
            ]:
                each.result()

    def _be_a_client(self, requests: int) -> None:
        with httpx2.Client(base_url=self._address, trust_env=False, timeout=60) as client:
            for _ in range(requests):
                number = next(self._numbers)
                if number % WRITE_EVERY == 0:
                    self._write(client, number)
                else:
                    self._read(client, number)

    def _write(self, client: httpx2.Client, number: int) -> None:
        text = f"INSERT DATA {{ <a:s> <a:p> {number} }}"
        answer = client.post("/update", content=text, headers=UPDATE)
        if answer.status_code != 200:
            self.faults.append(f"write: {answer.status_code} {answer.text[:200]}")
            return
        with self._lock:
            made = int(answer.headers["generation"])
            self._acknowledged = max(self._acknowledged, made)

    def _read(self, client: httpx2.Client, number: int) -> None:
        with self._lock:
            at_least = self._acknowledged
        text = READS[number % len(READS)].format(number=number)
        answer = client.get("/sparql", params={"query": text})
        if answer.status_code != 200:
            self.faults.append(f"read: {answer.status_code} {answer.text[:200]}")
        elif int(answer.headers["generation"]) < at_least:
            self.faults.append(f"generation {answer.headers['generation']} after {at_least}")


def memory_of(server, session: int) -> int:
    """Return the bytes that the processes of *server* hold, what they share counted once.

    After a write the zygote is a fork of the one before; all forks are in the *session* of the first.
    """
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            its = int((process / "stat").read_text().rpartition(")")[2].split()[3])
            if its == session or process.name == str(server.process.pid):
                lines = (process / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def test_many_clients_read_and_write_at_once(tmp_path):
    settings = {**WRITING, "DEFGRAPH_LOG_LEVEL": "warning"}
    with running(tmp_path, **settings) as server:
        load = Load(str(server.client.base_url))
        (session,) = server.descendants()["zygotes"]

        load.run(REQUESTS // 2)
        middle = memory_of(server, session)
        load.run(REQUESTS // 2)
        end = memory_of(server, session)

    assert load.faults == []
    assert end < middle * 1.25 + 32_000_000
