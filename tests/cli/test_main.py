"""The program as a whole: help, errors and exit codes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import defgraph as package
from defgraph.cli import evidence, stats
from defgraph.errors import StoreError

COMMANDS = ("serve", "query", "questions", "evidence", "export", "validate", "format", "stats")
PROGRAM = [sys.executable, "-c", "from defgraph.cli import main; main()"]


def test_version(defgraph):
    assert defgraph("--version").out == f"defgraph {package.__version__}\n"


def test_help_lists_the_commands_and_the_exit_codes(defgraph):
    run = defgraph("--help")

    assert run.code == 0
    assert all(command in run.out for command in COMMANDS)
    assert "2 it could not run" in run.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_and_takes_other_data(defgraph, command):
    run = defgraph(command, "--help")

    assert run.code == 0
    assert "--data" in run.out


@pytest.mark.parametrize("arguments", [["nonsense"], ["query"], ["stats", "--format", "xml"]])
def test_wrong_usage_exits_2(defgraph, arguments):
    run = defgraph(*arguments)

    assert run.code == 2
    assert run.out == ""
    assert "Usage:" in run.err


@pytest.mark.parametrize("command", [["query", "ASK {}"], ["export"], ["validate"], ["stats"]])
def test_missing_data_exits_2_with_one_line(defgraph, command):
    run = defgraph(*command, "--data", "nowhere.ttl")

    assert (run.code, run.out) == (2, "")
    assert run.err == "defgraph: nowhere.ttl: there is no such file or folder.\n"


@pytest.mark.parametrize(
    "command",
    [
        ("stats", "--data"),
        ("format",),
        ("query",),
        ("link", "check"),
        ("link", "table", "--column", "x"),
        ("load", "--store", "kept"),
    ],
)
def test_an_address_is_not_fetched_which_is_said(defgraph, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)

    run = defgraph(*command, "http://127.0.0.1:9/data.ttl")

    assert (run.code, run.out) == (2, "")
    assert "127.0.0.1:9/data.ttl: there is no such file" in run.err
    assert "nothing is fetched from an address, so download it and name the file" in run.err
    assert not list(tmp_path.iterdir())


def test_broken_turtle_is_told_with_its_place_and_nothing_is_printed(defgraph, tmp_path):
    path = tmp_path / "broken.ttl"
    path.write_text("PREFIX def: <https://w3id.org/defgraph/def/>\ndef:a def:b ??? .\n")

    run = defgraph("export", "--data", path)

    assert (run.code, run.out) == (2, "")
    assert f"{path}, line 2, column " in run.err
    assert "Traceback" not in run.err


def test_our_errors_are_messages(defgraph, monkeypatch):
    def fail(_data):
        raise StoreError("no memory left")

    monkeypatch.setattr(stats, "dataset", fail)
    run = defgraph("stats")

    assert (run.code, run.err) == (2, "defgraph: The store failed: no memory left.\n")


def test_an_unexpected_error_says_how_to_report_it(defgraph, monkeypatch):
    monkeypatch.setattr(stats, "dataset", lambda _data: 1 / 0)

    run = defgraph("stats")

    assert run.code == 2
    assert "unexpected ZeroDivisionError" in run.err
    assert "DEFGRAPH_DEBUG=1" in run.err
    assert "Traceback" not in run.err


def test_debug_shows_where(defgraph, monkeypatch):
    monkeypatch.setattr(stats, "dataset", lambda _data: 1 / 0)

    assert "Traceback" in defgraph("--debug", "stats").err
    monkeypatch.setenv("DEFGRAPH_DEBUG", "1")
    assert "Traceback" in defgraph("stats").err


def test_an_interrupt_is_quiet(defgraph, monkeypatch):
    def interrupt(_data):
        raise KeyboardInterrupt

    monkeypatch.setattr(evidence, "dataset", interrupt)
    run = defgraph("evidence", "--text", "x")

    assert (run.code, run.out, run.err.strip()) == (130, "", "")


def test_data_may_come_from_the_environment(defgraph, data, write, monkeypatch):
    more = write("more.ttl", "state:us a def:State .")
    monkeypatch.setenv("DEFGRAPH_DATA_PATHS", f"{data}{os.pathsep}{more}")

    run = defgraph("query", "SELECT (COUNT(*) AS ?n) { ?s a def:State }", "--format", "csv")

    assert run.out.split() == ["n", "3"]


# -- as a process of its own ---------------------------------------------------------------------


def test_a_reader_that_leaves_is_no_error(data):
    query = "SELECT * { ?s ?p ?o }"  # more than a pipe holds
    with subprocess.Popen(
        [*PROGRAM, "query", query, "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.read(10)
        process.stdout.close()
        errors = process.stderr.read()

    assert errors == b""
    assert process.returncode == 141


def test_output_is_utf_8_in_any_locale(data):
    run = subprocess.run(
        [*PROGRAM, "query", "SELECT ?l { state:jp rdfs:label ?l }", "--data", str(data)],
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )

    assert "日本" in run.stdout.decode()


def test_nothing_heavy_is_imported_for_help():
    program = (
        "import sys\nfrom defgraph.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'rdflib', 'pyshacl', 'pyld', 'pydantic', 'fastapi'} & set(sys.modules)))"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )

    assert run.stdout.splitlines()[-1] == "[]"
