"""What docs/store.md tells people to type is typed here, from top to bottom in one folder."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="a store in a folder needs Linux"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl"),
]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"
SERVE = "defgraph serve --store kept"
EXPORT = re.compile(r"^export (\w+)=(.+)$", re.MULTILINE)


@pytest.fixture
def surroundings(tmp_path):
    """A folder with what the page needs of the repository, and an environment with the command."""
    shutil.copytree(ROOT / "docs" / "second-source", tmp_path / "docs" / "second-source")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"cwd": tmp_path, "env": {**os.environ, "PATH": path}}


def start(code, surroundings, running):
    """Run a block that starts a server, and return the server's address."""
    command = ["sh", "-e", "-c", code.replace(SERVE, f"exec {SERVE} --port 0")]
    server = running.enter_context(
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **surroundings)
    )
    running.callback(server.send_signal, signal.SIGINT)
    return re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline()).group()


def test_the_page_works_as_written(surroundings):
    found = BLOCK.findall(PAGE)
    address = ADDRESS
    shown_blocks = 0
    with ExitStack() as running:
        for (language, code), following in zip(found, [*found[1:], ("", "")], strict=True):
            if language != "sh":
                continue
            if SERVE in code:
                address = start(code, surroundings, running)
                continue
            done = subprocess.run(
                ["sh", "-e", "-c", code.replace(ADDRESS, address)],
                capture_output=True,
                text=True,
                check=False,
                **surroundings,
            )
            surroundings["env"].update(EXPORT.findall(code))
            assert (done.returncode, done.stderr) == (0, ""), code
            assert done.stdout
            if following[0] == "text":
                assert done.stdout.rstrip("\n") == following[1].rstrip("\n")
                shown_blocks += 1

    assert address != ADDRESS
    assert shown_blocks == 5


def test_every_status_that_is_told_is_one_that_a_write_can_have():
    from defgraph.web.problems import STATUS

    told = {int(each) for row in re.findall(r"^\| (\d.*?) \|", PAGE, re.MULTILINE)
            for each in re.findall(r"\d{3}", row)}  # fmt: skip

    assert told - {int(each) for each in STATUS.values()} == {200, 201, 204, 422}
