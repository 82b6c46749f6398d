"""What tests of several folders start, and how patient property tests are."""

import os
import re
import signal
import subprocess
from contextlib import ExitStack, contextmanager

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
