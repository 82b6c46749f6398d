"""What docs/protocol.md tells people to type is typed here, and answered as it shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="a store that takes writes needs Linux"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl"),
]

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


def test_the_page_works_as_written(serve, tmp_path):
    settings = {"DEFGRAPH_PLAIN": "1", "DEFGRAPH_TOKEN": "secret"}
    address = serve(Path(sys.executable).with_name("defgraph"), env={**os.environ, **settings})
    (tmp_path / ".curlrc").write_text('silent\nwrite-out = "\\n"\n')  # as a terminal shows it
    blocks = BLOCK.findall(PAGE)

    for code, shown in blocks:
        done = subprocess.run(
            ["sh", "-e", "-c", code.replace(ADDRESS, address)],
            env={**os.environ, "CURL_HOME": str(tmp_path)},
            capture_output=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        answers = done.stdout.decode().replace("\r\n", "\n").replace(address, ADDRESS)
        assert answers.rstrip("\n") == shown.rstrip("\n"), code
    assert len(blocks) >= 6
    assert len(blocks) == PAGE.count("```sh") == PAGE.count("```text")
