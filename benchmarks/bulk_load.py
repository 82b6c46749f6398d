"""How fast many quads are loaded without validation, and a store of them opened, beside Oxigraph.

    python benchmarks/bulk_load.py [--quads 1000000]

Both load the same file of N-Quads into a new folder, by their commands, one after the other; then a
server is started on each and asked one look-up. Printed are seconds, quads a second, the most
memory that the command had, and the size of the folder. Oxigraph keeps its dataset on disk; ours is
in memory, so that opening reads all of it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

EX = "http://example.com/"
LOOK_UP = f"SELECT ?o {{ GRAPH ?g {{ <{EX}thing/77> <{EX}label> ?o }} }}"


def write_quads(path: Path, quads: int) -> None:
    """Write so many: things with a type, a label, a number and links to each other."""
    with path.open("w") as file:
        for n in range(quads // 5):
            thing, graph = f"<{EX}thing/{n}>", f"<{EX}graph/{n % 100}>"
            file.write(
                f"{thing} <{EX}type> <{EX}class/{n % 50}> {graph} .\n"
                f'{thing} <{EX}label> "Thing {n}"@en {graph} .\n'
                f'{thing} <{EX}size> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer> {graph} .\n'
                f"{thing} <{EX}next> <{EX}thing/{n + 1}> {graph} .\n"
                f"{thing} <{EX}part> <{EX}thing/{n // 2}> {graph} .\n"
            )


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command to its end; return the seconds, and the most memory that it had in MiB."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed: {process.stderr.read().decode()[-2000:]}")
    process.stderr.close()
    return seconds, usage.ru_maxrss / 1024


def opened(command: list[str], port: int, path: str) -> float:
    """Start a server and ask it; return the seconds until it has answered."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    ) as process:
        try:
            while True:
                try:
                    answer = httpx2.get(
                        f"http://127.0.0.1:{port}{path}",
                        params={"query": LOOK_UP},
                        headers={"Accept": "application/sparql-results+json"},
                        timeout=60,
                        trust_env=False,
                    )
                except httpx2.TransportError:
                    time.sleep(0.02)
                    continue
                if answer.status_code == 200:
                    assert "Thing 77" in answer.text, answer.text  # noqa: S101
                    return time.perf_counter() - begin
        finally:
            process.send_signal(signal.SIGTERM)


def environment() -> dict[str, str]:
    """Return ours, with a quiet log."""
    return {**os.environ, "DEFGRAPH_LOG_LEVEL": "error"}


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def size_mb(folder: Path) -> float:
    """Return the bytes of all files below *folder*, in MiB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quads", type=int, default=1_000_000)
    options = parser.parse_args()
    beside = Path(sys.executable).parent
    ours, theirs = str(beside / "defgraph"), str(beside / "oxigraph")
    if shutil.which(theirs) is None:
        raise SystemExit("The package 'oxigraph' is not installed: make setup")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "quads.nq"
        write_quads(source, options.quads)
        loads = {
            "oxigraph": [theirs, "load", "--location", f"{folder}/oxigraph", "--file", str(source)],
            "defgraph": [ours, "load", str(source), "--store", f"{folder}/defgraph", "--plain"],
        }
        rates = {}
        for each, command in loads.items():
            seconds, most_mb = timed(command)
            rates[each] = options.quads / seconds
            print(
                f"{each:9} load {seconds:7.2f} s  {rates[each]:10,.0f} quads/s"
                f"  {most_mb:7.0f} MiB at most  {size_mb(folder / each):7.0f} MiB on disk"
            )
        print(f"defgraph / oxigraph: {rates['defgraph'] / rates['oxigraph']:.2f} of its rate")
        for each in loads:
            port, place = free_port(), f"{folder}/{each}"
            serve = {
                "oxigraph": [theirs, "serve", "--location", place, "--bind", f"127.0.0.1:{port}"],
                "defgraph": [ours, "serve", "--plain", "--store", place, "--port", str(port)],
            }[each]
            path = "/query" if each == "oxigraph" else "/sparql"
            print(f"{each:9} open {opened(serve, port, path):7.2f} s until it answers")


if __name__ == "__main__":
    main()
