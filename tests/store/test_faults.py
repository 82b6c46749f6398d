"""Crashes, full disks and the order of system calls, by programs that are run for it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parent / "faults"


def run(*command):
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=150)


def test_writers_killed_at_any_moment_lose_nothing_that_they_acknowledged(tmp_path):
    done = run(sys.executable, FAULTS / "killed_writers.py", tmp_path / "store", "50")

    assert (done.returncode, done.stderr) == (0, "")
    assert "50 rounds" in done.stdout


def test_a_full_disk_fails_a_write_and_no_read_and_heals(tmp_path):
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    if run("unshare", "-rm", "true").returncode:
        pytest.skip("no mount namespace may be made here")
    mount = f"mount -t tmpfs -o size=256k none {tmp_path}"
    program = f"{sys.executable} {FAULTS / 'full_disk.py'} {tmp_path}"

    done = run("unshare", "-rm", "sh", "-c", f"{mount} && {program}")

    assert (done.returncode, done.stderr) == (0, "")


def test_the_disk_has_a_write_before_it_is_acknowledged(tmp_path):
    if shutil.which("strace") is None or run("strace", "true").returncode:
        pytest.skip("strace is not installed, or may not be used here")
    watched = "trace=fsync,rename,renameat,renameat2,write"
    program = [sys.executable, FAULTS / "acknowledging_writer.py", tmp_path / "store"]

    done = run("strace", "-y", "-e", watched, "-o", tmp_path / "calls", *program)

    assert done.stdout == "acknowledged 1\n", done.stderr
    # Which call it was, and on which file of the store.
    pattern = r'(write|fsync|rename)(?:at2?)?\(.*?(acknowledged|/store(?:/[\w.]+)?(?=[">]))'
    seen = re.findall(pattern, (tmp_path / "calls").read_text())
    assert seen[-5:] == [
        ("write", "/store/1.rdfp.unfinished"),
        ("fsync", "/store/1.rdfp.unfinished"),
        ("rename", "/store/1.rdfp.unfinished"),
        ("fsync", "/store"),
        ("write", "acknowledged"),
    ]
