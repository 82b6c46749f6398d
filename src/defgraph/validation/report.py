"""What a validation found, whichever engine looked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from defgraph.namespaces import PREFIXES, shorten
from defgraph.validation.paths import Path as ResultPath

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

SH: Final = PREFIXES["sh"]
VIOLATION: Final = SH + "Violation"
WARNING: Final = SH + "Warning"
INFO: Final = SH + "Info"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a focus node's statements come from: a named graph, and its file if it has one."""

    graph_name: str
    file: str | None = None

    def __str__(self) -> str:
        if self.file is None:
            return shorten(self.graph_name)
        return (
            os.path.relpath(self.file) if Path(self.file).is_relative_to(Path.cwd()) else self.file
        )


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result (SHACL 3.6.2)."""

    focus_node: Term
    path: ResultPath | None
    value: Term | None
    component: str  # the IRI of the constraint component
    shape: ox.NamedNode | ox.BlankNode
    severity: str  # an IRI: sh:Violation, sh:Warning, sh:Info
    message: str
    places: tuple[Place, ...] = ()
    focus_label: str | None = None
    value_label: str | None = None

    @property
    def is_violation(self) -> bool:
        """Whether this result breaks conformance; warnings and infos do not."""
        return self.severity not in {WARNING, INFO}


@dataclass(frozen=True, slots=True)
class Report:
    """All results, in an order that depends on nothing but the results."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing is violated; there may be warnings."""
        return not any(result.is_violation for result in self.results)
