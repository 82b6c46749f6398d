"""A dataset that breaks the shapes is served, and the server says so, in its log and at /readyz."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest
from keeping import AUTHORIZED, defgraph, serving

from defgraph.conformance import Served, verdict

if sys.platform != "linux":
    pytest.skip("the promises hold on Linux", allow_module_level=True)

XX = "https://w3id.org/defgraph/state/xx"
NAMELESS = f"""
PREFIX def: <https://w3id.org/defgraph/def/>
<{XX}> a def:State .
"""


@pytest.fixture
def nameless(tmp_path):
    file = tmp_path / "nameless.ttl"
    file.write_text(NAMELESS)
    return file


@pytest.fixture
def store(nameless, tmp_path):
    """A store of our ontology that was made as a plain one, where no shape judges."""
    folder, file = tmp_path / "store", tmp_path / "all.nq"
    for command in (
        ("export", "--output", file, "--format", "nquads", "--data", nameless),
        ("load", file, "--plain", "--store", folder),
    ):
        made = defgraph(*command)
        assert made.returncode == 0, made.stderr
    return folder


def warnings_of(server):
    """What /readyz warns of, once there is something."""
    for _ in range(1200):
        if told := server.readiness()["warnings"]:
            return told
        time.sleep(0.05)
    return []


def test_a_store_that_breaks_the_shapes_is_served_and_said(store):
    with serving(store, plain=False) as server:
        held = server.client.get("/sparql", params={"query": "ASK { ?s a def:State }"})
        (told,) = warnings_of(server)
        log, readiness = server.log, server.readiness()

    assert held.json()["boolean"] is True
    assert readiness["status"] == "ready"
    assert "does not conform to the shapes" in told
    assert "state/xx" in told
    assert told in log.replace('\\"', '"')
    assert f"defgraph validate --store {store}" in told


def test_writes_are_refused_until_the_fault_is_mended(store):
    headers = {**AUTHORIZED, "Content-Type": "application/sparql-update"}
    another = "INSERT DATA { GRAPH <urn:x> { <urn:a> <urn:b> 1 } }"
    mending = f"""
        INSERT DATA {{ GRAPH <urn:x> {{
          <{XX}> rdfs:label "Nowhere"@en .
          state:us a def:State ; rdfs:label "United States"@en .
        }} }}"""
    with serving(store, plain=False) as server:
        writes = [
            server.client.post("/update", content=text, headers=headers)
            for text in (another, mending, another)
        ]

    assert [each.status_code for each in writes] == [422, 200, 200], writes[0].text
    assert XX in writes[0].text
    assert asyncio.run(verdict(Served(folder=store), timeout_s=100, memory_mb=1000)) is None


def test_the_command_that_the_warning_names_tells_it_all(store):
    told = asyncio.run(verdict(Served(folder=store), timeout_s=100, memory_mb=1000))
    command = told.rpartition(": defgraph ")[2]

    report = defgraph(*command.split())

    assert report.returncode == 1
    assert "state/xx" in report.stdout
    assert "Does not conform" in report.stdout
    assert told.partition("(")[2].partition(")")[0] in report.stdout  # as many violations


def test_files_of_ones_own_are_judged_too(nameless, tmp_path):
    told = asyncio.run(verdict(Served(data=(nameless,)), timeout_s=100, memory_mb=1000))

    assert f"defgraph validate --data {nameless}" in told


def test_a_follower_says_it_too_and_a_plain_server_does_not(store):
    with serving(store, "--follow", plain=False) as server:
        assert len(warnings_of(server)) == 1
    with serving(store) as server:
        assert server.readiness()["warnings"] == []
        assert "shapes" not in server.log


def test_a_dataset_that_conforms_has_no_warning(tmp_path):
    file = tmp_path / "nothing.nt"
    file.write_text("<a:s> <a:p> <a:o> .")
    made = defgraph("load", file, "--store", tmp_path / "store")
    assert made.returncode == 0, made.stderr

    told = asyncio.run(verdict(Served(folder=tmp_path / "store"), timeout_s=100, memory_mb=1000))

    assert told is None


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"timeout_s": 0.01, "memory_mb": 1000}, "longer than 0.01 s"),
        ({"timeout_s": 100, "memory_mb": 1}, "more than 1 MiB of memory"),
    ],
)
def test_what_takes_too_much_is_ended_and_said(store, limits, said):
    told = asyncio.run(verdict(Served(folder=store), **limits))

    assert "is not known" in told
    assert said in told


def test_a_server_that_ends_while_it_judges_leaves_nobody(store):
    with serving(store, plain=False) as server:
        pid = server.process.pid
    listed = subprocess.run(["/bin/ps", "-eo", "args="], capture_output=True, text=True, check=True)
    assert server.process.returncode == 0
    assert [each for each in listed.stdout.splitlines() if f"main() {pid} " in each] == []
