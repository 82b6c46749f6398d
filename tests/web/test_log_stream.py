"""Whoever writes to the log never waits for whoever reads it; what is lost by that is counted."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

from defgraph.web.telemetry.log_stream import LogStream

DEFGRAPH = Path(sys.executable).with_name("defgraph")
LINE = "x" * 99 + "\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pipes are Linux's here")


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for each in ends:
        os.close(each)


def drained(end, size):
    """Read *size* bytes, which come from a thread."""
    found = b""
    while len(found) < size:
        found += os.read(end, size - len(found))
    return found.decode()


def test_what_does_not_fit_is_written_when_there_is_room_again(pipe):
    end, start = pipe
    stream = LogStream(start)
    lines = [f"{n:>99}\n" for n in range(2_000)]  # three times what a pipe holds

    for line in lines:
        stream.write(line)

    assert drained(end, 200_000) == "".join(lines)
    assert stream.dropped == 0


def test_what_is_too_much_to_keep_is_left_out_counted_and_told(pipe, caplog):
    end, start = pipe
    stream = LogStream(start, max_backlog_bytes=1_000)
    written = 0
    while not stream.dropped:
        stream.write(LINE)
        written += 1
    for _ in range(4):
        stream.write(LINE)

    assert drained(end, (written - 1) * 100) == LINE * (written - 1)
    stream.close()
    for thread in threading.enumerate():
        if thread.name == "log":
            thread.join(timeout=0.2)
    assert stream.dropped == 5
    assert "5 lines of the log are missing" in caplog.text
    stream.write("and it goes on\n")
    assert drained(end, 15) == "and it goes on\n"


def test_a_long_line_is_written_as_a_whole(pipe):
    end, start = pipe
    stream = LogStream(start)
    line = "y" * 500_000 + "\n"

    stream.write(line)
    stream.write(LINE)

    assert drained(end, len(line) + 100) == line + LINE


def test_a_file_that_takes_nothing_stops_nobody(caplog):
    with Path("/dev/full").open("wb") as full:
        stream = LogStream(full.fileno())
        assert stream.write(LINE) == 100
        assert stream.write("z" * 10_000) == 10_000
        stream.close()


@pytest.fixture
def unread():
    """A server of which nobody reads the log."""
    environment = {**os.environ, "DEFGRAPH_PORT": "0", "DEFGRAPH_PLAIN": "1"}
    with subprocess.Popen(
        [DEFGRAPH, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process, process.stdout.readline().decode().split()[3]
        finally:
            process.kill()


def test_a_server_answers_while_nobody_reads_its_log(unread):
    process, address = unread
    with httpx2.Client(base_url=address, timeout=20, trust_env=False) as client:
        for _ in range(600):  # a pipe holds 64 KiB, which is some 250 of its lines
            assert client.get("/sparql?query=ASK%7B%7D").status_code == 200

        told = client.get("/metrics").text
    assert "defgraph_log_lines_dropped_total 0.0" in told
    threading.Timer(0.5, process.send_signal, [signal.SIGTERM]).start()
    lines = process.stderr.read().splitlines()

    assert process.wait(timeout=30) == 0
    assert sum(b'"event":"request"' in line for line in lines) == 601
    assert b"Finished server process" in lines[-1]


def test_it_ends_though_nobody_reads_its_log(unread):
    process, address = unread
    with httpx2.Client(base_url=address, timeout=20, trust_env=False) as client:
        for _ in range(400):
            client.get("/sparql?query=ASK%7B%7D")

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 0
