"""A file is a test: ``<shape file>/{valid,invalid,advice}-<case>.ttl``.

A valid file is not reported. The first line of an invalid one names the result path (``-`` where
there is none) and the constraint component that must be reported, and nothing else may be. Advice
is an invalid file that conforms all the same: what is reported is a warning.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from defgraph import sources, turtle

HERE = Path(__file__).parent
SHAPE_FILES = (*sources.shape_files(), *sources.source_shape_files())
FOLDERS = sorted(path.name for path in HERE.iterdir() if any(path.glob("*.ttl")))


def cases(kind: str) -> list[object]:
    found = sorted(HERE.glob(f"*/{kind}-*.ttl"))
    return [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in found]


@pytest.mark.parametrize("path", cases("valid"))
def test_valid_file_is_not_reported(path, report_of):
    assert report_of(path).results == ()


@pytest.mark.parametrize("path", cases("invalid"))
def test_invalid_file_is_reported_for_what_its_first_line_names(path, report_of, written):
    expected = path.read_text().splitlines()[0].removeprefix("# ")

    report = report_of(path)

    assert {written(result) for result in report.results} == {expected}
    assert all(result.is_violation for result in report.results)


@pytest.mark.parametrize("path", cases("advice"))
def test_advice_is_a_warning_and_the_dataset_conforms(path, report_of, written):
    expected = path.read_text().splitlines()[0].removeprefix("# ")

    report = report_of(path)

    assert {written(result) for result in report.results} == {expected}
    assert report.conforms


def test_every_file_of_shapes_has_a_folder_of_cases():
    assert sorted(path.stem for path in SHAPE_FILES) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_has_a_valid_case_and_three_invalid_ones(folder):
    kinds = Counter(path.stem.partition("-")[0] for path in (HERE / folder).glob("*.ttl"))

    assert kinds.keys() <= {"valid", "invalid", "advice"}
    assert kinds["valid"] >= 1
    assert kinds["invalid"] >= 3


@pytest.mark.parametrize("file", SHAPE_FILES, ids=lambda path: path.stem)
def test_an_invalid_case_is_reported_by_a_shape_of_the_file(file, report_of):
    shapes = {quad.subject for quad in turtle.parse(file)}
    invalid = sorted((HERE / file.stem).glob("invalid-*.ttl"))

    assert any(result.shape in shapes for path in invalid for result in report_of(path).results)
