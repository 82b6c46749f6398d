"""Many who mean it harm at once, and many who leave: whoever else asks is served, and nothing leaks."""

from __future__ import annotations

import os
import resource
import signal
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote_plus

import httpx2
import pytest
from checking import ENDS_WELL
from families.queries import EXPENSIVE, NESTED
from serving import LIMITS, WRITING, children, running

CROWD = 200
LEVELS = 3_000
HOSTILE = [*(make(LEVELS) for make in NESTED.values()), *EXPENSIVE.values()]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WIDE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
RESET = struct.pack("ii", 1, 0)  # a connection is closed at once, and what it holds is dropped


def files_of(pid):
    """How many files and sockets a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def processes_of(session):
    """The processes of a session, which goes on when its first one has ended."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                found.append(int(process.name))
    return found


def held(server):
    """How many files the processes of *server* but its workers have open, and how many those are."""
    found = server.descendants()
    return [files_of(pid) for pid in (server.process.pid, *found["zygotes"])], len(found["workers"])


def is_idle(server):
    """Whether no worker has anything to do, nobody waits, and no child of the server but one lives."""
    told = server.client.get("/metrics").text
    nobody_asks = 'workers{state="busy"} 0.0' in told and "queue_length 0.0" in told
    return nobody_asks and len(children(server.process.pid)) == 1


def as_before(server, before):
    return is_idle(server) and held(server) == before


def connect(server):
    url = server.client.base_url
    return socket.create_connection((url.host, url.port), timeout=30)


def leave(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()


def test_a_crowd_of_hostile_clients_is_answered_and_leaves_nothing(own_server, helpers):
    helpers.eventually(lambda: is_idle(own_server))
    before = held(own_server)

    def ask(text):
        with httpx2.Client(base_url=own_server.client.base_url, timeout=60, trust_env=False) as one:
            return one.post(
                "/sparql", content=text, headers={"Content-Type": "application/sparql-query"}
            )

    texts = [f"{text}\n# {number}" for number, text in enumerate(islice(cycle(HOSTILE), CROWD))]
    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(ask, texts))

    assert own_server.is_well()
    assert {each.status_code for each in answers} <= ENDS_WELL
    for each in answers:
        if each.status_code != 200:
            assert each.json()["status"] == each.status_code
        assert (each.status_code == 503) == ("retry-after" in each.headers)
    helpers.eventually(lambda: as_before(own_server, before))


@pytest.mark.parametrize("text", [ENDLESS, WIDE, "ASK {}"])
@pytest.mark.parametrize("sent", [0.1, 0.9, 1.0])
@pytest.mark.parametrize("after_s", [0.0, 0.001, 0.01, 0.1])
def test_clients_that_leave_at_any_moment_leave_nothing(server, helpers, text, sent, after_s):
    helpers.eventually(lambda: is_idle(server))
    before = held(server)
    connections = [connect(server) for _ in range(20)]

    for number, connection in enumerate(connections):
        target = quote_plus(f"{text} # {number} {sent} {after_s}")
        request = f"GET /sparql?query={target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        connection.sendall(request[: round(len(request) * sent)])
    time.sleep(after_s)
    for connection in connections:
        leave(connection)

    assert server.is_well()
    helpers.eventually(lambda: as_before(server, before))


def test_who_does_not_read_takes_no_worker(own_server, helpers):
    helpers.eventually(lambda: is_idle(own_server))
    before = held(own_server)
    connections = [connect(own_server) for _ in range(30)]
    target = quote_plus(f"{WIDE} LIMIT 10000")

    for connection in connections:
        connection.sendall(f"GET /sparql?query={target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    helpers.eventually(lambda: is_idle(own_server))

    assert own_server.is_well()
    for connection in connections:
        leave(connection)
    helpers.eventually(lambda: as_before(own_server, before))


def workers_of(server):
    return server.descendants()["workers"]


def test_few_files_are_enough_for_every_worker_whoever_connects(tmp_path, helpers):
    few = ("sh", "-c", 'ulimit -n 220 && exec "$@"', "sh")
    with running(tmp_path, *few, **LIMITS) as server:
        helpers.eventually(lambda: len(workers_of(server)) == 2)
        connections = [connect(server) for _ in range(250)]

        for number in range(4):
            assert server.ask(f"{ENDLESS} # {number}").status_code == 504
            assert server.is_well()

        helpers.eventually(lambda: len(workers_of(server)) == 2)
        for connection in connections:
            connection.close()


@pytest.mark.parametrize("killed", ["workers", "zygotes"])
def test_processes_that_there_was_no_room_for_are_started_when_there_is(tmp_path, helpers, killed):
    with running(tmp_path, **LIMITS) as server:
        helpers.eventually(lambda: len(workers_of(server)) == 2)
        allowed = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (3, allowed[1]))

        for pid in server.descendants()[killed]:
            os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        assert not workers_of(server)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, allowed)

        helpers.eventually(lambda: len(workers_of(server)) == 2)
        assert server.is_well()


def test_hundreds_of_writes_and_queries_leave_nothing(tmp_path, helpers):
    settings = {**LIMITS, **WRITING, "DEFGRAPH_STORE": str(tmp_path / "store")}
    with running(tmp_path, **settings) as server:
        (session,) = server.descendants()["zygotes"]  # and of every one that succeeds it
        helpers.eventually(lambda: len(processes_of(session)) == 3)
        before = files_of(server.process.pid)
        most = max(map(files_of, processes_of(session)))

        for number in range(60):
            assert server.update(f"INSERT DATA {{ <a:s> <a:p> {number} }}").status_code == 200
            assert server.update("INSERT DATA {").status_code == 400
            assert server.ask(f"SELECT * {{ ?s ?p ?o }} # {number}").status_code == 200

        helpers.eventually(lambda: len(processes_of(session)) == 3)
        helpers.eventually(lambda: files_of(server.process.pid) == before)
        helpers.eventually(lambda: max(map(files_of, processes_of(session))) == most)


def memory_of(pid):
    """The bytes of memory of a process, what it shares counted in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


@pytest.mark.parametrize("kind", ["query", "update", "upload"])
def test_what_was_sent_is_not_kept(writable_server, kind):
    long = "a" * 10_000_000
    send = {
        "query": lambda: writable_server.ask(f"ASK {{ ?s ?p '{long}' }} }}"),
        "update": lambda: writable_server.update(f"INSERT DATA {{ <a:s> <a:p> '{long}' }} }}"),
        "upload": lambda: writable_server.upload(f"<a:s> <a:p> '{long}' }}", "text/turtle"),
    }[kind]
    refused = {400, 504, 507}  # for what it is, or by the limit that it meets first
    assert send().status_code in refused
    assert writable_server.is_well()
    before = memory_of(writable_server.process.pid)

    for _ in range(10):
        assert send().status_code in refused

    assert writable_server.is_well()
    assert memory_of(writable_server.process.pid) < before + 5 * len(long)
