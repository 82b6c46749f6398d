"""Linking the names in a table, and what may be wrong with a table."""

import csv
import gzip
import io
import os
import threading

import pytest

from defgraph import files_of_others


@pytest.fixture(scope="module")
def cached(tmp_path_factory):
    """Where these tests keep what follows from the shipped data: it is computed once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def link(defgraph, tmp_path, cached, monkeypatch):
    """Link a table of these bytes; returns the run and the rows that were written."""

    monkeypatch.setenv("XDG_CACHE_HOME", str(cached))

    def linked(content, *arguments, column="party"):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        run = defgraph("link", "table", path, "--column", column, *arguments)
        return run, list(csv.reader(io.StringIO(run.out, newline="")))

    return linked


def test_names_find_their_things(link):
    run, rows = link("n,party\n1,Aotearoa\n2,Austrlia\n3,Xyzzyx\n4,小泉進次郎\n5,Aotearoa\n")

    assert run.code == 0
    assert rows[0] == ["n", "party", "iri", "label", "score", "match", "others"]
    assert rows[1][2:4] == ["https://w3id.org/defgraph/id/state/nz", "New Zealand"]
    assert [row[5] for row in rows[1:]] == ["sure", "unsure", "unmatched", "sure", "sure"]
    assert rows[2][2].endswith("/state/au")
    assert "/state/at Austria" in rows[2][6]
    assert "5 rows: 3 sure, 1 unsure, 1 unmatched" in run.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_unicode_are_known(link, encoding):
    _, rows = link("party\r\n日本\r\n".encode(encoding))

    assert rows[1][:2] == ["日本", "https://w3id.org/defgraph/id/state/jp"]


def test_another_encoding_is_named(link):
    content = "party\n日本\n".encode("cp932")
    refused, _ = link(content)
    taken, rows = link(content, "--encoding", "cp932")

    assert refused.code == 2
    assert "--encoding" in refused.err
    assert (taken.code, rows[1][0]) == (0, "日本")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "its columns are 'a', 'b'"),
        ("a,b,c,d,partie,f\n", "Did you mean 'partie'"),
        ("party,party\n", "several columns"),
        ('party\n"Japan\n', "no CSV"),
        ("party\n1\n".encode("utf-16")[:-1], "UTF-16"),
        ("party\n1\n".encode("utf-16-le"), "--encoding utf-16-le"),
        ("party\nJap\0an\n", "line 2: it holds the character NUL"),
        ("party\n" + "a\n" * 1_000_001, "more than 1,000,000 rows"),
        ("party" + "," * 100_000 + "\n" + "a\n" * 300, "20,000,000 cells"),
        ('sep=;\nparty;x\n"Japan\n', "line 3: the row that begins here is no CSV"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(link, content, told):
    run, _ = link(content)

    assert (run.code, run.out) == (2, "")
    assert told in run.err


def test_rows_may_be_ragged(link):
    _, rows = link("party,x\nJapan\nJapan,1,2\n\n,9\n")

    assert rows[0] == ["party", "x", "", "iri", "label", "score", "match", "others"]
    assert [row[6] for row in rows[1:]] == ["sure", "sure", "unmatched"]
    assert {len(row) for row in rows} == {8}


def test_columns_that_are_there_keep_their_names(link):
    _, rows = link("party;iri\nJapan;x\n")

    assert rows[0][:4] == ["party", "iri", "linked_iri", "label"]
    assert rows[1][:2] == ["Japan", "x"]


def test_a_name_of_a_megabyte_is_no_name(link):
    run, rows = link("party\n" + "Japan" * 200_000 + "\nJapan\n")

    assert run.code == 0
    assert [row[4] for row in rows[1:]] == ["unmatched", "sure"]


def test_a_long_table_is_linked(link):
    names = ["Japan", "New Zealnd", "Ivory Coast", "nobody at all"]
    run, rows = link("party\n" + "".join(f"{names[n % 4]}\n" for n in range(100_000)))

    assert len(rows) == 100_001
    assert "100,000 rows: 50,000 sure" in run.err


def test_the_row_where_a_quotation_mark_is_left_open_is_named(link):
    run, _ = link('party,x\nJapan,1\n"Niger,2\nMali,3\n')

    assert run.code == 2
    assert "line 3: the row that begins here is no CSV" in run.err


def test_a_table_that_is_too_long_is_not_held_in_memory(defgraph, tmp_path):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"party\n")
        file.truncate(2**40)  # which takes no room on the disk
    run = defgraph("link", "table", path, "--column", "party")

    assert run.code == 2
    assert "it is longer than 67,108,864 bytes; divide it" in run.err


def test_a_table_that_has_no_end_is_refused(defgraph):
    run = defgraph("link", "table", "/dev/zero", "--column", "party")

    assert run.code == 2
    assert "longer than" in run.err


def test_a_pipe_that_nobody_writes_to_is_left(defgraph, tmp_path, monkeypatch):
    monkeypatch.setattr(files_of_others, "PATIENCE_S", 0.05)
    os.mkfifo(tmp_path / "pipe")
    run = defgraph("link", "table", tmp_path / "pipe", "--column", "party")

    assert run.code == 2
    assert "nothing was written to this pipe" in run.err


def test_a_pipe_is_read_to_its_end(defgraph, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_text, args=("party\n" + "Japan\n" * 50_000,))
    writing.start()
    run = defgraph("link", "table", pipe, "--column", "party")
    writing.join()

    assert "50,000 rows: 50,000 sure" in run.err


def test_what_parts_the_cells_may_be_told_as_excel_does(link):
    run, rows = link("sep=|\nparty|x\nJapan|1\n")

    assert run.code == 0
    assert rows[0][:2] == ["party", "x"]
    assert rows[1][5] == "sure"


def test_a_compressed_table_is_told_to_be_one(link):
    run, _ = link(gzip.compress(b"party\nJapan\n"))

    assert run.code == 2
    assert "compressed with gzip; unpack it" in run.err


def test_the_table_itself_is_not_overwritten(link, tmp_path):
    run, _ = link("party\nJapan\n", "-o", tmp_path / "table.csv")

    assert run.code == 2
    assert (tmp_path / "table.csv").read_text() == "party\nJapan\n"


def test_it_is_written_whole_or_not_at_all(link, tmp_path):
    run, _ = link("party\nJapan\n", "-o", tmp_path / "out.csv")
    refused, _ = link("party\nJapan\n", "-o", tmp_path / "none" / "out.csv")

    assert (run.code, run.out) == (0, "")
    assert "state/jp" in (tmp_path / "out.csv").read_text()
    assert refused.code == 2


def test_a_class_narrows_the_search(link):
    _, rows = link("party\nJapan\nJudith Collins\n", "--type", "Person")
    refused, _ = link("party\n", "--type", "Persn")

    assert [row[4] for row in rows[1:]] == ["unmatched", "sure"]
    assert "def:Person" in refused.err


def test_a_table_that_is_not_there_is_told(defgraph, tmp_path):
    run = defgraph("link", "table", tmp_path / "none.csv", "--column", "party")

    assert run.code == 2
    assert "none.csv" in run.err
