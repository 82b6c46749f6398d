"""Servers for those who mean them harm."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace

import pytest
from serving import LIMITS, WRITING, is_alive, running

if sys.platform != "linux":
    pytest.skip("the promises hold on Linux", allow_module_level=True)


def eventually(condition, what="it"):
    for _ in range(4000):
        if outcome := condition():
            return outcome
        time.sleep(0.005)
    pytest.fail(f"{what} did not come true")


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


@pytest.fixture(scope="session")
def writable_server(tmp_path_factory):
    """A server with an empty dataset that takes writes, with tight limits, too."""
    limits = {**LIMITS, **WRITING, "DEFGRAPH_MAX_UPLOAD_BYTES": "12000000"}
    with running(tmp_path_factory.mktemp("writable"), **limits) as server:
        yield server


@pytest.fixture
def own_server(tmp_path):
    """A server to kill parts of."""
    with running(tmp_path, **LIMITS) as server:
        yield server


@pytest.fixture
def helpers():
    """What is offered to tests beyond servers."""
    return SimpleNamespace(eventually=eventually, is_alive=is_alive, running=running)
