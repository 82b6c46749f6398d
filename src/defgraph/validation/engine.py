"""The one seam behind which the SHACL engines are: from a data graph and a shapes graph to results.

`shacl`, written in Rust, judges; pySHACL is the reference and judges where `shacl` is not to be
had. Which of them looked is not to be seen in the results. `run` keeps no state, reads no file and
loads only the engine that it asks, so that a child process can call it soon after it has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Literal, TypeAlias

import pyoxigraph as ox

from defgraph.errors import ShapeError
from defgraph.validation.paths import read
from defgraph.validation.report import SH, VIOLATION, Result, Term

Engine: TypeAlias = Literal["shacl", "pyshacl"]


def run(
    data_graph: Iterable[ox.Triple],
    shapes_graph: Iterable[ox.Triple],
    *,
    engine: Engine | None = None,
) -> list[Result]:
    """Validate *data_graph* against *shapes_graph*; neither is changed, nothing is fetched.

    Raises ShapeError when a shape cannot be used.
    """
    if (engine or default_engine()) == "shacl":
        from defgraph.validation.engine_shacl import report
    else:
        from defgraph.validation.engine_pyshacl import report
    return list(_results(report(data_graph, tuple(shapes_graph))))


def default_engine() -> Engine:
    """`shacl`, or pySHACL on a platform that `shacl` is not released for."""
    return "shacl" if find_spec("shacl") else "pyshacl"


def _results(report: ox.Dataset) -> Iterator[Result]:
    """The results that the report itself has; those nested as ``sh:detail`` explain one of them."""
    for quad in report:
        if quad.predicate.value == SH + "result" and isinstance(quad.object, ox.BlankNode):
            yield _result(quad.object, report)


def _result(node: ox.BlankNode, report: ox.Dataset) -> Result:
    about: dict[str, list[Term]] = {}
    for quad in report.quads_for_subject(node):
        if not isinstance(quad.object, ox.Triple):
            about.setdefault(quad.predicate.value.removeprefix(SH), []).append(quad.object)

    def one(name: str) -> Term | None:
        return min(about[name], key=_english_first) if name in about else None

    path, shape = one("resultPath"), one("sourceShape")
    focus_node, component, message = (
        one("focusNode"),
        one("sourceConstraintComponent"),
        one("resultMessage"),
    )
    severity = one("resultSeverity")
    if focus_node is None or component is None or isinstance(shape, ox.Literal | None):
        raise ShapeError("the engine reported a result without focus node, component or shape")
    return Result(
        focus_node=focus_node,
        path=None if isinstance(path, ox.Literal | None) else read(path, report),
        value=one("value"),
        component=component.value,
        shape=shape,
        severity=severity.value if severity else VIOLATION,
        message=message.value if message else "",
    )


def _english_first(term: Term) -> tuple[bool, str]:
    language = term.language if isinstance(term, ox.Literal) else None
    return language not in {"en", None}, str(term)
