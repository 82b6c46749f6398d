"""Does a dataset on disk conform to the shapes: judged in a process of its own, beside a server.

What the shapes judge on its way in conforms. What was there before need not: one's own files, a
store that an older release made, or that was written to as a plain one. It is served nevertheless.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from defgraph import children, loading, sandbox, sources, validation
from defgraph.engine.limits import MIB
from defgraph.log import patches
from defgraph.namespaces import shorten

SHOWN: Final = 3
"""So many results are told; the command that a verdict names tells them all."""

_BOOT: Final = "from defgraph.conformance import main; main()"


@dataclass(frozen=True, slots=True)
class Served:
    """What is judged: the store in a *folder*, or files of *data*."""

    folder: Path | None = None
    data: tuple[Path, ...] = ()

    @property
    def command(self) -> str:
        """What prints the whole report."""
        chosen = ["--store", self.folder] if self.folder else []
        chosen += [each for path in self.data for each in ("--data", path)]
        return shlex.join(["defgraph", "validate", *map(str, chosen)])

    def load(self) -> ox.Store:
        """Read the dataset; of a store, its newest whole generation."""
        if self.folder is not None:
            return patches.read(self.folder).dataset
        return loading.load(sources.data_at(self.data))


async def verdict(served: Served, *, timeout_s: float, memory_mb: int) -> str | None:
    """Return what is to be said of *served*, in a sentence or two; None if it conforms.

    The process that judges has the lowest priority, and so much time and memory beyond its own;
    where it takes more, or cannot read what it is to judge, that is said. Cancelled, it ends.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _BOOT, str(os.getpid()), str(memory_mb)),
        *("" if served.folder is None else str(served.folder), *map(str, served.data)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(timeout_s):
            said, _ = await process.communicate()
    except TimeoutError:
        return _unknown(served, f"that took longer than {timeout_s:g} s")
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    status = process.returncode
    if status in children.OUT_OF_MEMORY:
        return _unknown(served, f"that took more than {memory_mb} MiB of memory")
    if status != 0:
        return _unknown(served, f"the process that judges ended with status {status}")
    found = json.loads(said)
    return _told(served, found["violations"], found["first"])


def main() -> None:
    """Judge what the arguments name, and print how much is violated and what comes first."""
    parent, memory_mb, folder, *data = sys.argv[1:]
    sandbox.end_with_parent(int(parent))
    os.nice(19)
    most = sandbox.prepare() + int(memory_mb) * MIB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    served = Served(Path(folder) if folder else None, tuple(map(Path, data)))
    try:
        print(json.dumps(_judged(served)))  # noqa: T201 - for the process that waits
    except MemoryError:
        os._exit(children.OUT_OF_MEMORY[0])


def _judged(served: Served) -> dict[str, Any]:
    report = validation.validate(served.load())
    violated = [each for each in report.results if each.is_violation]
    first = [f"{shorten(str(each.focus_node).strip('<>'))}: {each.message}" for each in violated]
    return {"violations": len(violated), "first": first[:SHOWN]}


def _told(served: Served, violations: int, first: Sequence[str]) -> str | None:
    if violations == 0:
        return None
    counted = f"{violations:,} violation{'' if violations == 1 else 's'}"
    begins = "; ".join(each.rstrip(".") for each in first)
    which = f"the first {len(first)}" if violations > len(first) else "namely"
    return (
        f"The dataset does not conform to the shapes ({counted}), but is served; {which}: "
        f"{begins}. To see all of it: {served.command}"
    )


def _unknown(served: Served, reason: str) -> str:
    return (
        f"Whether the dataset conforms to the shapes is not known, since {reason}; "
        f"to find out: {served.command}"
    )
