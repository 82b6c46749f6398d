from __future__ import annotations

import json
import re
import shutil

import pyoxigraph as ox
import pytest

from defgraph import sources

ARTICLE = sources.folder("data") / "articles" / "2025-12-japan-new-zealand.ttl"
PARTY = r"(agreement:jp-nz-acsa-2025\n    a (?s:.)*?def:hasParty\n        )state:jp ,"


def swapped(text: str) -> str:
    """A party becomes a person."""
    changed, count = re.subn(PARTY, r"\1person:judith-collins ,", text, count=1)
    assert count == 1
    return changed


def test_the_shipped_data_conform(defgraph):
    run = defgraph("validate")

    assert run.code == 0
    assert run.out.endswith("Conforms: no violations, no warnings.\n")


def test_a_copy_is_judged_by_its_file_name(defgraph, tmp_path):
    copy = tmp_path / "copy.ttl"
    copy.write_text(swapped(ARTICLE.read_text("utf-8")), "utf-8")

    run = defgraph("validate", copy)

    assert run.code == 1
    assert "agreement:jp-nz-acsa-2025 (Japan-New Zealand Acquisition" in run.out
    assert "def:hasParty person:judith-collins (Judith Collins)" in run.out
    assert str(copy) in run.out


def test_a_copy_without_a_fault_conforms(defgraph, tmp_path):
    copy = tmp_path / "copy.ttl"
    shutil.copy(ARTICLE, copy)

    assert defgraph("validate", copy).code == 0


def test_a_copy_is_judged_in_a_folder_of_data(defgraph, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(sources.folder("data"), folder)
    copy = folder / "articles" / ARTICLE.name
    copy.write_text(swapped(copy.read_text("utf-8")), "utf-8")

    run = defgraph("validate", "--data", folder)

    assert run.code == 1
    assert "def:hasParty person:judith-collins" in run.out
    assert str(copy) in run.out


def test_what_a_copy_of_reference_data_lacks_is_missed(defgraph, tmp_path):
    text = (sources.folder("data") / "reference" / "states.ttl").read_text("utf-8")
    changed, count = re.subn(r'        "New Zealand"@en ,\n', "", text)
    assert count == 1
    copy = tmp_path / "copy.ttl"
    copy.write_text(changed, "utf-8")

    run = defgraph("validate", copy)

    assert run.code == 1
    assert "state:nz" in run.out


def test_json(defgraph, tmp_path):
    copy = tmp_path / "copy.ttl"
    copy.write_text(swapped(ARTICLE.read_text("utf-8")), "utf-8")

    run = defgraph("validate", copy, "--format", "json")

    report = json.loads(run.out)
    assert run.code == 1
    assert report["conforms"] is False
    assert str(copy) in {file for each in report["results"] for file in each["files"]}


def test_turtle(defgraph, data):
    run = defgraph("validate", data, "--format", "turtle")

    read = list(ox.parse(run.out, format=ox.RdfFormat.TURTLE))
    assert any(quad.predicate.value.endswith("#conforms") for quad in read)


@pytest.mark.parametrize("arguments", [["none.ttl"], ["--data", "none.ttl"]])
def test_what_cannot_be_read_exits_2(defgraph, arguments):
    run = defgraph("validate", *arguments)

    assert (run.code, run.out) == (2, "")


def test_nothing_but_the_report_is_printed(defgraph, tmp_path):
    copy = tmp_path / "copy.ttl"
    copy.write_text(
        ARTICLE.read_text("utf-8").replace('"2025-12"^^xsd:gYearMonth', "20x5"), "utf-8"
    )

    run = defgraph("validate", copy)

    assert (run.code, run.out) == (2, "")  # 20x5 is no Turtle
    assert run.err.count("\n") == 1
