"""What a worker may do: compute, and nothing else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import pytest

from defgraph import sandbox
from defgraph.engine.profile import PLAIN

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

PREPARE = """
import ctypes, os, resource, signal, socket, subprocess, sys
import pyoxigraph as ox
from defgraph import sandbox
parent, listening = os.getppid(), ("127.0.0.1", int(sys.argv[1]))
libc = ctypes.CDLL(None, use_errno=True)
memory = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
"""
ENTER = (
    PREPARE
    + """
sandbox.enter("seccomp", address_space=memory + 100 * 2**20)
try:
    outcome = ATTEMPT
    error = ctypes.get_errno() if outcome == -1 else 0
except OSError as caught:
    error = caught.errno
os.write(1, str(error).encode())
os._exit(0)
"""
)


def in_sandbox(attempt: str, code: str = ENTER, port: int = 9) -> str:
    """Run *attempt* in a process that has entered the sandbox; return what it wrote."""
    command = [sys.executable, "-c", code.replace("ATTEMPT", attempt), str(port)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socketpair()",
        "os.open('/etc/passwd', os.O_RDONLY)",
        "os.open('/tmp/defgraph-canary', os.O_CREAT | os.O_WRONLY)",
        "os.mkdir('/tmp/defgraph-canary')",
        "os.listdir('/')",
        "os.stat('/')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(parent, 0)",
        "os.kill(parent, signal.SIGTERM)",
        "os.pidfd_open(parent)",
        "os.setuid(1)",
        "os.pipe()",
        "os.memfd_create('x')",
        "libc.ptrace(16, parent, 0, 0)",
        "libc.process_vm_readv(parent, 0, 0, 0, 0, 0)",
        "libc.syscall(425, 8, 0)",
        "libc.unshare(0x40000000)",
        "libc.prctl(22, 2, 0, 0, 0)",
        "libc.syscall(322, -1, 0, 0, 0, 0)",
    ],
)
def test_the_kernel_refuses(attempt):
    assert in_sandbox(attempt) == "1"  # EPERM


def test_the_rest_works():
    compute = "ox.Store().query('SELECT (NOW() AS ?n) (RAND() AS ?r) (UUID() AS ?u) {}') and 0"

    assert in_sandbox(compute) == "0"


def test_memory_has_its_limit():
    assert in_sandbox("bytearray(90 * 2**20) and 0") == "0"
    assert in_sandbox("bytearray(120 * 2**20) and 0") == ""  # MemoryError, which is no OSError


@pytest.fixture
def listener():
    """A server on this machine that counts who connects to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop, connections = threading.Event(), []

        def accept():
            while not stop.is_set():
                with suppress(TimeoutError):
                    connections.append(server.accept()[0].close())

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], connections
        stop.set()
        thread.join()


FOLLOW = (
    PREPARE
    + """
try:
    MEANS
    query = "SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }" % listening[1]
    list(ox.Store().query(query))
except (OSError, RuntimeError):
    os.write(1, b"refused")
"""
)


@pytest.mark.parametrize(
    "means",
    [
        'sandbox.enter("seccomp", address_space=memory + 2**30)',
        (
            "assert libc.unshare(0x10000000 | 0x40000000) == 0; "
            'sandbox.enter("namespace", address_space=memory + 2**30)'
        ),
    ],
)
def test_even_past_the_guard_the_engine_reaches_nobody(listener, means):
    port, connections = listener
    if (
        "unshare" in means
        and in_sandbox(means.partition(";")[0], PREPARE + "ATTEMPT; print(1)") != "1\n"
    ):
        pytest.skip("this kernel has no user namespaces for us")

    assert in_sandbox("", FOLLOW.replace("MEANS", means), port) == "refused"

    assert connections == []


def test_without_means_the_engine_would_reach_out(listener):
    port, connections = listener

    in_sandbox("", FOLLOW.replace("MEANS", "pass"), port)

    assert connections


def test_this_kernel_has_means():
    chosen = in_sandbox("", "from defgraph import sandbox; print(sandbox.choose())")

    assert chosen.strip() in {"seccomp", "namespace"}


WITHOUT_MEANS = """
import socket, sys
from defgraph import sandbox
from defgraph.store import zygote
sandbox.choose = lambda: "none"
sys.argv = ["zygote", sys.argv[1]]
zygote.main()
"""


@pytest.mark.parametrize(("told", "outcome"), [(False, "error"), (True, "ready")])
def test_a_zygote_without_means_refuses_unless_told(told, outcome, tmp_path):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    empty = tmp_path / "empty.nq"
    empty.touch()
    setup = {
        "generation": 1,
        "id": "one",
        "profile": asdict(PLAIN),
        "limits": {},
        "folder": None,
        "allow_unconfined": told,
    }
    command = [sys.executable, "-c", WITHOUT_MEANS, str(theirs.fileno())]

    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        with empty.open("rb") as file:
            socket.send_fds(ours, [json.dumps(setup).encode()], [file.fileno()])
        assert outcome in json.loads(ours.recv(4096))
        ours.close()
        assert process.wait(timeout=30) == 0


def test_the_filter_knows_both_architectures(monkeypatch):
    programs = set()
    for machine in ("x86_64", "aarch64"):
        monkeypatch.setattr("platform.machine", lambda machine=machine: machine)
        programs.add(sandbox._program(os.getpid()))

    assert len(programs) == 2
    assert all(len(each) % 8 == 0 for each in programs)


CONNECTED = ENTER.replace("2**20)", "2**20, may_connect=True)")


def test_a_worker_that_may_connect_does():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        connect = "socket.socket().connect_ex(listening)"
        read = "os.close(os.open('/etc/hosts', os.O_RDONLY))"

        assert in_sandbox(connect, CONNECTED, port) == "0"
        assert in_sandbox(read, CONNECTED) == "0"


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket().bind(('127.0.0.1', 0))",
        "socket.socket().listen()",
        "os.open('/tmp/defgraph-canary', os.O_CREAT | os.O_RDONLY)",
        "os.open('/tmp/defgraph-canary', os.O_CREAT | os.O_WRONLY)",
        "os.open('/etc/hosts', os.O_RDWR)",
        "os.open('/etc/hosts', os.O_RDONLY | os.O_TRUNC)",
        "os.mkdir('/tmp/defgraph-canary')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(parent, 0)",
    ],
)
def test_a_worker_that_may_connect_does_nothing_else(attempt):
    assert in_sandbox(attempt, CONNECTED) in {"1", "11"}
    assert not Path("/tmp/defgraph-canary").exists()
