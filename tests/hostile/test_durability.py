"""A server whose processes are killed at any moment of a write loop: what it acknowledged is there.

``DEFGRAPH_CRASH_ROUNDS=200`` kills so many times; by default it is only a few.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import httpx2
import pytest

from defgraph.log import history, patches

SERVE = "from defgraph.settings import Settings; from defgraph.web import serve; serve(Settings())"
EX = "http://example.com/"
ROUNDS = int(os.environ.get("DEFGRAPH_CRASH_ROUNDS", "12"))
VICTIMS = ("web process", "zygote", "writer", "worker")
HEADERS = {"Authorization": "Bearer secret", "Content-Type": "application/sparql-update"}
SETTINGS = {"PLAIN": "1", "TOKEN": "secret", "PORT": "0", "WORKERS": "1"}


def insertion(number):
    return f"INSERT DATA {{ <{EX}a> <{EX}n> {number} . <{EX}b> <{EX}n> {number} }}"


def numbers_of(lines):
    return sorted(int(re.search(rb'"(\d+)"', line)[1]) for line in lines)


def command(store, *before):
    environment = {f"DEFGRAPH_{name}": value for name, value in SETTINGS.items()}
    environment["DEFGRAPH_STORE"] = str(store)
    return [*before, sys.executable, "-c", SERVE], {**os.environ, **environment}


@dataclass
class Writing:
    """A client that writes numbers, each of them twice, until it is stopped or there is no server."""

    address: str
    numbers: count
    acknowledged: dict[int, int] = field(default_factory=dict)  # which generation has the number

    def __post_init__(self):
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def stop(self):
        self._stop.set()
        self._thread.join()

    def _write(self):
        with (
            suppress(httpx2.HTTPError),
            httpx2.Client(base_url=self.address, trust_env=False, timeout=30) as client,
        ):
            while not self._stop.is_set():
                number = next(self.numbers)
                answer = client.post("/update", content=insertion(number), headers=HEADERS)
                assert answer.status_code in {200, 500, 503}, answer.text
                if answer.status_code == 200:
                    self.acknowledged[number] = int(answer.headers["generation"])


def has_open(pid, folder):
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if descriptor.readlink() == folder:
                    return True
    return False


def zygotes_and_workers():
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"defgraph.store.zygote" in (process / "cmdline").read_bytes():
                yield int(process.name)


def parent_of(pid):
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return None


def find(victim, server, store):
    """Return the pid of such a process of *server*; None if there is none just now.

    After a write the zygote is a fork of the one before and no child of the web process any more:
    what tells it is that it has the folder of the store open, as a fork of it that writes has.
    """
    if victim == "web process":
        return server.pid
    parents = {pid: parent_of(pid) for pid in zygotes_and_workers()}
    holders = {pid for pid in parents if has_open(pid, store)}
    kinds = {
        "zygote": (pid for pid in holders if parents[pid] not in holders),
        "writer": (pid for pid in holders if parents[pid] in holders),
        "worker": (pid for pid in parents if pid not in holders and parents[pid] in holders),
    }
    return next(kinds[victim], None)


def kill_one(victim, server, store, helpers):
    found = helpers.eventually(lambda: find(victim, server, store), victim)
    if victim == "writer":
        time.sleep(random.uniform(0, 0.015))
    with suppress(ProcessLookupError):
        os.kill(found, signal.SIGKILL)


def check(store, acknowledged):
    """Read the whole history: each write is there as a whole, in the generation that was told."""
    generations = list(history.generations(store))
    known = [each.number for each in reversed(generations)]
    assert known == list(range(1, len(known) + 1))
    found = {}
    for before, number in zip([0, *known], known, strict=False):
        changes = history.difference(store, before, number)
        first, second = numbers_of(changes.added)
        assert first == second
        assert first not in found
        assert not changes.deleted
        found[first] = number
    assert acknowledged.items() <= found.items()
    opened = patches.read(store)
    assert not opened.damages
    assert len(opened.dataset) == 2 * len(known)


def test_whatever_is_killed_what_was_acknowledged_is_there_and_nothing_in_part(tmp_path, helpers):
    store = tmp_path / "store"
    acknowledged, numbers, victims = {}, count(), cycle(VICTIMS)
    program, environment = command(store)

    for _, victim in zip(range(ROUNDS), victims, strict=False):
        with subprocess.Popen(
            program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            address = re.search(r"http://\S+/", server.stdout.readline()).group()
            writing = Writing(address, numbers)
            try:
                helpers.eventually(lambda writing=writing: writing.acknowledged)
                time.sleep(random.uniform(0, 0.2))
                kill_one(victim, server, store, helpers)
                if victim != "web process":  # it goes on
                    before = len(writing.acknowledged)
                    helpers.eventually(lambda w=writing, n=before: len(w.acknowledged) > n)
            finally:
                server.kill()
                writing.stop()
        acknowledged |= writing.acknowledged
        opened = patches.read(store)
        assert not opened.damages
        assert opened.generation.number >= max(acknowledged.values())

    check(store, acknowledged)
    assert len(acknowledged) > ROUNDS


def may_trace():
    return subprocess.run(["strace", "true"], capture_output=True, check=False).returncode == 0


def test_the_disk_has_a_write_before_the_client_is_told(tmp_path):
    if not (shutil.which("strace") and may_trace()):
        pytest.skip("strace is not installed, or may not be used here")
    store, calls = tmp_path / "store", tmp_path / "calls"
    watched = "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg"
    strace = ("strace", "-f", "-y", "-s", "32", "-e", watched, "-o", calls)
    program, environment = command(store, *strace)

    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as server:
        address = re.search(r"http://\S+/", server.stdout.readline()).group()
        for number in range(3):
            done = httpx2.post(
                f"{address}update", content=insertion(number), headers=HEADERS, trust_env=False
            )
            assert done.status_code == 200
        traced = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        os.kill(int(traced[0]), signal.SIGTERM)
        server.wait(timeout=30)

    seen = []
    patterns = {
        "acknowledged": r'(write|writev|sendto|sendmsg)\(.*"HTTP/1.1 200',
        "file synced": rf"fsync\(\d+<{store}/\d+\.rdfp\.unfinished>",
        "renamed": r'rename\w*\(.*\.rdfp\.unfinished".*\.rdfp"',
        "folder synced": rf"fsync\(\d+<{store}>",
    }
    pending = {}
    for line in calls.read_text(errors="replace").splitlines():
        pid, _, call = line.partition(" ")
        kind = next((kind for kind, each in patterns.items() if re.search(each, call)), None)
        if kind == "acknowledged":  # when it begins
            seen.append(kind)
        elif kind is not None and "<unfinished" in call:
            pending[pid] = kind
        elif kind is not None:
            assert call.endswith("= 0")
            seen.append(kind)
        elif "resumed>" in call and pid in pending:  # when it ends
            assert call.endswith("= 0")
            seen.append(pending.pop(pid))
    assert seen == ["file synced", "renamed", "folder synced", "acknowledged"] * 3
