"""``dump``: into a folder, of files or of a store."""

from __future__ import annotations

from defgraph.log.files import WriterLock


def test_a_store_is_dumped_while_a_server_writes_to_it(defgraph, plain, tmp_path):
    with WriterLock(plain):
        run = defgraph("dump", tmp_path / "dump", "--store", plain)

    assert (run.code, run.err) == (0, "")
    assert (tmp_path / "dump" / "dataset.nq").read_text() == '<urn:a> <urn:b> "2" .\n'
    assert (tmp_path / "dump" / "SHA256SUMS").is_file()


def test_there_is_nothing_to_dump_where_no_store_is(defgraph, tmp_path):
    run = defgraph("dump", tmp_path / "dump", "--store", tmp_path / "none")

    assert run.code == 2
    assert "holds no store" in run.err
    assert not (tmp_path / "dump").exists()


def test_a_store_and_data_exclude_each_other(defgraph, plain, tmp_path):
    (tmp_path / "a.ttl").write_text("")

    run = defgraph("dump", tmp_path / "dump", "--store", plain, "--data", tmp_path / "a.ttl")

    assert run.code == 2
    assert "--data" in run.err
