"""What a batch of 1,000 names with errors of typing takes at /reconcile, beside plain comparisons.

    python benchmarks/reconciliation.py [--rounds N]

Prints medians over rounds that alternate, so that other load on the machine meets all alike: the
batch through HTTP to a server of its own process; the matching in this process; one comparison of
each name with each label by rapidfuzz, which neither folds nor ranks; and difflib for 20 of them.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx2
from rapidfuzz import process
from rapidfuzz.distance import OSA

from defgraph import loading
from defgraph.engine.profile import Profile
from defgraph.reconciliation import Matcher, NameIndex, read_index
from defgraph.store.in_process import InProcessStore

NAMES: Final = 1_000
_FEW: Final = 20


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=8791)
    options = parser.parse_args()
    index = asyncio.run(read_index(InProcessStore(loading.load(), profile=Profile())))
    names = with_errors(index)
    matcher = Matcher(index)
    labels = [key.text for key in index.keys]
    print(f"{len(names):,} names, {len(labels):,} names of {len(index.things)} things")

    queries = {f"q{n}": {"query": each} for n, each in enumerate(names)}
    batch = {"queries": json.dumps(queries)}
    program = Path(sys.executable).with_name("defgraph")
    server = subprocess.Popen([program, "serve", "--port", str(options.port)])
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{options.port}", timeout=30) as client:
            wait_for(client)
            medians(
                {
                    "through HTTP": lambda: client.post("/reconcile", data=batch),
                    "in process": lambda: [matcher.match(each) for each in names],
                    "rapidfuzz alone": lambda: [plain(each, labels) for each in names],
                    f"difflib, {_FEW} names": lambda: [
                        difflib.get_close_matches(each, labels, 5) for each in names[:_FEW]
                    ],
                },
                options.rounds,
            )
    finally:
        server.terminate()
        server.wait()


def with_errors(index: NameIndex) -> list[str]:
    """Return names of things, each with one letter left out."""
    chance = random.Random(1)  # noqa: S311 - not for secrets
    texts = [key.text for key in index.keys if len(key.text) > 3]
    made = []
    for text in chance.choices(texts, k=NAMES):
        at = chance.randrange(1, len(text) - 1)
        made.append(text[:at] + text[at + 1 :])
    return made


def plain(name: str, labels: list[str]) -> object:
    """Compare *name* with each of *labels* once."""
    return process.extract(
        name, labels, scorer=OSA.normalized_similarity, processor=None, limit=5, score_cutoff=0.55
    )


def wait_for(client: httpx2.Client) -> None:
    """Wait until the server answers, and has read the names."""
    for _ in range(100):
        try:
            client.get("/reconcile", params={"query": "Japan"})
        except httpx2.TransportError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


def medians(calls: dict[str, Callable[[], object]], rounds: int) -> None:
    """Call each in turn, first once unmeasured, and print the median seconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for measured in [False] + [True] * rounds:
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if measured:
                taken[name].append(time.perf_counter() - start)
    for name, each in taken.items():
        print(f"  {name:20} {statistics.median(each) * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
