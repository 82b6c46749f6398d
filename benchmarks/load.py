"""Many requests at once, some of which write: errors, stale answers, and what memory does.

    python benchmarks/load.py [--requests N] [--clients N] [--write-every N]

Starts a server with a store on disk and sends the requests over so many connections, mixed: queries
that were never asked before, queries that many ask, graphs, and writes. An answer from a generation
older than the newest that was acknowledged before it was asked for is stale. Memory is that of all
processes of the server, what they share counted once; it is looked at in ten parts of the way.
Ends with 1 if anything failed or was stale.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

import httpx2

TOKEN: Final = "load"  # noqa: S105 - of a server that lives as long as this runs
PARTS: Final = 10
UPDATE: Final = {
    "Authorization": f"Bearer {TOKEN}",
    "Content-Type": "application/sparql-update",
}
READS: Final = (
    ("/sparql", {"query": "SELECT (COUNT(*) AS ?n) {{ ?s a:p ?o }} # {number}"}),
    ("/sparql", {"query": "SELECT (MAX(?o) AS ?n) {{ ?s a:p ?o }}"}),
    ("/sparql", {"query": "CONSTRUCT {{ <a:1> a:p ?o }} {{ <a:1> a:p ?o }} # {number}"}),
    ("/sparql", {"query": "ASK {{ ?s a:p {number} }}"}),
    ("/graphs", {"graph": "urn:load"}),
)
PREFIX: Final = "PREFIX a: <a:> "


class Load:
    """Clients of one server, and what they were answered."""

    def __init__(self, address: str, write_every: int) -> None:
        self._address, self._write_every = address, write_every
        self._numbers = count(1)
        self._acknowledged = 0
        self.outcomes: Counter[str] = Counter()
        self.seconds: list[float] = []

    async def send(self, requests: int, clients: int) -> None:
        """Send *requests* over *clients* connections."""
        shares = [requests // clients + (each < requests % clients) for each in range(clients)]
        limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)
        async with (
            httpx2.AsyncClient(
                base_url=self._address, trust_env=False, timeout=60, limits=limits
            ) as client,
            asyncio.TaskGroup() as group,
        ):
            for share in shares:
                group.create_task(self._be_a_client(client, share))

    async def _be_a_client(self, client: httpx2.AsyncClient, requests: int) -> None:
        for _ in range(requests):
            number = next(self._numbers)
            begun = time.perf_counter()
            writes = number % self._write_every == 0
            outcome = await (self._write if writes else self._read)(client, number)
            self.seconds.append(time.perf_counter() - begun)
            self.outcomes[outcome] += 1

    async def _write(self, client: httpx2.AsyncClient, number: int) -> str:
        text = f"INSERT DATA {{ GRAPH <urn:load> {{ <a:{number % 50}> <a:p> {number} }} }}"
        answer = await client.post("/update", content=text, headers=UPDATE)
        if answer.status_code != 200:
            return f"write {answer.status_code}"
        self._acknowledged = max(self._acknowledged, int(answer.headers["generation"]))
        return "written"

    async def _read(self, client: httpx2.AsyncClient, number: int) -> str:
        at_least = self._acknowledged
        path, parameters = READS[number % len(READS)]
        asked = {name: value.format(number=number) for name, value in parameters.items()}
        if "query" in asked:
            asked["query"] = PREFIX + asked["query"]
        answer = await client.get(path, params=asked)
        if answer.status_code != 200:
            return f"read {answer.status_code}"
        return "read" if int(answer.headers["generation"]) >= at_least else "stale"


def memory_of(server: int) -> int:
    """Return the bytes of a server's processes: its own, and of the sessions of its zygotes."""
    stats, found = {}, {server}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (each / "stat").read_text().rpartition(")")[2].split()
            stats[int(each.name)] = int(fields[1]), int(fields[3])
    for _ in range(4):  # as deep as they go: zygote, its successor, workers
        sessions = {stats[each][1] for each in found if each in stats} - {os.getsid(0)}
        found |= {pid for pid, (parent, its) in stats.items() if parent in found or its in sessions}
    total = 0
    for pid in found:
        with suppress(OSError):
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += sum(int(line.split()[1]) for line in told.splitlines() if line[:4] == "Pss:")
    return total * 1024


def main() -> None:
    """Send the requests and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--write-every", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DEFGRAPH_TOKEN": TOKEN,
            "DEFGRAPH_PLAIN": "1",
            "DEFGRAPH_STORE": str(Path(folder) / "store"),
        }
        program = Path(sys.executable).with_name("defgraph")
        with (
            (Path(folder) / "log").open("w") as log,
            subprocess.Popen(
                [program, "serve", "--port", "0"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            ) as server,
        ):
            try:
                address = re.search(r"http://\S+", server.stdout.readline()).group()
                failed = asyncio.run(measure(address, server.pid, options))
            finally:
                server.terminate()
    sys.exit(1 if failed else 0)


async def measure(address: str, server: int, options: argparse.Namespace) -> bool:
    """Print memory along the way, and what requests were answered; return whether any failed."""
    load = Load(address, options.write_every)
    await load.send(options.write_every, 1)  # ends with a write: there is a graph to read
    load.outcomes.clear()
    load.seconds.clear()
    begun = time.perf_counter()
    memory = []
    for part in range(1, PARTS + 1):
        await load.send(options.requests // PARTS, options.clients)
        memory.append(memory_of(server) / 1e6)
        print(f"{part * options.requests // PARTS:8,} requests  {memory[-1]:7.1f} MB", flush=True)
    took = time.perf_counter() - begun
    print(", ".join(f"{each}: {times:,}" for each, times in sorted(load.outcomes.items())))
    milliseconds = [each * 1000 for each in statistics.quantiles(load.seconds, n=100)]
    print(f"{options.requests / took:,.0f} requests a second", end="; ")
    print(f"p50 {milliseconds[49]:.1f} ms, p99 {milliseconds[98]:.1f} ms")
    middle, end = memory[PARTS // 2 - 1], memory[-1]
    print(f"memory at the end / in the middle: {end / middle:.3f}")
    return bool(set(load.outcomes) - {"read", "written"})


if __name__ == "__main__":
    main()
