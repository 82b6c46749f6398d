"""The files for operators are accepted by the programs that they are for, and work."""

from __future__ import annotations

import re
import shutil
import subprocess
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


def test_the_container_copies_what_there_is():
    text = (FILES / "Containerfile").read_text(encoding="utf-8")
    copied = {
        source
        for line in re.findall(r"^COPY (.*)$", text, flags=re.MULTILINE)
        for source in line.split()[:-1]
    }

    assert all((FILES.parents[1] / each).exists() for each in copied)
    assert {"ontology", "data", "shapes", "src", "pyproject.toml"} <= copied


def test_the_page_names_settings_that_there_are():
    from defgraph.settings import Settings

    named = set(re.findall(r"DEFGRAPH_([A-Z_]+)", PAGE))

    assert named <= {each.upper() for each in Settings.model_fields}
