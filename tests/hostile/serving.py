"""A real server, as a process of its own, for those who mean it harm; and what it takes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx2

SERVE = "from defgraph.settings import Settings; from defgraph.web import serve; serve(Settings())"
EX = "http://example.com/"
TRIPLES = 120
TOKEN = "secret"
LIMITS = {
    "DEFGRAPH_QUERY_TIMEOUT_S": "0.3",
    "DEFGRAPH_QUERY_MEMORY_MB": "200",
    "DEFGRAPH_MAX_QUERY_BYTES": "12000000",
    "DEFGRAPH_MAX_REQUEST_BYTES": "12500000",
    "DEFGRAPH_MAX_RESULT_BYTES": "1000000",
    "DEFGRAPH_WORKERS": "2",
}
WRITING = {"DEFGRAPH_TOKEN": TOKEN, "DEFGRAPH_PLAIN": "1", "DEFGRAPH_DATA_PATHS": ""}
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
ANY = {"Accept": "application/sparql-results+json, application/n-triples"}


@dataclass
class Server:
    """A running server and a client of it."""

    process: subprocess.Popen
    client: httpx2.Client
    numbers: Iterator[int] = field(default_factory=count)

    def ask(self, text: str | bytes, **options) -> httpx2.Response:
        """Send a query."""
        headers = {"Content-Type": "application/sparql-query", **ANY}
        return self.client.post("/sparql", content=_bytes(text), headers=headers, **options)

    def update(self, text: str | bytes) -> httpx2.Response:
        """Send an update, as one who may."""
        headers = {"Content-Type": "application/sparql-update", **AUTHORIZED}
        return self.client.post("/update", content=_bytes(text), headers=headers)

    def upload(
        self, body: str | bytes | Iterator[bytes], media_type: str, **headers: str
    ) -> httpx2.Response:
        """Replace a graph, as one who may."""
        sent = {"Content-Type": media_type, **AUTHORIZED, **headers}
        content = body.encode() if isinstance(body, str) else body
        return self.client.put("/graphs", params={"graph": EX + "g"}, content=content, headers=sent)

    def is_well(self) -> bool:
        """Tell whether an ordinary query is answered, which nobody asked before."""
        answer = self.ask(f"ASK {{ FILTER(1 = 1) }} # {next(self.numbers)}")
        return answer.status_code == 200 and answer.json()["boolean"] is True

    def raw(self, sent: bytes) -> bytes:
        """Send bytes over a connection of their own; return the first of what comes back."""
        url = self.client.base_url
        with (
            socket.create_connection((url.host, url.port), timeout=30) as connection,
            suppress(ConnectionError),
        ):
            connection.sendall(sent)
            return connection.recv(65536)
        return b""

    def descendants(self) -> dict[str, list[int]]:
        """The processes below the server: its zygotes and their workers."""
        zygotes = [pid for pid in children(self.process.pid) if b"zygote" in _command(pid)]
        return {"zygotes": zygotes, "workers": [pid for each in zygotes for pid in children(each)]}


@contextmanager
def running(folder: Path, *before: str, **settings: str) -> Iterator[Server]:
    """Serve a small dataset with *settings*, or with WRITING an empty one that can be written.

    *before* stands before the command of the server.
    """
    data = folder / "data.ttl"
    data.write_text("".join(f"<{EX}{n}> <{EX}p> {n} , 'word {n}' .\n" for n in range(TRIPLES)))
    defaults = {"DEFGRAPH_PORT": "0", "DEFGRAPH_DATA_PATHS": str(data)}
    environment = {**os.environ, **defaults, **settings}
    with subprocess.Popen(
        [*before, sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = re.search(r"http://\S+/", process.stdout.readline()).group()
            with httpx2.Client(base_url=address, timeout=60, trust_env=False) as client:
                server = Server(process, client)
                assert server.is_well()
                yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=30)


def children(pid: int) -> list[int]:
    """The processes that process *pid* started, and that are there."""
    found: list[int] = []
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # that thread has ended
            found += map(int, each.read_text().split())
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


def is_alive(pid: int) -> bool:
    """Tell whether process *pid* is there."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
