"""``defgraph token``: a token is shown once, and a name is all that is kept of it to be read."""

import json

import pytest


@pytest.fixture
def tokens(tmp_path):
    return tmp_path / "tokens.json"


def test_a_token_is_added_listed_and_revoked(defgraph, tokens):
    added = defgraph("token", "add", "kim", "--tokens", tokens)
    listed = defgraph("token", "list", "--tokens", tokens)
    revoked = defgraph("token", "revoke", "kim", "--tokens", tokens)
    after = defgraph("token", "list", "--tokens", tokens, "--format", "json")

    assert (added.code, added.out.count("\n")) == (0, 1)
    assert "kim" in listed.out
    assert added.out.strip() not in listed.out + added.err + tokens.read_text()
    assert revoked.code == 0
    assert json.loads(after.out) == []


def test_the_file_may_stand_in_the_environment(defgraph, tokens, monkeypatch):
    monkeypatch.setenv("DEFGRAPH_TOKENS", str(tokens))

    assert defgraph("token", "add", "kim").code == 0
    assert "kim" in defgraph("token", "list").out


def test_a_second_token_of_a_name_is_refused(defgraph, tokens):
    defgraph("token", "add", "kim", "--tokens", tokens)

    run = defgraph("token", "add", "kim", "--tokens", tokens)

    assert (run.code, run.out) == (2, "")
    assert "revoke" in run.err


def test_revoking_who_holds_none_is_told(defgraph, tokens):
    defgraph("token", "add", "kim", "--tokens", tokens)

    run = defgraph("token", "revoke", "kom", "--tokens", tokens)

    assert run.code == 2
    assert run.err.endswith("Did you mean kim?\n")


def test_a_server_does_not_start_on_tokens_that_are_not_there(defgraph, tokens):
    run = defgraph("serve", "--port", 0, "--plain", "--tokens", tokens)

    assert (run.code, run.out) == (2, "")
    assert "defgraph token add" in run.err
