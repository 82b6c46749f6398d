"""The files for operators are accepted by the programs that they are for, and work."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

FILES = Path(__file__).resolve().parents[2] / "docs" / "operate"
PAGE = FILES.with_suffix(".md").read_text(encoding="utf-8")


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.fixture
def certificate(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    files = ["-keyout", key, "-out", certificate, "-subj", "/CN=graph.example.org"]
    subprocess.run([*request, *files], check=True, capture_output=True)
    return key, certificate


@needs("nginx")
def test_nginx_takes_the_configuration(tmp_path, certificate):
    text = (FILES / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/ssl/graph.example.org.key", str(certificate[0]))
    text = text.replace("/etc/ssl/graph.example.org.pem", str(certificate[1]))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"events {{}}\npid {tmp_path}/pid;\nhttp {{\n{text}\n}}\n", encoding="utf-8")

    done = subprocess.run(
        ["nginx", "-t", "-c", whole, "-p", tmp_path], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


@needs("systemd-analyze")
def test_systemd_takes_the_unit(tmp_path):
    unit = tmp_path / "defgraph.service"
    text = (FILES / "defgraph.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/srv/defgraph/bin/defgraph", "/bin/true"), encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )

    assert str(unit) not in done.stderr, done.stderr


def instructions(*names):
    """What stands after instructions of the Containerfile that have one of these names."""
    joined = (FILES / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = [line.split(maxsplit=1) for line in joined.splitlines() if line[:1] not in {"", "#"}]
    return [rest for name, rest in found if name in names or not names]


def test_the_container_is_written_in_instructions_that_there_are():
    known = ("FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "CMD")

    assert len(instructions()) == len(instructions(*known, "HEALTHCHECK"))
    for command in instructions("RUN"):
        subprocess.run(["sh", "-n", "-c", command], check=True)


def test_what_the_container_copies_is_enough_to_install_defgraph(tmp_path):
    folder, target = tmp_path / "srv", tmp_path / "installed"
    for copied in instructions("COPY"):
        *sources, place = copied.split()
        for source in sources:
            whole = FILES.parents[1] / source
            copy = shutil.copytree if whole.is_dir() else shutil.copy
            to = folder / place if whole.is_dir() else folder / place / source
            to.parent.mkdir(parents=True, exist_ok=True)
            copy(whole, to)
    install = re.search(r"pip (install .*--no-build-isolation \.)", instructions("RUN")[-1])[1]

    subprocess.run(
        [sys.executable, "-m", "pip", *install.split(), "--quiet", "--target", target],
        cwd=folder,
        check=True,
    )

    assert {"ontology", "data", "shapes"} <= {each.name for each in (target / "defgraph").iterdir()}


def test_the_container_starts_a_server_and_knows_that_it_is_well(tmp_path):
    command = json.loads(instructions("CMD")[0])
    look = re.fullmatch(r"CMD (python .*)", instructions("HEALTHCHECK")[0])[1]
    command[command.index("0.0.0.0")] = "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command[command.index("8000")] = port
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    surroundings = {"cwd": tmp_path, "env": {**os.environ, "PATH": programs}}

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **surroundings
    ) as server:
        try:
            server.stdout.readline()
            subprocess.run(["sh", "-c", look.replace("8000", port)], check=True, **surroundings)
        finally:
            stop = getattr(signal, instructions("STOPSIGNAL")[0])
            server.send_signal(stop)
            assert server.wait(timeout=30) == 0
        unwell = subprocess.run(
            ["sh", "-c", look.replace("8000", port)],
            check=False,
            stderr=subprocess.DEVNULL,
            **surroundings,
        )

    assert unwell.returncode != 0


def test_the_page_names_settings_that_there_are():
    from defgraph.settings import Settings

    named = set(re.findall(r"DEFGRAPH_([A-Z_]+)", PAGE))

    assert named <= {each.upper() for each in Settings.model_fields}
