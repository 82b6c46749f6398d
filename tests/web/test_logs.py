"""What the log's lines look like, and that none of them is lost."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

DEFGRAPH = Path(sys.executable).with_name("defgraph")
ENTRIES = 'REQUEST, {"rows": None, "client": "2001:db8::1"}, {"id": "\\u65e5 \\" \\\\"}'

TELL = f"""
import structlog
from defgraph.settings import Settings
from defgraph.web.telemetry import logs
REQUEST = {{"id": "a", "duration_ms": 0.25, "bytes": 0}}
log = logs.configure(Settings(log_format="{{form}}", log_level="{{level}}"))
log.tell("request", [{ENTRIES}])
for entry in ({ENTRIES}):
    structlog.get_logger().info("request", **entry)
log.stream.close()
"""


def told(form, level="info"):
    code = TELL.replace("{form}", form).replace("{level}", level)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return done.stderr.decode(errors="surrogateescape").splitlines()


@pytest.mark.parametrize("form", ["json", "text"])
def test_lines_that_are_told_together_are_those_that_structlog_writes(form):
    lines = [re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", "TIME", each) for each in told(form)]
    assert len(lines) == 6
    assert all("TIME" in line for line in lines)
    assert lines[:3] == lines[3:]
    if form == "json":
        assert [[*json.loads(line)][-3:] for line in lines[:2]] == [["event", "level", "ts"]] * 2


def test_what_is_below_the_level_is_not_told():
    assert told("json", "warning") == []


def test_the_last_requests_before_the_end_are_in_the_log_in_order():
    command = [DEFGRAPH, "serve", "--plain", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        address = server.stdout.readline().decode().split()[3]
        ids = [
            httpx2.get(f"{address}sparql?query=ASK{{}}").headers["x-request-id"] for _ in range(5)
        ]
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=30)
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["request_id"] for line in lines if line["event"] == "request"] == ids
