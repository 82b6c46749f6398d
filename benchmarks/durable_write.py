"""How long a write takes until it is durable and seen, beside what must happen in any case.

    python benchmarks/durable_write.py [--writes 50] [--folder DIR]

Each write adds one triple to the shipped graph, in a folder; then a query sees it. It is measured
with nothing to stand, with inference and the shapes, and in a plain dataset that holds nothing.
Beside them: a file written and synced in the same folder, a bare fork of a process with the graph
in memory, and inference and validation called in a process that has everything loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyoxigraph as ox

from defgraph import admission, loading
from defgraph.engine import tasks
from defgraph.engine.outcomes import Published
from defgraph.engine.profile import PLAIN, Profile
from defgraph.log.files import publish
from defgraph.negotiation import FormatChoice
from defgraph.store.forked import ForkedStore

BOTH = FormatChoice("application/sparql-results+json", "application/n-triples")
EX = "http://example.com/"


async def writes(
    dataset: ox.Store, folder: Path, profile: Profile, count: int
) -> tuple[list[float], int]:
    """Return the milliseconds of each write until a query has seen it, and the quads there are."""
    taken = []
    async with ForkedStore(dataset, folder=folder, is_writable=True, profile=profile) as store:
        for number in range(count):
            triple = f"GRAPH <{EX}g> {{ <{EX}a> <{EX}b> {number} }}"
            begin = time.perf_counter()
            outcome = await store.write(
                tasks.update(f"INSERT DATA {{ {triple} }}"), author="benchmark"
            )
            answer = await store.query(f"ASK {{ {triple} }}", accept=BOTH)
            taken.append(1000 * (time.perf_counter() - begin))
            if not isinstance(outcome, Published) or b"true" not in answer.body:
                raise SystemExit(f"the write was not made: {outcome}")
    return taken, len(dataset)


def timed(action: Callable[[int], object], count: int) -> list[float]:
    """Return the milliseconds that each of *count* calls takes."""
    taken = []
    for number in range(count):
        begin = time.perf_counter()
        action(number)
        taken.append(1000 * (time.perf_counter() - begin))
    return taken


def fork(_number: int) -> None:
    """Fork, and wait for the child to end."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def report(name: str, taken: list[float]) -> None:
    """Print the median and the slowest twentieth."""
    print(f"{name:48} {median(taken):8.1f} {sorted(taken)[int(len(taken) * 0.95)]:8.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--writes", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="where to write; by default a temporary one")
    arguments = parser.parse_args()
    shipped, count = loading.load(), arguments.writes
    admission.prepare()
    print(f"{'ms':48} {'p50':>8} {'p95':>8}")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        report(
            "a file of 1 KB, synced", timed(lambda n: publish(folder / f"{n}", b"." * 1000), count)
        )
        report("a bare fork", timed(fork, count))
        report("inference", timed(lambda _: admission.infer(shipped), 10))
        report("validation", timed(lambda _: admission.refusal(shipped), 10))
        for label, dataset, profile in (
            ("a write to a plain dataset that is empty", ox.Store(), PLAIN),
            ("a write to the shipped graph, not judged", shipped, Profile()),
            ("a write to the shipped graph, judged", shipped, Profile(gate=admission.__name__)),
        ):
            taken, quads = asyncio.run(writes(dataset, folder / label, profile, count))
            report(f"{label} ({quads:,})", taken)


if __name__ == "__main__":
    main()
