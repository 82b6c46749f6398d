"""Who may write: a file of hashes that is whole or refused."""

import json
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from defgraph import credentials
from defgraph.credentials import TokenFile
from defgraph.errors import (
    HolderNameError,
    TokenFileError,
    UnknownHolderError,
    UnwritableFileError,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "private" / "tokens.json"


def test_a_token_tells_who_holds_it(path):
    kim, ngaio = credentials.add(path, "kim"), credentials.add(path, "ngaio")

    file = TokenFile(path)

    assert (file.holder_of(kim), file.holder_of(ngaio)) == ("kim", "ngaio")
    assert file.holder_of(kim + "x") is None
    assert file.holder_of("") is None


def test_the_file_holds_no_token_and_is_its_owners_only(path):
    token = credentials.add(path, "kim")

    assert token not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_has_256_bits_of_chance(path):
    tokens = {credentials.add(path, f"n{number}") for number in range(20)}

    assert len(tokens) == 20
    assert {len(each.removeprefix("defgraph_")) for each in tokens} == {43}  # of 6 bits each


def test_the_file_is_read_again_when_it_changes(path):
    kim = credentials.add(path, "kim")
    file = TokenFile(path)
    assert file.holder_of(kim) == "kim"

    ngaio = credentials.add(path, "ngaio")
    credentials.revoke(path, "kim")

    assert file.holder_of(kim) is None
    assert file.holder_of(ngaio) == "ngaio"


def test_a_holder_of_an_older_token_needs_it_revoked_first(path):
    first = credentials.add(path, "kim")

    with pytest.raises(HolderNameError, match="revoke"):
        credentials.add(path, "kim")
    credentials.revoke(path, "kim")
    second = credentials.add(path, "kim")

    assert TokenFile(path).holder_of(first) is None
    assert TokenFile(path).holder_of(second) == "kim"


def test_revoking_nobodys_token_names_those_who_hold_one(path):
    credentials.add(path, "kim")

    with pytest.raises(UnknownHolderError, match="kim"):
        credentials.revoke(path, "kom")


@pytest.mark.parametrize("name", ["", "a b", "ä", "-x", "a\n", "x" * 65, "a/b", 'a"', "token"])
def test_a_name_that_would_garble_the_log_is_none(path, name):
    with pytest.raises(HolderNameError):
        credentials.add(path, name)

    assert not path.exists()


def cut(content, path):
    path.write_bytes(content[: len(content) // 2])


def emptied(_content, path):
    path.write_bytes(b"")


def removed(_content, path):
    path.unlink()


def another_version(content, path):
    path.write_bytes(content.replace(b'"version": 1', b'"version": 2'))


def no_hash(content, path):
    path.write_bytes(content.replace(b'"sha256": "', b'"sha256": "x'))


def unknown_field(content, path):
    path.write_bytes(content.replace(b'"version"', b'"all": true, "version"'))


def twice(content, path):
    read = json.loads(content)
    path.write_text(json.dumps({**read, "tokens": read["tokens"] * 2}))


def others_may_write(_content, path):
    path.chmod(0o662)


def a_folder(_content, path):
    path.unlink()
    path.mkdir()


DAMAGES = [
    cut, emptied, removed, another_version, no_hash, unknown_field, twice, others_may_write, a_folder,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)
def test_a_damaged_file_is_an_error_and_lets_nobody_in(path, damage):
    token = credentials.add(path, "kim")
    file = TokenFile(path)
    assert file.holder_of(token) == "kim"

    damage(path.read_bytes(), path)

    for _ in range(2):  # and is so the next time
        with pytest.raises(TokenFileError, match=str(path)):
            file.holder_of(token)


@pytest.mark.parametrize("damage", [cut, others_may_write], ids=lambda each: each.__name__)
def test_a_damaged_file_is_not_written_over(path, damage):
    credentials.add(path, "kim")
    damage(path.read_bytes(), path)
    before = path.read_bytes()

    with pytest.raises(TokenFileError):
        credentials.add(path, "ngaio")

    assert path.read_bytes() == before


def test_a_file_that_is_mended_is_taken_again(path):
    token = credentials.add(path, "kim")
    whole = path.read_bytes()
    file = TokenFile(path)
    cut(whole, path)
    with pytest.raises(TokenFileError):
        file.holder_of(token)

    path.write_bytes(whole)

    assert file.holder_of(token) == "kim"


def test_two_who_add_at_the_same_time_both_have_their_token(path):
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda name: credentials.add(path, name), "abcdefgh"))

    assert [TokenFile(path).holder_of(each) for each in tokens] == list("abcdefgh")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_where_nothing_can_be_written_that_is_said():
    with pytest.raises(UnwritableFileError):
        credentials.add(Path("/proc/none/tokens.json"), "kim")


def test_what_was_left_by_a_crash_is_in_nobodys_way(path):
    path.parent.mkdir()
    path.with_name(f"{path.name}.unfinished").write_text("half a fi")

    credentials.add(path, "kim")

    assert [each.name for each in credentials.holders(path)] == ["kim"]
    assert {each.name for each in path.parent.iterdir()} == {"tokens.json", "tokens.json.lock"}
