"""A real server, as a process of its own, for those who mean it harm."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest

if sys.platform != "linux":
    pytest.skip("the promises hold on Linux", allow_module_level=True)

SERVE = "from defgraph.settings import Settings; from defgraph.web import serve; serve(Settings())"
EX = "http://example.com/"
TRIPLES = 120
LIMITS = {
    "DEFGRAPH_QUERY_TIMEOUT_S": "0.3",
    "DEFGRAPH_QUERY_MEMORY_MB": "200",
    "DEFGRAPH_MAX_QUERY_BYTES": "12000000",
    "DEFGRAPH_MAX_REQUEST_BYTES": "12500000",
    "DEFGRAPH_MAX_RESULT_BYTES": "1000000",
    "DEFGRAPH_WORKERS": "2",
}


@dataclass
class Server:
    """A running server and a client of it."""

    process: subprocess.Popen
    client: httpx2.Client

    def ask(self, text, **options) -> httpx2.Response:
        content = text if isinstance(text, bytes) else text.encode()
        headers = {
            "Content-Type": "application/sparql-query",
            "Accept": "application/sparql-results+json, application/n-triples",
        }
        return self.client.post("/sparql", content=content, headers=headers, **options)

    def is_well(self) -> bool:
        answer = self.ask(f"ASK {{ <{EX}1> <{EX}p> ?o }}")
        return answer.status_code == 200 and answer.json()["boolean"] is True

    def descendants(self) -> dict[str, list[int]]:
        """The processes below the server: its zygotes and their workers."""
        zygotes = children(self.process.pid)
        return {"zygotes": zygotes, "workers": [pid for each in zygotes for pid in children(each)]}


def children(pid: int) -> list[int]:
    found: list[int] = []
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # that thread has ended
            found += map(int, each.read_text().split())
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition):
    for _ in range(4000):
        if outcome := condition():
            return outcome
        time.sleep(0.005)
    pytest.fail("it did not come true")


@contextmanager
def running(folder: Path, **settings: str):
    """Serve a small dataset with *settings*."""
    data = folder / "data.ttl"
    data.write_text("".join(f"<{EX}{n}> <{EX}p> {n} , 'word {n}' .\n" for n in range(TRIPLES)))
    environment = {**os.environ, "DEFGRAPH_PORT": "0", "DEFGRAPH_DATA_PATHS": str(data), **settings}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True
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


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server with tight limits, shared by all who send it hostile queries."""
    with running(tmp_path_factory.mktemp("hostile"), **LIMITS) as server:
        yield server


@pytest.fixture(scope="session")
def patient_server(tmp_path_factory):
    """A server with the same limits but that of time, however slow the machine is."""
    limits = {**LIMITS, "DEFGRAPH_QUERY_TIMEOUT_S": "100"}
    with running(tmp_path_factory.mktemp("patient"), **limits) as server:
        yield server


@pytest.fixture
def own_server(tmp_path):
    """A server to kill parts of."""
    with running(tmp_path, **LIMITS) as server:
        yield server


@pytest.fixture
def helpers():
    """What this file offers to tests beyond servers."""
    return SimpleNamespace(eventually=eventually, is_alive=is_alive, running=running)
