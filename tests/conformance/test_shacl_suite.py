"""The W3C SHACL tests, judged by what `defgraph` itself reports, with the engine that it uses."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from defgraph.errors import ShapeError
from defgraph.validation import Report, as_turtle, run

HERE = Path(__file__).parent
CONFORMANCE = HERE.parents[2] / "shared" / "conformance"
RUNNER = CONFORMANCE / "tools" / "shacl_suite.py"
KNOWN_FAILURES: dict[str, str] = tomllib.loads(
    (HERE / "known_shacl_failures.toml").read_text(encoding="utf-8")
)["failures"]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not RUNNER.exists(), reason="the W3C SHACL tests are not in ../shared/conformance"
    ),
    pytest.mark.skipif(
        importlib.util.find_spec("shacl") is None,
        reason="the package shacl is not released for this platform",
    ),
]


def runner() -> Any:
    """The program that reads the suite's manifests and compares reports."""
    if "shacl_suite" not in sys.modules:
        spec = importlib.util.spec_from_file_location("shacl_suite", RUNNER)
        sys.modules["shacl_suite"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["shacl_suite"])
    return sys.modules["shacl_suite"]


def suite() -> tuple[Any, Any, list[str]]:
    """The suite's files, the graph of its manifests, and the IRIs of its tests."""
    files = runner().Suite(CONFORMANCE / "shacl", runner().SHACL_BASE)
    graph, entries, _ = runner().load_manifest(files, CONFORMANCE / "shacl" / "manifest.ttl")
    return files, graph, [iri for _, iri in entries]


def cases() -> list[object]:
    if not RUNNER.exists():
        return []
    files, graph, iris = suite()
    return [
        pytest.param(
            files,
            graph,
            iri,
            id=iri.removeprefix(runner().SHACL_BASE),
            marks=[pytest.mark.xfail(reason=KNOWN_FAILURES[iri])] if iri in KNOWN_FAILURES else [],
        )
        for iri in iris
    ]


def validated(data: str, shapes: str, bases: tuple[str, str]) -> tuple[bool, str]:
    try:
        report = Report(tuple(run(triples(data, bases[0]), triples(shapes, bases[1]))))
    except ShapeError as exc:
        raise runner().Failure(str(exc)) from exc
    return report.conforms, as_turtle(report)


def triples(path: str, base: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base)]


@pytest.mark.parametrize(("files", "graph", "iri"), cases())
def test_report_is_the_expected_one(files, graph, iri):
    assert runner().run_test(files, graph, ("i", iri), validated) == ("pass", "")


def test_known_failures_are_tests_of_the_suite():
    _, _, iris = suite()

    assert set(KNOWN_FAILURES) <= set(iris)
