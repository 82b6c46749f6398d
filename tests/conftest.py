"""What tests of several folders start, and how patient property tests are."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import settings

# A slow moment of the machine is no failure; CI tries the same examples each time.
settings.register_profile("defgraph", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("defgraph")


@pytest.fixture(scope="session")
def serve():
    """``serve(program, cwd=..., env=...)`` runs ``program serve`` on a free port.

    It gives the address, as in ``http://127.0.0.1:40123``; the server runs until the session ends.
    """
    with ExitStack() as running:
        yield lambda program, **options: running.enter_context(_serving(program, **options))


@contextmanager
def _serving(program, **options):
    command = [program, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as server:
        try:
            said = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            if address is None:
                pytest.fail(f"{program} serve said {said!r} and no address")
            yield address.group()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


@pytest.fixture(scope="session")
def engine():
    """``engine(dataset)`` runs an Oxigraph server that holds the quads of *dataset*.

    It gives the address of its SPARQL endpoint; the server runs until the session ends. Its default
    graph is the union of the named graphs; ``union=False`` makes it a graph of its own, and
    ``timeout_s=1`` lets it stop queries after a second.
    """
    with ExitStack() as running:
        yield lambda dataset, **options: running.enter_context(_engine(dataset, **options))


@contextmanager
def _engine(dataset, *, union=True, timeout_s=None):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve", "--bind", address]
    command += ["--union-default-graph"] if union else []
    command += ["--timeout-s", str(timeout_s)] if timeout_s else []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            said = server.stdout.readline()
            if "Listening" not in said:
                pytest.fail(f"oxigraph serve said {said!r}")
            quads = dataset.dump(format=ox.RdfFormat.N_QUADS)
            headers = {"Content-Type": "application/n-quads"}
            load = urllib.request.Request(f"http://{address}/store", quads, headers)
            with urllib.request.urlopen(load, timeout=60):
                pass
            yield f"http://{address}/query"
        finally:
            server.terminate()
