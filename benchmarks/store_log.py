"""What it costs to keep a store on disk, beside what the disk and the engine alone would cost.

    python benchmarks/store_log.py [--quads N] [--writes N] [--folder FOLDER]

Prints, for datasets of 1,500 and of N quads:

- a durable write of one quad (median), beside a bare write, fsync, rename and fsync of the folder;
- writing a snapshot, and opening the store with and without one, beside parsing the same N-Quads
  into the engine with no hash checked.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pyoxigraph as ox

from defgraph.log import patches
from defgraph.log.changes import Changes, add, lines_of
from defgraph.log.files import WriterLock, sync
from defgraph.log.patch_log import PatchLog

EX = "http://example.com/"
T = TypeVar("T")


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--writes", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="where to write; on the disk to be measured")
    options = parser.parse_args()
    for quads in (1_500, options.quads):
        print(f"{quads:,} quads")
        with TemporaryDirectory(dir=options.folder) as name:
            measure(Path(name), quads, options.writes)


def measure(folder: Path, quads: int, writes: int) -> None:
    """Fill a store in *folder*, write to it, and open it."""
    store = folder / "store"
    nquads = fill(store, quads)
    ours, bare = write(store, range(quads, quads + writes), folder)
    print(f"  durable write of one quad {ours * 1000:8.2f} ms")
    print(f"  bare write and two fsyncs {bare * 1000:8.2f} ms")
    say("open from patches", lambda: patches.read(store))
    snapshot(store)
    say("open from the snapshot", lambda: patches.read(store))
    say("parse into the engine alone", lambda: parse(nquads))


def fill(store: Path, quads: int) -> bytes:
    """Make a store of one patch; return its quads."""
    with WriterLock(store) as lock:
        log, dataset = PatchLog.open(store, lock)
        dataset.bulk_extend(quad(number) for number in range(quads))
        changes = Changes(added=frozenset(lines_of(dataset)))
        say("first patch, with all of them", lambda: log.append(changes, author="", message=""))
        return dataset.dump(None, ox.RdfFormat.N_QUADS) or b""


def write(store: Path, numbers: range, folder: Path) -> tuple[float, float]:
    """Write quads, each in turn with a bare file, so that other load meets both; medians."""
    ours, bare = [], []
    with WriterLock(store) as lock:
        log, dataset = PatchLog.open(store, lock)

        def write_quad(number: int) -> None:
            log.append(add(dataset, [quad(number)]), author="", message="")

        for number in numbers:
            ours.append(seconds(partial(write_quad, number)))
            bare.append(seconds(partial(write_bare, folder, number)))
    return statistics.median(ours), statistics.median(bare)


def snapshot(store: Path) -> None:
    """Write a snapshot."""
    log, dataset = PatchLog.open(store)
    say("write a snapshot", lambda: log.write_snapshot(dataset, keep=1))


def quad(number: int) -> ox.Quad:
    """Return one of many quads; every second has a literal."""
    thing = ox.NamedNode(f"{EX}{number * 7919 % 1_000_003}")
    value = ox.Literal(f"value {number}") if number % 2 else thing
    graph = ox.NamedNode(f"{EX}graph/{number % 50}")
    return ox.Quad(
        ox.NamedNode(f"{EX}{number // 5}"), ox.NamedNode(f"{EX}p{number % 5}"), value, graph
    )


def write_bare(folder: Path, number: int) -> None:
    """Write a file as long as a small patch, in the way that makes it durable."""
    descriptor = os.open(folder / "new", os.O_WRONLY | os.O_CREAT)
    os.write(descriptor, bytes(500))
    os.fsync(descriptor)
    os.close(descriptor)
    (folder / "new").rename(folder / str(number))
    sync(folder)


def parse(nquads: bytes) -> ox.Store:
    """Read N-Quads into a dataset that keeps the labels of blank nodes."""
    dataset = ox.Store()
    dataset.bulk_extend(ox.parse(nquads, ox.RdfFormat.N_QUADS))
    return dataset


def seconds(call: Callable[[], T]) -> float:
    """Return how long *call* takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def say(what: str, call: Callable[[], T]) -> None:
    """Print how long *call* takes."""
    print(f"  {what:30} {seconds(call):8.2f} s")


if __name__ == "__main__":
    main()
