"""pySHACL, the reference, cross-checks the engine that judges: both report the same by our shapes."""

from __future__ import annotations

from pathlib import Path

import pytest

from defgraph import loading
from defgraph.validation import validate

pytest.importorskip("shacl", reason="the package shacl is not released for this platform")

CASES = sorted(Path(__file__).parent.glob("*/*.ttl"))


def test_both_engines_report_the_same_of_the_shipped_dataset():
    shipped = loading.load()

    assert validate(shipped, engine="shacl") == validate(shipped, engine="pyshacl")


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_both_engines_report_the_same_of_a_case(path, dataset_of):
    dataset = dataset_of(path)

    assert validate(dataset, engine="shacl") == validate(dataset, engine="pyshacl")
