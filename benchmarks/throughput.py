"""Queries answered a second over HTTP, beside `oxigraph serve` in memory and rdflib-endpoint.

    python benchmarks/throughput.py [--seconds N] [--connections N] [--rounds N] [--only NAME ...]

All serve the shipped dataset on loopback, are asked the same six kinds of queries by wrk (a Debian
package), and answer in the same formats: first each query with a literal that was never asked
before, then the same six again and again. The servers take turns, so that other load on the machine
meets all alike; the figures are medians. rdflib-endpoint runs in an environment of its own, which
is made at the first run. Every server's answers are counted before: all must be the same.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote_plus

import httpx2

from defgraph import export, loading

PREFIXES: Final = """\
PREFIX def: <https://w3id.org/defgraph/def/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX state: <https://w3id.org/defgraph/id/state/>
"""
FRESH: Final = "@@"
"""Stands where a literal that was never asked before comes."""

QUERIES: Final = {
    "look-up": f'SELECT ?label ?n {{ state:nz rdfs:label ?label BIND("{FRESH}" AS ?n) }}',
    "by class": f'SELECT ?a {{ ?a a def:Agreement FILTER(str(?a) != "{FRESH}") }}',
    "join": f"""SELECT ?agreement ?name {{ ?agreement a def:Agreement ; def:hasParty ?party .
        ?party rdfs:label ?name FILTER(lang(?name) = "en" && ?name != "{FRESH}") }}""",
    "claims": f"""SELECT ?claim ?p ?v {{ ?claim def:aboutSubject ?s ; def:aboutProperty ?p ;
        def:aboutValue ?v ; def:hasModality ?m FILTER(str(?v) != "{FRESH}") }} LIMIT 50""",
    "count": f"""SELECT ?type (COUNT(?s) AS ?n) {{ ?s def:hasModality ?type
        FILTER(str(?s) != "{FRESH}") }} GROUP BY ?type""",
    "construct": f"""CONSTRUCT {{ state:jp ?p ?o }} {{ state:jp ?p ?o
        FILTER(str(?o) != "{FRESH}") }}""",
}
ACCEPT: Final = "application/sparql-results+json, application/n-triples;q=0.9"

_SCRIPT: Final = """\
local queries = {%(queries)s}
local fresh = %(fresh)s
local at, thread = 0, 0
local counter = 0
setup = function(t) t:set("id", counter); counter = counter + 1 end
init = function() math.randomseed(os.time()); base = math.random(1, 2^30) .. "x" .. id .. "x" end
request = function()
  at = at + 1
  local query = queries[at %% #queries + 1]
  if fresh then query = query:gsub("%%%%40%%%%40", base .. at) end
  return wrk.format("GET", "%(path)s?query=" .. query, {["Accept"] = "%(accept)s"})
end
"""

_RDFLIB_ENDPOINT: Final = """\
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph), host="127.0.0.1", port=int(sys.argv[2]),
            log_level="warning")
"""


@contextmanager
def running(command: list[str], path: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """Run a server until it answers, and end it."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env
    )
    try:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended with {process.returncode}")
            try:
                httpx2.get(path)
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(endpoint: str, query: str) -> int:
    """Return how many solutions or triples the answer has."""
    answer = httpx2.get(endpoint, params={"query": query}, headers={"Accept": ACCEPT}, timeout=60)
    answer.raise_for_status()
    if "json" in answer.headers["Content-Type"]:
        return len(answer.json()["results"]["bindings"])
    return len(answer.text.strip().splitlines())


def script(path: str, *, fresh: bool) -> str:
    """Return what wrk is to ask at *path*, in Lua."""
    quoted = [quote_plus(PREFIXES + query) for query in QUERIES.values()]
    return _SCRIPT % {
        "queries": ", ".join(json.dumps(each) for each in quoted),
        "fresh": "true" if fresh else "false",
        "path": path,
        "accept": ACCEPT,
    }


def measure(endpoint: str, lua: Path, options: argparse.Namespace) -> tuple[float, int]:
    """Return requests a second, and how many were answered with an error."""
    load = ["-t1", f"-c{options.connections}", f"-d{options.seconds}"]
    done = subprocess.run(
        [str(shutil.which("wrk")), *load, "-s", str(lua), endpoint],
        check=True,
        capture_output=True,
        text=True,
    )
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)[1])
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    return rate, int(errors[1]) if errors else 0


def rdflib_endpoint(folder: Path) -> str:
    """Return the Python of an environment with rdflib-endpoint, made if need be."""
    python = folder / "bin" / "python"
    if not python.exists():
        print("installing rdflib-endpoint ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run(
            [python, "-m", "pip", "-q", "install", "rdflib-endpoint==0.6.3", "uvicorn"], check=True
        )
    return str(python)


def main() -> None:
    """Measure each server in turns, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=["defgraph", "oxigraph", "rdflib-endpoint"])
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing; on Debian: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options)


def run(folder: Path, options: argparse.Namespace) -> None:
    """Measure in *folder*, which is empty."""
    nquads = folder / "data.nq"
    nquads.write_bytes(export.export(loading.load(), "nquads"))
    starter = folder / "endpoint.py"
    starter.write_text(_RDFLIB_ENDPOINT)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "defgraph-benchmarks"
    ports = {name: free_port() for name in options.only}
    paths = {"defgraph": "/sparql", "oxigraph": "/query", "rdflib-endpoint": "/"}

    def command(name: str) -> list[str]:
        port = str(ports[name])
        if name == "defgraph":
            program = Path(sys.executable).parent / "defgraph"
            return [str(program), "serve", "--port", port]
        if name == "oxigraph":
            program = Path(sys.executable).parent / "oxigraph"
            return [str(program), "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}"]
        python = rdflib_endpoint(cache / "rdflib-endpoint")
        return [python, str(starter), str(nquads), port]

    figures: dict[tuple[str, bool], list[float]] = {}
    for _ in range(options.rounds):
        for name in options.only:
            endpoint = f"http://127.0.0.1:{ports[name]}{paths[name]}"
            with running(command(name), endpoint):
                if name == "oxigraph":
                    httpx2.post(
                        f"http://127.0.0.1:{ports[name]}/store",
                        content=nquads.read_bytes(),
                        headers={"Content-Type": "application/n-quads"},
                    ).raise_for_status()
                counts = [ask(endpoint, PREFIXES + query) for query in QUERIES.values()]
                for fresh in (True, False):
                    lua = folder / "wrk.lua"
                    lua.write_text(script(paths[name], fresh=fresh))
                    rate, errors = measure(endpoint, lua, options)
                    figures.setdefault((name, fresh), []).append(rate)
                    kind = "unrepeated" if fresh else "repeated"
                    print(f"{name:16} {kind:11} {rate:9,.0f}/s  errors {errors}", flush=True)
                print(f"{name:16} answers of   {counts}", flush=True)
    print(f"\n{'':16} {'unrepeated':>12} {'repeated':>12}   medians, answers a second")
    for name in options.only:
        fresh, repeated = (statistics.median(figures[name, each]) for each in (True, False))
        print(f"{name:16} {fresh:12,.0f} {repeated:12,.0f}")
    for name in options.only[1:]:
        ratios = [
            statistics.median(figures[options.only[0], each])
            / statistics.median(figures[name, each])
            for each in (True, False)
        ]
        print(f"{options.only[0]} / {name}: {ratios[0]:.2f} unrepeated, {ratios[1]:.2f} repeated")


if __name__ == "__main__":
    main()
