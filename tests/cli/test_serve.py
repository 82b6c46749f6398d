"""``defgraph serve`` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pyoxigraph as ox

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


def test_a_store_that_is_an_endpoint_is_served(serve, engine, tmp_path):
    dataset = ox.Store()
    dataset.add(ox.Quad(*map(ox.NamedNode, ["http://s", "http://p", "http://o", "http://g"])))
    program = Path(sys.executable).with_name("defgraph")
    environment = os.environ | {"DEFGRAPH_STORE": engine(dataset)}

    address = serve(program, cwd=tmp_path, env=environment)
    ask = f"{address}/sparql?format=csv&query=SELECT%20%3Fs%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    with urllib.request.urlopen(ask, timeout=20) as answer:
        body = answer.read()

    assert body == b"s\r\nhttp://s\r\n"


def test_an_endpoint_that_cannot_be_reached_is_told(defgraph):
    run = defgraph("serve", "--port", "0", "--store", "http://127.0.0.1:9/sparql")

    assert (run.code, run.out) == (2, "")
    assert "http://127.0.0.1:9/sparql cannot be reached (Connection refused)" in run.err


def test_a_store_that_is_no_address_is_told(defgraph):
    run = defgraph("serve", "--port", "0", "--store", "http://user:word@host/")

    assert run.code == 2
    assert "DEFGRAPH_STORE_AUTHORIZATION" in run.err
