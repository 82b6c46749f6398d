"""curl, as people type it."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

BEARER = "Authorization: Bearer secret"


def curl(*arguments):
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--noproxy", "*", *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_a_query_as_a_form(shipped):
    found = curl(f"{shipped}sparql", "--data-urlencode", "query=ASK { state:nz a def:State }")

    assert json.loads(found)["boolean"] is True


def test_a_query_in_the_url(shipped):
    found = curl("-G", f"{shipped}sparql", "-d", "format=csv", "--data-urlencode", "query=ASK {}")

    assert found.strip() == "true"


def test_a_redirection_to_turtle(shipped):
    assert "New Zealand" in curl("-L", "-H", "Accept: text/turtle", f"{shipped}id/state/nz")


def test_compressed(shipped):
    assert "New Zealand" in curl("--compressed", f"{shipped}doc/state/nz.ttl")


def test_a_file_is_uploaded_and_comes_back(plain, tmp_path):
    file = tmp_path / "data.ttl"
    file.write_text("<http://example.com/s> <http://example.com/p> 1 .\n")
    url = f"{plain}graphs?graph=http://example.com/g"

    curl("--fail", "-T", str(file), "-H", BEARER, "-H", "Content-Type: text/turtle", url)

    assert "example.com/p" in curl("--fail", url)


def test_files_of_a_form_are_uploaded(plain, tmp_path):
    file = tmp_path / "data.ttl"
    file.write_text("<http://example.com/s> <http://example.com/p> 1 .\n")
    url = f"{plain}graphs?graph=http://example.com/g"

    curl("--fail", "-F", f"file=@{file};type=text/turtle", "-H", BEARER, url)

    assert "example.com/p" in curl("--fail", url)
