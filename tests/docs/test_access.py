"""What docs/access.md tells of settings is so, and what it tells people to type works."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from defgraph.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
TOLD = dict(re.findall(r"^\| `DEFGRAPH_(\w+)` \| ([\d.]+) \| ", PAGE, re.MULTILINE))
NAMED = set(re.findall(r"`DEFGRAPH_(\w+)`", PAGE))
OF_CONNECTIONS = {
    name for name in Settings.model_fields if name.endswith("_timeout_s") or "header" in name
}
NO_DEFAULTS = {
    "CLIENT_SECONDS_PER_MINUTE",
    "CLIENT_ERRORS_PER_MINUTE",
}  # what is told is an example


def test_every_setting_that_is_named_is_one():
    assert {name.lower() for name in NAMED} <= set(Settings.model_fields)


def test_every_setting_of_a_connection_is_named():
    assert len(OF_CONNECTIONS) > 5
    assert {name.upper() for name in OF_CONNECTIONS} <= NAMED


@pytest.mark.parametrize("name", sorted(TOLD.keys() - NO_DEFAULTS))
def test_a_default_is_as_told(name):
    assert Settings.model_fields[name.lower()].default == float(TOLD[name])


@pytest.mark.skipif(sys.platform != "linux", reason="files of tokens need Linux")
def test_the_commands_work_as_written(tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    block = re.search(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]
    commands = block.replace("defgraph serve --store kept", "true")

    done = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "nightly-import" in done.stdout
    assert (tmp_path / "kim.token").read_text().startswith("defgraph_")
