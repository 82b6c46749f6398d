"""The W3C tests of SPARQL and its protocols, put to the real server over HTTP, in plain mode.

The runners beside the data judge the answers. What they find must be as `known_failures.toml` has it:
neither may a test fail that is not named there, nor one pass that is.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
CONFORMANCE = HERE.parents[2] / "shared" / "conformance"
TOOLS = CONFORMANCE / "tools"
SUITES = CONFORMANCE / "rdf-tests"
KNOWN_FAILURES: dict[str, str] = tomllib.loads(
    (HERE / "known_failures.toml").read_text(encoding="utf-8")
)["failures"]

TOKEN = "conformance"
PATHS = ["--query-path", "/sparql", "--auth", TOKEN]
GRAPHS = ["--update-path", "/update", "--gsp-path", "/graphs", "--suite-root", str(SUITES)]
SPARQL = ["--strict-syntax", "--federation"]
RUNS = {
    "SPARQL 1.1": ("sparql_http_suite", [*PATHS, *GRAPHS, *SPARQL, "--suites", "sparql11"]),
    "SPARQL 1.0": ("sparql_http_suite", [*PATHS, *GRAPHS, *SPARQL, "--suites", "sparql10"]),
    "SPARQL 1.2": ("sparql_http_suite", [*PATHS, *GRAPHS, *SPARQL, "--suites", "sparql12"]),
    "protocols": ("protocol_suite", [*PATHS, *GRAPHS, "--gsp-direct", "/graphs"]),
    "service description": ("service_description_suite", PATHS),
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not TOOLS.exists(), reason="the W3C SPARQL tests are not in ../shared/conformance"
    ),
    pytest.mark.skipif(sys.platform != "linux", reason="writes need Linux"),
    # The runners leave their connections to the interpreter.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def runner(name: str) -> ModuleType:
    if str(TOOLS) not in sys.path:
        sys.path.append(str(TOOLS))
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def federation() -> Iterator[object]:
    """The endpoints that queries with SERVICE ask: the server has to allow them by name."""
    endpoints = runner("sparql_http_suite").Federation()
    yield endpoints
    endpoints.srv.shutdown()
    endpoints.srv.server_close()


@pytest.fixture(scope="module")
def address(serve, federation, tmp_path_factory) -> str:
    """The server that the tests are put to; its whole dataset is erased again and again."""
    services = [f"{federation.url}s{number}" for number in range(4)]
    environment = {
        **os.environ,
        "DEFGRAPH_PLAIN": "1",
        "DEFGRAPH_TOKEN": TOKEN,
        "DEFGRAPH_WORKERS": "1",  # every write makes them anew
        "DEFGRAPH_ALLOW_SERVICE": " ".join([*services, "http://127.0.0.1:9/sparql"]),
    }
    program = Path(sys.executable).with_name("defgraph")
    return serve(program, env=environment, cwd=tmp_path_factory.mktemp("conformance"))


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.timeout(600)
def test_the_suite_passes_but_for_known_failures(run, address, federation, monkeypatch, tmp_path):
    name, options = RUNS[run]
    monkeypatch.setattr(runner("sparql_http_suite"), "Federation", lambda: federation)
    found = tmp_path / "results.json"

    runner(name).main([address, *options, "--json", str(found), "--quiet"])

    results = json.loads(found.read_text(encoding="utf-8"))["results"]
    failed = {each["test"]: each["reason"] for each in results if each["outcome"] != "pass"}
    passed = {each["test"] for each in results} - set(failed)
    assert passed
    assert {test: why for test, why in failed.items() if test not in KNOWN_FAILURES} == {}
    assert passed & set(KNOWN_FAILURES) == set(), "these pass now: take them off the list"


def test_known_failures_are_tests_of_the_suites():
    visible = (SUITES / "visible-tests.txt").read_text(encoding="utf-8").split()

    assert set(KNOWN_FAILURES) <= set(visible)
