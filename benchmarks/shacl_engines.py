"""What the two SHACL engines take for our shapes, side by side.

    python benchmarks/shacl_engines.py [--data PATH] [--rounds N]

Prints medians over rounds that alternate, so that other load on the machine meets both alike:

- a validation of the dataset, both passes, as a write waits for it;
- a new process until it has loaded what it needs to validate, beside one that loads nothing.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from defgraph import loading, sources
from defgraph.validation import validate
from defgraph.validation.engine import Engine

ENGINES: Final[tuple[Engine, ...]] = ("shacl", "pyshacl")


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, action="append", help="another dataset")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    dataset = loading.load(sources.data_at(options.data) if options.data else None)
    print(f"validation of {len(dataset):,} quads:")
    both = medians(
        {engine: lambda engine=engine: validate(dataset, engine=engine) for engine in ENGINES},
        options.rounds,
    )
    print(f"  pyshacl takes {both['pyshacl'] / both['shacl']:.0f} times as long")
    print("a process until it can validate:")
    loads = {engine: f"import defgraph.validation.engine_{engine}" for engine in ENGINES}
    medians(
        {
            name: lambda code=code: subprocess.run([sys.executable, "-c", code], check=True)
            for name, code in {**loads, "nothing": "pass"}.items()
        },
        options.rounds,
    )


def medians(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Call each in turn, first once unmeasured; print and return the median seconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for measured in [False] + [True] * rounds:
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if measured:
                taken[name].append(time.perf_counter() - start)
    found = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name, seconds in found.items():
        print(f"  {name:8} {1000 * seconds:8.1f} ms")
    return found


if __name__ == "__main__":
    main()
