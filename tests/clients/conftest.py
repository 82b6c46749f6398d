"""Real servers, as processes of their own, for the clients that people have."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest

TOKEN = "secret"
SERVE = "from defgraph.settings import Settings; from defgraph.web import serve; serve(Settings())"


@contextmanager
def serving(**settings: str):
    """Serve with *settings* on a free port; give the address, with a slash at its end."""
    given = {f"DEFGRAPH_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, "DEFGRAPH_PORT": "0", **given}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield re.search(r"http://\S+/", process.stdout.readline()).group()
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def shipped():
    """The address of a server of the shipped dataset."""
    with serving() as address:
        yield address


@pytest.fixture
def plain():
    """The address of a server with an empty dataset that takes writes."""
    with serving(plain="1", token=TOKEN) as address:
        yield address


@pytest.fixture(scope="session")
def open_server():
    """What starts a server with settings, as a context."""
    return serving
