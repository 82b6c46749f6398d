"""What hostile requests cost those who come after them, and how much memory they get.

    python benchmarks/hostile.py [--timeout 1] [--only WORD] [--quick]

Sends each family of tests/hostile/families in its sizes to a real server, an ordinary query after
each, and prints for each family: the answers' statuses, by how much the slowest went beyond the
deadline, and the slowest of the ordinary queries. Before that bombs are sent to all workers at
once; the most memory that all processes had is printed beside the budgets of all workers and what
the server takes at rest, in proportional set size (memory that processes share counts once).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx2

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "hostile"))

from families import others, queries, updates, uploads
from serving import EX, LIMITS, TOKEN, WRITING, Server, children, running

Send = Callable[[], httpx2.Response]
Prepare = Callable[[], Send]
"""Makes what is sent beforehand: a text of ten megabytes is not the server's affair."""
MEMORY_MB, WORKERS = 200, 2
BOMBS = [
    queries.EXPENSIVE[name]
    for name in ("string, doubled", "cross product, ordered", "cross product, distinct")
]


def families(server: Server, *, quick: bool) -> Iterator[tuple[str, list[Prepare]]]:
    """Yield each family: its name, and what makes each size of it."""
    sizes = queries.SIZES[-1:] if quick else queries.SIZES
    long = (1_000_000,) if quick else (10_000, 1_000_000, 10_000_000)
    yield from of_texts("query", server.ask, queries.NESTED, sizes)
    yield from of_texts("query", server.ask, queries.EXPENSIVE | others.QUERIES)
    yield from of_texts("query", server.ask, queries.SIZED, (100, 1_000))
    yield from of_texts("query", server.ask, queries.LONG, long)
    yield from of_texts("update", server.update, updates.NESTED_WHERE, sizes)
    yield from of_texts(
        "update", server.update, updates.EXPENSIVE_WHERE | updates.MULTIPLIED | others.UPDATES
    )
    yield from of_texts("update", server.update, updates.LONG, long)
    in_sizes = uploads.SIZES[-1:] if quick else (*uploads.SIZES, 1_000_000)
    for name, (kind, make) in uploads.NESTED.items():
        yield (
            f"graph: {name}",
            [lambda n=n, m=make, k=kind: partial(server.upload, m(n), k) for n in in_sizes],
        )
    for name, (kind, body) in (uploads.BOMBS | others.GRAPHS).items():
        yield f"graph: {name}", [lambda b=body, k=kind: partial(server.upload, b, k)]


def of_texts(
    kind: str,
    send: Callable[[str], httpx2.Response],
    made: Mapping[str, str | Callable[[int], str]],
    sizes: Iterable[int] = (0,),
) -> Iterator[tuple[str, list[Prepare]]]:
    """Yield families of queries or updates: texts, or what makes one of each of *sizes*."""
    for name, text in made.items():
        yield (
            f"{kind}: {name}",
            [lambda n=n, t=text: partial(send, t if isinstance(t, str) else t(n)) for n in sizes],
        )


def begun(server: Server) -> None:
    """Have the dataset hold what it held when the first family came."""
    server.update("DROP ALL")
    data = "".join(f"<{EX}{n}> <{EX}p> {n} , 'word {n}' . " for n in range(120))
    if server.update(f"INSERT DATA {{ {data} }}").status_code != 200:
        raise SystemExit("the server takes no writes any more")


class Processes:
    """The processes of a server, also those whose parent has ended, as that of a write does."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._sessions: set[int] = set()  # a zygote begins one, and all after it are in it

    def pids(self) -> list[int]:
        """Return those that there are."""
        self._sessions.update(children(self._server.process.pid))
        listed = subprocess.run(
            ["/bin/ps", "-eo", "pid=,sid="], capture_output=True, text=True, check=True
        ).stdout
        pairs = [map(int, line.split()) for line in listed.splitlines()]
        below = [pid for pid, session in pairs if session in self._sessions]
        return [self._server.process.pid, *below]


def pss_mb(pids: list[int]) -> float:
    """Return the proportional set size of processes together."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # it has ended
        total += next(int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:")
    return total / 1024


def bombed(server: Server, processes: Processes) -> float:
    """Return the most memory while bombs are in all workers, in MiB."""
    most = [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            most[0] = max(most[0], pss_mb(processes.pids()))

    watching = threading.Thread(target=watch)
    watching.start()
    with ThreadPoolExecutor(4 * WORKERS) as pool:
        asked = [f"{text} # {n}" for n in range(4 * WORKERS) for text in BOMBS]
        statuses = sorted({each.status_code for each in pool.map(server.ask, asked)})
    over.set()
    watching.join()
    print(f"bombs in all workers were answered with {statuses}")
    return most[0]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--timeout", type=float, default=1.0, help="the deadline, in seconds")
    parser.add_argument("--only", default="", help="families whose name holds this")
    parser.add_argument("--quick", action="store_true", help="each in its largest size, or nearly")
    options = parser.parse_args()
    settings = {
        **LIMITS,
        **WRITING,
        "DEFGRAPH_QUERY_TIMEOUT_S": str(options.timeout),
        "DEFGRAPH_QUERY_MEMORY_MB": str(MEMORY_MB),
        "DEFGRAPH_WORKERS": str(WORKERS),
        "DEFGRAPH_TOKEN": TOKEN,
    }
    worst_late = worst_next = 0.0
    count = 0
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), **settings) as server:
        processes = Processes(server)
        processes.pids()
        begun(server)
        rest = pss_mb(processes.pids())
        most = bombed(server, processes)
        for name, sizes in families(server, quick=options.quick):
            if options.only not in name:
                continue
            late = after = 0.0
            statuses = []
            for prepare in sizes:
                send = prepare()
                start = time.perf_counter()
                statuses.append(send().status_code)
                asked = time.perf_counter()
                if not server.is_well():
                    raise SystemExit(f"{name}: the next ordinary query was not answered")
                after = max(after, time.perf_counter() - asked)
                late = max(late, asked - start - options.timeout)
                count += 1
            if any((each == 200 and "update" in name) or each in (201, 204) for each in statuses):
                begun(server)
            print(f"{name:48} {statuses!s:26} {1e3 * late:7.0f} ms late {1e3 * after:6.1f} ms next")
            worst_late, worst_next = max(worst_late, late), max(worst_next, after)
        left = pss_mb(processes.pids())
    print(f"{count} hostile requests; beyond the deadline, the most {1e3 * worst_late:.0f} ms")
    print(f"the next ordinary query, the slowest {1e3 * worst_next:.1f} ms")
    print(f"memory at rest {rest:.0f} MiB; with bombs {most:.0f} MiB, after all {left:.0f} MiB")
    print(f"budgets of all workers and that: {WORKERS} x {MEMORY_MB} + {rest:.0f} MiB")


if __name__ == "__main__":
    main()
