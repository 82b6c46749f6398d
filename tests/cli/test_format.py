from __future__ import annotations

import pytest

CANONICAL = """\
PREFIX state: <https://w3id.org/defgraph/id/state/>

state:a
    state:b state:c ;
.
"""
LOOSE = "PREFIX state: <https://w3id.org/defgraph/id/state/> state:a state:b state:c ."
BROKEN = "state:a state:b ."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "loose.ttl").write_text(LOOSE)
    (tmp_path / "sound.ttl").write_text(CANONICAL)
    (tmp_path / "notes.txt").write_text(BROKEN)
    return tmp_path


def test_files_are_rewritten_and_named(defgraph, folder):
    run = defgraph("format", folder)

    assert (run.code, run.out) == (0, f"{folder / 'deep' / 'loose.ttl'}\n")
    assert (folder / "deep" / "loose.ttl").read_text() == CANONICAL


def test_formatting_twice_changes_nothing(defgraph, folder):
    defgraph("format", folder)

    assert defgraph("format", folder).out == ""
    assert defgraph("format", "--check", folder).code == 0


def test_check_lists_and_changes_nothing(defgraph, folder):
    run = defgraph("format", "--check", folder)

    assert (run.code, run.out) == (1, f"{folder / 'deep' / 'loose.ttl'}\n")
    assert (folder / "deep" / "loose.ttl").read_text() == LOOSE


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_a_broken_file_stops_no_other_and_is_not_touched(defgraph, folder, options):
    broken = folder / "broken.ttl"
    broken.write_text(BROKEN)

    run = defgraph("format", *options, folder)

    assert run.code == 2
    assert f"{broken}, line 1, column " in run.err
    assert "loose.ttl" in run.out
    assert broken.read_text() == BROKEN


def test_missing_files_and_empty_folders_exit_2(defgraph, folder, tmp_path_factory):
    assert defgraph("format", folder / "none.ttl").code == 2
    assert defgraph("format", tmp_path_factory.mktemp("empty")).code == 2


def test_data_can_be_named_as_in_other_commands(defgraph, folder):
    assert defgraph("format", "--check", "--data", folder).code == 1


def test_files_go_before_data(defgraph, folder):
    run = defgraph("format", "--check", folder / "sound.ttl", "--data", folder)

    assert (run.code, run.out) == (0, "")


def test_nothing_to_format_is_wrong_usage(defgraph):
    run = defgraph("format")

    assert run.code == 2
    assert "name the files or folders" in run.err


def test_a_byte_order_mark_is_no_canonical_form(defgraph, tmp_path):
    path = tmp_path / "marked.ttl"
    path.write_text("\ufeff" + CANONICAL, encoding="utf-8")

    assert defgraph("format", "--check", path).code == 1
    defgraph("format", path)
    assert path.read_text("utf-8") == CANONICAL


def test_what_is_shipped_is_in_canonical_form(defgraph):
    from defgraph import sources

    run = defgraph(
        "format", "--check", *(sources.folder(n) for n in ("ontology", "data", "shapes"))
    )

    assert (run.out, run.err) == ("", "")
