"""What it costs to have queries answered by a worker process, beside what it is compared with.

    python benchmarks/store_overhead.py [--quads N] [--rounds N]

On the event loop that the server has. Prints medians of calls that take turns, so that other load
on the machine meets all alike:

- a point look-up in this process, the same through a worker, and an echo of as many bytes over a
  socket of the same kind to a process that does nothing else; what is left is the worker's share.
  Once on all processors and once on one: what lies between is how long a processor of this machine
  takes to wake up for the worker and again for its answer, which an idle virtual one does slowly;
- a fork of the zygote until the new worker has answered, beside a bare fork of the same memory;
- how long it takes until an ordinary query is answered after one that was stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import uvloop

from defgraph.engine.evaluation import evaluate, serialize
from defgraph.engine.limits import Limits
from defgraph.errors import DeadlineExceededError
from defgraph.negotiation import FormatChoice
from defgraph.store.forked import ForkedStore

EX = "http://example.com/"
LOOK_UP = f"SELECT ?o {{ <{EX}77> <{EX}p> ?o }}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ACCEPT = FormatChoice("application/sparql-results+json", "text/turtle")
LIMITS = Limits()
CALLS = 500

BARE_FORK = """
import gc, os, sys, time, pyoxigraph as ox
store = ox.Store()
store.bulk_extend(ox.parse(sys.stdin.buffer, ox.RdfFormat.N_QUADS))
gc.freeze()
times = []
for _ in range(50):
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    times.append(time.perf_counter() - start)
print(sorted(times)[25])
"""


class Echo(asyncio.Protocol):
    """The client's side of an echo."""

    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport
        self._answered: asyncio.Future[bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._answered.set_result(data)

    async def ask(self, question: bytes) -> bytes:
        self._answered = asyncio.get_running_loop().create_future()
        self.transport.write(question)
        return await self._answered


async def echo(length: int) -> tuple[Echo, int]:
    """Start a process that answers each message with *length* bytes."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        answer = b"x" * length
        while theirs.recv(65536):
            theirs.sendall(answer)
        os._exit(0)
    theirs.close()
    ours.setblocking(False)
    _, protocol = await asyncio.get_running_loop().create_unix_connection(Echo, sock=ours)
    return protocol, child


def dataset(quads: int) -> ox.Store:
    """A dataset of so many quads in one named graph."""
    store = ox.Store()
    predicate, graph = ox.NamedNode(EX + "p"), ox.NamedNode(EX + "g")
    store.bulk_extend(
        ox.Quad(ox.NamedNode(f"{EX}{n}"), predicate, ox.Literal(n), graph) for n in range(quads)
    )
    return store


async def look_ups(store: ForkedStore, held: ox.Store, rounds: int) -> None:
    """Compare a look-up in process, through a worker, and an echo: one of each in turn."""
    answer = await store.query(LOOK_UP, accept=ACCEPT)
    echoing, child = await echo(len(answer.body) + 60)
    question = b"q" * (len(LOOK_UP) + 80)

    async def in_process() -> object:
        return serialize(evaluate(held, LOOK_UP), ACCEPT, max_bytes=LIMITS.max_result_bytes)

    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "in process": in_process,
        "echo": lambda: echoing.ask(question),
        "through a worker": lambda: store.query(LOOK_UP, accept=ACCEPT),
    }
    shares, medians = [], []
    for _ in range(rounds):
        times: dict[str, list[int]] = {name: [] for name in calls}
        for _ in range(CALLS):
            for name, call in calls.items():
                start = time.perf_counter_ns()
                await call()
                times[name].append(time.perf_counter_ns() - start)
        medians.append({name: statistics.median(each) / 1000 for name, each in times.items()})
        alone, echoed, through = medians[-1].values()
        shares.append(through - alone - echoed)
    echoing.transport.close()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print(f"on {len(os.sched_getaffinity(0))} of {os.cpu_count()} processors")
    for name in calls:
        median = statistics.median(each[name] for each in medians)
        print(f"look-up, {name:<17} {median:8.1f} us")
    print(
        f"look-up, the worker's share {statistics.median(shares):6.1f} us"
        f"   ({min(shares):.1f} to {max(shares):.1f})"
    )


async def throughput(store: ForkedStore) -> None:
    """Ask from 16 clients at once."""
    clients, each = 16, 200

    async def client() -> None:
        for _ in range(each):
            await store.query(LOOK_UP, accept=ACCEPT)

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    print(
        f"look-ups by {clients} clients  {clients * each / (time.perf_counter() - start):8.0f} /s"
    )


async def forks(store: ForkedStore, held: ox.Store) -> None:
    """Compare the replacement of a worker with a bare fork."""
    times = []
    for _ in range(50):
        worker = store._supervisor.dispatcher.workers[0]
        start = time.perf_counter()
        store._supervisor.dispatcher.replace(worker)
        while not store._supervisor.dispatcher.workers:
            await asyncio.sleep(0)
        await store.query("ASK {}", accept=ACCEPT)
        times.append(time.perf_counter() - start)
    replaced = statistics.median(times)
    bare = float(
        subprocess.run(
            [sys.executable, "-c", BARE_FORK],
            input=held.dump(format=ox.RdfFormat.N_QUADS),
            capture_output=True,
            check=True,
        ).stdout
    )
    print(f"fork, bare                 {bare * 1e3:8.2f} ms")
    print(f"fork, until it answers     {replaced * 1e3:8.2f} ms   x{replaced / bare:.2f}")


async def deadlines(held: ox.Store) -> None:
    """Stop queries, and time what comes after."""
    late, after = [], []
    async with ForkedStore(held, limits=Limits(timeout_s=0.5), workers=1) as store:
        for _ in range(8):
            start = time.perf_counter()
            try:
                await store.query(ENDLESS, accept=ACCEPT)
            except DeadlineExceededError:
                late.append(time.perf_counter() - start - 0.5)
            start = time.perf_counter()
            await store.query(LOOK_UP, accept=ACCEPT)
            after.append(time.perf_counter() - start)
    print(f"deadline overrun, the most {max(late) * 1e3:8.2f} ms")
    print(f"next query, the slowest    {max(after) * 1e3:8.2f} ms")


def memory(store: ForkedStore) -> None:
    """Print the proportional set size of all processes."""
    zygote = store._supervisor.zygote.pid if store._supervisor.zygote else 0
    workers = [worker.pid or 0 for worker in store._supervisor.dispatcher.workers]
    kb = {"this process": _pss_kb(os.getpid()), "zygote": _pss_kb(zygote)}
    kb[f"{len(workers)} workers"] = sum(map(_pss_kb, workers))
    for name, size in kb.items():
        print(f"memory, {name:<18} {size / 1024:8.1f} MiB")


def _pss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a worker costs, beside its comparisons.")
    parser.add_argument("--quads", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    held = dataset(options.quads)
    start = time.perf_counter()
    async with ForkedStore(held, workers=2) as store:
        await store.query(LOOK_UP, accept=ACCEPT)
        print(f"{options.quads} quads; started in {(time.perf_counter() - start) * 1e3:.0f} ms")
        await look_ups(store, held, options.rounds)
        await throughput(store)
        await asyncio.sleep(0.2)
        memory(store)
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everywhere)})
    async with ForkedStore(held, workers=2) as store:
        await look_ups(store, held, options.rounds)
    os.sched_setaffinity(0, everywhere)
    async with ForkedStore(held, workers=1) as store:
        await store.query(LOOK_UP, accept=ACCEPT)
        await forks(store, held)
    await deadlines(held)


if __name__ == "__main__":
    uvloop.run(main())
