"""Dumps are written by a process that is confined, of one state, and in the way of nobody."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph.dumps import archive
from defgraph.engine.limits import Limits
from defgraph.engine.profile import PLAIN, Profile
from defgraph.engine.tasks import Task
from defgraph.errors import DumpError, NoDumpsError, StoreError
from defgraph.jsonld.answers import WRITERS
from defgraph.media_types import RDF_FORMATS
from defgraph.store.forked import ForkedStore
from defgraph.store.in_process import InProcessStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of their own need Linux")

EX = "http://example.com/"
OURS = Profile(prefixes={}, gate=None, inferred_graph=None, writers=WRITERS, dumper=archive.DUMPER)


def dataset(quads=10):
    made = ox.Store()
    graph = ox.NamedNode(EX + "g")
    made.bulk_extend(
        ox.Quad(ox.NamedNode(f"{EX}{n}"), ox.NamedNode(EX + "p"), ox.Literal(n), graph)
        for n in range(quads)
    )
    return made


def with_store(act, quads=10, **options):
    async def run():
        async with ForkedStore(
            dataset(quads), **{"profile": OURS, "workers": 1, **options}
        ) as store:
            return await act(store)

    return asyncio.run(run())


async def dumped(store):
    """What a store was dumped as: the outcome, and the bytes by the name of the file."""
    with ExitStack() as stack:
        files = {f.media_type: stack.enter_context(tempfile.TemporaryFile()) for f in RDF_FORMATS}
        outcome = await store.dump({name: file.fileno() for name, file in files.items()})
        found = {}
        for name, file in files.items():
            if name not in outcome.failed:
                for each in archive.read(file.fileno()).entries:
                    found[each.name] = os.pread(file.fileno(), each.size, each.start)
        return outcome, found


def test_a_process_of_its_own_writes_the_same_as_this_one():
    outcome, found = with_store(dumped)

    _, expected = asyncio.run(dumped(InProcessStore(dataset(), profile=OURS)))
    assert found == expected
    assert len(found) == 2 * 2 * len(RDF_FORMATS)
    assert (outcome.state.generation, outcome.failed) == (1, {})


def test_a_full_disk_is_said_and_the_store_goes_on():
    async def act(store):
        with pytest.raises(DumpError, match="no space"):
            await store.dump({"application/n-quads": full.fileno()})
        return await dumped(store)

    with Path("/dev/full").open("wb") as full:
        assert with_store(act)[1]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_dump_bytes": 100}, "100 bytes"),
        ({"dump_timeout_s": 0.01}, "0.01 s"),
    ],
)
def test_what_takes_too_much_is_left_out(limits, said):
    outcome, found = with_store(dumped, quads=30_000, limits=Limits(**limits))

    assert found == {}
    assert set(outcome.failed) == {each.media_type for each in RDF_FORMATS}
    assert all(said in reason for reason in outcome.failed.values())


def test_what_takes_too_much_memory_is_left_out():
    async def act(store):
        texts = " , ".join(f'"{letter * 10_000_000}"' for letter in "abcd")
        await store.write(
            Task("update", f"INSERT DATA {{ <{EX}s> <{EX}p> {texts} }}".encode()), author="test"
        )
        return await dumped(store)

    limits = Limits(dump_memory_mb=60, max_upload_bytes=10**9, memory_mb=1024, timeout_s=60)
    outcome, _ = with_store(act, is_writable=True, limits=limits)

    assert any("60 MiB of memory" in reason for reason in outcome.failed.values())


def test_they_are_of_one_state_whatever_is_written_meanwhile():
    async def act(store):
        dumping = asyncio.ensure_future(dumped(store))
        await asyncio.sleep(0)
        written = 0
        while not dumping.done():
            await store.write(
                Task("update", f"INSERT DATA {{ <{EX}s> <{EX}p> {written} }}".encode()),
                author="test",
            )
            written += 1
        outcome, found = await dumping
        return written, outcome, found

    written, outcome, found = with_store(act, is_writable=True, profile=OURS)

    assert written
    graphs = {
        ox.RdfFormat.from_extension(name.rpartition(".")[2]): content
        for name, content in found.items()
        if name.startswith(("dataset.", "union.")) and not name.endswith(".gz")
    }
    said = {
        frozenset(quad.triple for quad in ox.parse(content, format=form))
        for form, content in graphs.items()
        if form is not ox.RdfFormat.JSON_LD
    }
    assert len(said) == 1
    assert outcome.state.generation >= 1


def test_one_that_is_killed_is_an_error_and_no_half_of_a_dump():
    async def act(store):
        zygote = store._supervisor.zygote
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
        dumping = asyncio.ensure_future(store.dump({"application/n-quads": file.fileno()}))
        hired = set(zygote.workers.values())
        while not (dumper := set(zygote.workers.values()) - hired):  # noqa: ASYNC110
            await asyncio.sleep(0)
        (child,) = dumper
        while child._pidfd is None:  # noqa: ASYNC110
            await asyncio.sleep(0)
        signal.pidfd_send_signal(child._pidfd, signal.SIGKILL)
        try:
            await dumping
        except StoreError as error:
            assert "ended" in str(error)  # noqa: PT017 - it may have been quicker
            with pytest.raises(StoreError):
                archive.read(file.fileno())
        file.close()
        return await dumped(store)

    assert with_store(act)[1]


def test_without_a_dumper_there_are_none():
    async def act(store):
        with pytest.raises(NoDumpsError):
            await store.dump({})

    with_store(act, profile=PLAIN)


def test_a_file_without_an_end_is_no_archive():
    for content in (b"", b"abc", b"a" * 100, bytes(8)):
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.flush()
            with pytest.raises(StoreError, match="to its end"):
                archive.read(file.fileno())
