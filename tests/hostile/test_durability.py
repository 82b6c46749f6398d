"""A server that is killed at any moment of a write loop: what it acknowledged is there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from itertools import count

import httpx2
import pyoxigraph as ox

from defgraph.log import history, patches

SERVE = "from defgraph.settings import Settings; from defgraph.web import serve; serve(Settings())"
EX = "http://example.com/"
ROUNDS = 8
HEADERS = {"Authorization": "Bearer secret", "Content-Type": "application/sparql-update"}


def write_until_it_ends(address, numbers):
    """Write pairs of triples; return those numbers that were acknowledged."""
    acknowledged = []
    with (
        suppress(httpx2.HTTPError),
        httpx2.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        for number in numbers:
            text = f"INSERT DATA {{ <{EX}a> <{EX}n> {number} . <{EX}b> <{EX}n> {number} }}"
            if client.post("/update", content=text, headers=HEADERS).status_code == 200:
                acknowledged.append(number)
    return acknowledged


def test_whatever_a_killed_server_acknowledged_is_there_and_nothing_in_part(tmp_path):
    settings = {
        "PLAIN": "1",
        "STORE": str(tmp_path),
        "TOKEN": "secret",
        "PORT": "0",
        "WORKERS": "1",
    }
    environment = {**os.environ, **{f"DEFGRAPH_{name}": value for name, value in settings.items()}}
    acknowledged, numbers = [], count()

    for turn in range(ROUNDS):
        with subprocess.Popen(
            [sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            address = re.search(r"http://\S+/", server.stdout.readline()).group()
            killer = threading.Timer(0.15 + 0.037 * turn, server.send_signal, [signal.SIGKILL])
            killer.start()
            acknowledged += write_until_it_ends(address, numbers)

    opened = patches.read(tmp_path)
    generations = list(history.generations(tmp_path))
    found = [
        int(quad.object.value) for quad in opened.dataset if isinstance(quad.object, ox.Literal)
    ]
    assert len(acknowledged) >= ROUNDS
    assert set(acknowledged) <= set(found)
    assert all(found.count(number) == 2 for number in set(found))
    assert not opened.damages
    assert [each.number for each in reversed(generations)] == list(range(1, len(generations) + 1))
