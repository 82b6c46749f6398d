"""Settings come from the environment only when they are made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from defgraph.settings import Settings


def test_the_environment_sets_what_begins_with_our_name(monkeypatch):
    monkeypatch.setenv("DEFGRAPH_PORT", "9000")
    monkeypatch.setenv("DEFGRAPH_DATA_PATHS", os.pathsep.join(["a.ttl", "more"]))

    settings = Settings()

    assert settings.port == 9000
    assert settings.data_paths == (Path("a.ttl"), Path("more"))


def test_without_anything_the_shipped_data_is_served_on_this_machine_only(monkeypatch):
    monkeypatch.delenv("DEFGRAPH_DATA_PATHS", raising=False)

    settings = Settings()

    assert settings.host == "127.0.0.1"
    assert settings.data_paths == ()


def test_settings_do_not_change():
    with pytest.raises(ValidationError):
        Settings().port = 1


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_is_a_port(port):
    with pytest.raises(ValidationError):
        Settings(port=port)


def test_a_token_does_not_show(monkeypatch):
    monkeypatch.setenv("DEFGRAPH_TOKEN", "hush")

    settings = Settings()

    assert settings.token.get_secret_value() == "hush"
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_an_empty_token_is_none(monkeypatch):
    monkeypatch.setenv("DEFGRAPH_TOKEN", "")

    assert Settings().token is None


@pytest.mark.parametrize("token", [" ", "two words", "ä", "line\n", "=="])
def test_a_token_must_be_one_that_can_be_sent(token):
    with pytest.raises(ValidationError) as refused:
        Settings(token=token)

    assert "letters, digits" in str(refused.value)
