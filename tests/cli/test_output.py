from __future__ import annotations

import os
from pathlib import Path

import pytest

from defgraph.cli.output import plain_table, write_file
from defgraph.errors import UnwritableFileError


def test_columns_are_aligned_by_what_they_take_on_a_screen():
    assert (
        plain_table(("a", "b"), [("日本", "x"), ("Japan", "y")]) == "a      b\n日本   x\nJapan  y\n"
    )


def test_a_line_end_in_a_cell_does_not_break_the_row():
    assert plain_table(("a",), [("one\ntwo",)]) == "a\none two\n"


def test_a_table_without_rows_has_its_headings():
    assert plain_table(("a", "b"), []) == "a  b\n"


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "real", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)

    write_file(link, b"new")

    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_new_file_follows_the_umask(tmp_path):
    write_file(tmp_path / "new", b"x")

    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_device_is_written_to():
    write_file(Path(os.devnull), b"x")


def test_a_folder_cannot_be_written(tmp_path):
    with pytest.raises(UnwritableFileError, match=str(tmp_path)):
        write_file(tmp_path, b"x")
