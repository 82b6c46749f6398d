"""Children that compute something for their parent."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from defgraph.children import computed, fork


def nothing():
    pass


def test_what_a_child_computes_is_returned_as_a_whole():
    held = [b"x" * 1000]

    def work():
        held.append(b"y")
        return b"".join(held) * 1000

    assert computed(work, nothing) == b"x" * 1000 + b"y" + (b"x" * 1000 + b"y") * 999
    assert held == [b"x" * 1000]


def test_a_child_that_needs_too_much_memory_is_told_from_one_that_dies():
    def confine():
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

    with pytest.raises(MemoryError):
        computed(lambda: bytes(2**31), confine)
    with pytest.raises(MemoryError):  # as the engine ends
        computed(lambda: os.abort() or b"", nothing)
    with pytest.raises(ChildProcessError, match=r"status 1$"):
        computed(lambda: 1 // 0, nothing)
    with pytest.raises(ChildProcessError, match=r"status -9$"):
        computed(lambda: os.kill(os.getpid(), signal.SIGKILL) or b"", nothing)


def test_a_child_that_is_stopped_has_computed_nothing():
    def confine():
        resource.setrlimit(resource.RLIMIT_CPU, (1, 1))

    def work():
        while True:
            pass

    with pytest.raises(ChildProcessError):
        computed(work, confine)


def test_a_child_says_how_its_work_ended():
    def status(work):
        return os.waitstatus_to_exitcode(os.waitpid(fork(work), 0)[1])

    def out_of_memory():
        raise MemoryError

    assert status(nothing) == 0
    assert status(out_of_memory) == 3
    assert status(lambda: 1 // 0) == 1


def test_a_child_does_not_outlive_its_parent():
    script = (
        "import time; from defgraph.children import fork; "
        "print(fork(lambda: time.sleep(600)), flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()

    for _ in range(500):
        try:
            status = Path(f"/proc/{child}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return
        if "\nState:\tZ" in status:  # nobody has asked how it ended
            return
        time.sleep(0.01)
    pytest.fail("it lives on")
