"""A full disk, by a small one: reads go on, a write fails and leaves nothing, and heals with room."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from keeping import EX, defgraph, files_of, holds, make_store, serving, update

SIZE = 4 * 2**20


@pytest.fixture
def disk(tmp_path):
    """A disk of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    options = ["-t", "tmpfs", "-o", f"size={SIZE}", "none", folder]
    if subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Leave no room on *disk*."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    return ballast


def test_a_server_on_a_full_disk_answers_and_says_why_it_does_not_write(disk):
    store = make_store(disk / "store", generations=3)
    with serving(store) as server:
        ballast = fill(disk)
        before = files_of(store)
        refused = [server.write(4) for _ in range(3)]
        held, health = server.held(), server.readiness()
        left = files_of(store)

        ballast.unlink()
        written = server.write(4)
        healed = server.held()
        log = server.log

    for each in refused:
        problem = each.json()
        assert (each.status_code, problem["title"]) == (507, "UnwritableFileError")
        assert "No space left on device" in problem["detail"]
    assert (held, health["status"]) == (holds(3), "ready")
    assert left == before
    assert (written.status_code, healed) == (200, holds(4))
    assert "Traceback" not in log
    with serving(store) as server:
        assert server.held() == holds(4)
        assert server.readiness()["status"] == "ready"


def test_a_write_that_does_not_fit_is_refused_as_a_whole(disk, tmp_path):
    store = make_store(tmp_path / "store", generations=2)
    moved = disk / "store"
    shutil.copytree(store, moved)
    with serving(moved) as server:
        ballast = fill(disk)
        sent = f"INSERT DATA {{ <{EX}a> <{EX}b> '{'x' * 1_000_000}' }}"
        headers = {"Authorization": "Bearer a-secret-of-the-tests"}
        headers["Content-Type"] = "application/sparql-update"
        refused = server.client.post("/update", content=sent, headers=headers)
        assert refused.status_code == 507
        assert server.held() == holds(2)
        ballast.unlink()
        assert server.client.post("/update", content=sent, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "command",
    [
        ["load", "{first}", "--store", "{store}"],
        ["update", "{update}", "--store", "{store}"],
        ["rollback", "1", "--store", "{store}"],
        ["snapshot", "--store", "{store}"],
        ["backup", "{disk}/copy", "--store", "{store}"],
        ["restore", "{backup}", "--store", "{disk}/restored"],
        ["load", "{first}", "--store", "{disk}/new", "--plain"],
        ["load", "{first}", "--store", "{disk}/new"],
        ["export", "--output", "{disk}/out.ttl"],
        ["export", "--tree", "{disk}/tree"],
        ["dump", "{disk}/dump"],
        ["tables", "{disk}/tables"],
        ["query", "SELECT * {{ ?s ?p ?o }}", "--format", "json", "--output", "{disk}/answer"],
        ["token", "add", "kim", "--tokens", "{disk}/tokens"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_command_on_a_full_disk_says_so_and_leaves_nothing_half_done(disk, tmp_path, command):
    store = make_store(disk / "store", generations=3)
    first = tmp_path / "first.ttl"
    first.write_text(f"<{EX}more> <{EX}is> '{'x' * 5000}' .")
    backup = tmp_path / "backup"
    assert defgraph("backup", backup, "--store", store).returncode == 0
    fill(disk)
    before = files_of(disk)
    names = {"first": first, "store": store, "disk": disk, "backup": backup, "update": update(4)}

    done = defgraph(*(each.format(**names) for each in command))

    assert done.returncode == 2, done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    after = files_of(disk)
    for each in (before, after):
        each.pop("store/lock", None)  # who has it is written there
        each.pop("tokens.lock", None)  # what is locked while tokens change, and holds nothing
    assert after == before
    assert defgraph("log", "--store", store).returncode == 0
