"""Taking a port and serving on it, as a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from defgraph.settings import Settings
from defgraph.web import serve
from defgraph.web.server import AddressError, listening_socket

BODY = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
SERVE = "from defgraph.settings import Settings; from defgraph.web import serve; serve(Settings())"


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_port_in_use_is_said_before_anything_is_loaded(taken_port, tmp_path):
    settings = Settings(port=taken_port, data_paths=(tmp_path / "missing",))

    with pytest.raises(AddressError, match=rf"port {taken_port}: .*in use.*--port"):
        serve(settings)


def test_a_host_that_is_not_ours_is_said():
    with pytest.raises(AddressError, match=r"192\.0\.2\.1"):
        listening_socket("192.0.2.1", 0)


def test_a_host_that_does_not_exist_is_said():
    with pytest.raises(AddressError, match="no host"):
        listening_socket("no host", 0)


def test_port_zero_takes_a_free_one():
    with listening_socket("127.0.0.1", 0) as first, listening_socket("127.0.0.1", 0) as second:
        assert first.getsockname()[1] != second.getsockname()[1]


def test_the_server_serves_until_it_is_interrupted(tmp_path):
    data = tmp_path / "state.ttl"
    data.write_text(
        "<https://w3id.org/defgraph/id/state/xx> a <https://w3id.org/defgraph/def/State> ."
    )
    environment = {**os.environ, "DEFGRAPH_PORT": "0", "DEFGRAPH_DATA_PATHS": str(data)}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline()).group()
            query = address + "sparql?query=ASK%20%7B%20state%3Axx%20a%20def%3AState%20%7D"
            with urllib.request.urlopen(query, timeout=30) as answer:
                assert json.load(answer)["boolean"] is True
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0


@pytest.mark.parametrize(("files", "told"), [(150, "needs more than 200"), (230, "30 instead")])
def test_a_process_that_may_have_few_files_open_says_what_that_means(files, told, tmp_path):
    environment = {**os.environ, "DEFGRAPH_PORT": "0", "DEFGRAPH_PLAIN": "1"}
    program = Path(sys.executable).with_name("defgraph")
    command = ["sh", "-c", f"ulimit -n {files} && exec {program} serve"]
    with (tmp_path / "errors").open("w+") as errors:
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as server:
            address = re.search(r"http://\S+/", server.stdout.readline())
            if address is not None:
                urllib.request.urlopen(f"{address.group()}healthz", timeout=30).close()
            server.send_signal(signal.SIGINT)
        errors.seek(0)
        said = errors.read()

    assert (address is not None) == (files > 200)
    assert f"may have {files} files open" in said
    assert told in said
    assert "Traceback" not in said


def test_what_comes_over_a_connection_is_limited_and_who_leaves_is_no_error(serve, tmp_path):
    program = Path(sys.executable).with_name("defgraph")
    environment = {**os.environ, "DEFGRAPH_MAX_URL_BYTES": "500", "DEFGRAPH_PLAIN": "1"}
    environment["DEFGRAPH_LOG_LEVEL"] = "warning"
    with (tmp_path / "errors").open("w") as errors:
        address = serve(program, env=environment, stderr=errors)
    port = int(address.rpartition(":")[2])

    with socket.create_connection(("127.0.0.1", port)) as leaving:
        leaving.sendall(BODY + b"Content-Length: 100\r\n\r\nASK")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/{'x' * 500}", timeout=30)
    with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
        assert answer.status == 200

    assert refused.value.code == 414
    refused.value.close()
    assert (tmp_path / "errors").read_text() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of files as Linux has them")
def test_there_are_as_many_files_as_connections_whatever_the_shell_allows(serve, tmp_path):
    program = tmp_path / "defgraph"
    real = Path(sys.executable).with_name("defgraph")
    program.write_text(f'#!/bin/sh\nulimit -Sn 64\nexec {real} "$@"\n')
    program.chmod(0o755)
    address = serve(program, env={**os.environ, "DEFGRAPH_PLAIN": "1"})
    port = int(address.rpartition(":")[2])

    with ExitStack() as opened:
        for _ in range(100):
            each = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            each.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert each.recv(100).startswith(b"HTTP/1.1 200")
