"""The command line in this process; each run has its own folder for what is cached."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from defgraph.cli import main
from defgraph.namespaces import sparql_prologue

DATA = """
state:jp a def:State ; rdfs:label "Japan"@en , "日本"@ja .
state:nz a def:State ; rdfs:label "New Zealand"@en .
person:p a def:Person ; rdfs:label "P"@en .
agreement:a a def:Agreement ; rdfs:label "A"@en ; def:hasParty state:jp , state:nz .
"""


@dataclass(frozen=True)
class Run:
    """How a run of the program ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    names = ("DEBUG", "DATA_PATHS", "PORT", "STORE", "TOKEN", "TOKENS")
    for name in ("FORCE_COLOR", *(f"DEFGRAPH_{each}" for each in names)):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def defgraph(capfdbinary, monkeypatch) -> Callable[..., Run]:
    """Run ``defgraph`` with these arguments."""

    def run(*arguments: object, stdin: str = "") -> Run:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        out, err = capfdbinary.readouterr()
        code = ended.value.code
        del ended  # and the cycle with its frames: the engine's results must go in this thread
        return Run(code if isinstance(code, int) else 0, out.decode(), err.decode())

    return run


@pytest.fixture
def write(tmp_path) -> Callable[[str, str], Path]:
    """Write a file of Turtle in which our prefixes are declared."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sparql_prologue() + text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def plain(defgraph, tmp_path) -> Path:
    """A plain store of two generations: <urn:a> has the value 1, and then 2 instead."""
    folder = tmp_path / "plain"
    for number, options in ((1, ["--plain"]), (2, ["--replace"])):
        file = tmp_path / f"{number}.nt"
        file.write_text(f'<urn:a> <urn:b> "{number}" .\n')
        run = defgraph("load", file, "--store", folder, "--author", "kim", *options)
        assert run.code == 0, run.err
    return folder


@pytest.fixture
def data(write) -> Path:
    """A small dataset, as a file for ``--data``."""
    return write("data.ttl", DATA)
