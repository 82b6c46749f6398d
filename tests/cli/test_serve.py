"""``defgraph serve`` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

PROGRAM = [sys.executable, "-c", "from defgraph.cli import main; main()"]


def test_it_serves_until_interrupted(data):
    with subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert address, said + process.stderr.read()
            with urllib.request.urlopen(f"{address[0]}healthz", timeout=20) as answer:
                status = answer.status
        finally:
            process.send_signal(signal.SIGINT)
        errors = process.stderr.read()

    assert status == 200
    assert "Traceback" not in errors
    assert process.returncode in {0, 130}


def test_a_port_in_use_is_told(defgraph):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        run = defgraph("serve", "--port", port)

    assert (run.code, run.out) == (2, "")
    assert f"port {port}" in run.err
    assert "--port" in run.err


def test_a_port_that_is_none_is_wrong_usage(defgraph):
    assert defgraph("serve", "--port", "70000").code == 2


def test_a_setting_that_cannot_be_is_told(defgraph, monkeypatch):
    monkeypatch.setenv("DEFGRAPH_PORT", "high")

    run = defgraph("serve")

    assert (run.code, run.out) == (2, "")
    assert "DEFGRAPH_PORT" in run.err


def test_data_that_cannot_be_read_are_told(defgraph, tmp_path):
    run = defgraph("serve", "--port", "0", "--data", tmp_path / os.devnull.lstrip("/") / "none")

    assert run.code == 2
    assert "no such file" in run.err
