"""A follower serves what another process writes, a generation at a time, and writes nothing."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys

import pyoxigraph as ox
import pytest

from defgraph.engine import tasks
from defgraph.engine.limits import Limits
from defgraph.engine.profile import PLAIN
from defgraph.errors import ReadOnlyError, StoreError
from defgraph.log.patches import HEAD, PATCH, path_of
from defgraph.negotiation import FormatChoice
from defgraph.store.forked import ForkedStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

JSON = FormatChoice("application/sparql-results+json", None)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def written(folder, **options):
    return store(folder, is_writable=True, **options)


def store(folder, **options):
    given = {"profile": PLAIN, "workers": 1, "limits": Limits(timeout_s=60), **options}
    return ForkedStore(ox.Store(), folder=folder, **given)


def adding(n):
    return f"INSERT DATA {{ <urn:s{n}> <urn:p> {n} }}"


async def write(store, *numbers):
    for n in numbers:
        await store.write(tasks.update(adding(n)), author="test")


async def count(store):
    answer = await store.query(COUNT, accept=JSON)
    (found,) = json.loads(answer.body)["results"]["bindings"]
    return int(found["n"]["value"])


async def until(is_so):
    """Wait for what is to come about; the test's own time limit ends it if it never does."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - a store has no event for it
            await asyncio.sleep(0.02)


def copy(source, target, *names):
    target.mkdir(exist_ok=True)
    for name in names or [each.name for each in source.iterdir() if each.name != "lock"]:
        shutil.copyfile(source / name, target / name)


def test_each_generation_is_taken_over(tmp_path):
    async def scenario():
        async with written(tmp_path / "s") as writer:
            await write(writer, 1)
            async with store(tmp_path / "s", follows=True) as follower:
                assert await count(follower) == 1
                for n in range(2, 6):
                    await write(writer, n)
                    await until(lambda: follower.state == writer.state)
                    assert await count(follower) == n
                assert follower.damages == ()

    asyncio.run(scenario())


def test_what_comes_at_once_is_taken_over_in_order_and_never_in_part(tmp_path):
    async def scenario():
        async with written(tmp_path / "s") as writer:
            await write(writer, 0)
            async with store(tmp_path / "s", follows=True, workers=2) as follower:
                seen = [await count(follower)]
                writing = asyncio.create_task(write(writer, *range(1, 15)))
                while not writing.done() or follower.state != writer.state:
                    answer = await follower.query(COUNT, accept=JSON)
                    found = json.loads(answer.body)["results"]["bindings"][0]["n"]["value"]
                    assert int(found) == answer.generation
                    seen.append(int(found))
                assert seen == sorted(seen)
                assert await count(follower) == 15

    asyncio.run(scenario())


def test_a_follower_writes_nothing(tmp_path):
    async def scenario():
        async with written(tmp_path / "s") as writer:
            await write(writer, 1)
            async with store(tmp_path / "s", follows=True) as follower:
                with pytest.raises(ReadOnlyError, match="--follow"):
                    await write(follower, 2)

    asyncio.run(scenario())
    assert [each.name for each in (tmp_path / "s").glob(f"*{PATCH}")] == [f"1{PATCH}"]


def test_a_second_writer_is_told_of_following(tmp_path):
    async def scenario():
        async with written(tmp_path / "s") as writer:
            await write(writer, 1)
            with pytest.raises(StoreError, match="--follow"):
                async with store(tmp_path / "s"):
                    pass

    asyncio.run(scenario())


def test_nothing_to_follow_is_an_error_at_once(tmp_path):
    async def scenario():
        async with store(tmp_path / "none", follows=True):
            pass

    with pytest.raises(StoreError, match="holds no store"):
        asyncio.run(scenario())


@pytest.mark.parametrize("order", [(HEAD, f"3{PATCH}", f"2{PATCH}"), (f"2{PATCH}", f"3{PATCH}")])
def test_a_copy_may_come_file_by_file_in_any_order(tmp_path, order):
    original, replica = tmp_path / "original", tmp_path / "replica"

    async def scenario():
        async with written(original) as writer:
            await write(writer, 1)
            copy(original, replica)
            await write(writer, 2, 3)
            async with store(replica, follows=True) as follower:
                for name in order:
                    assert await count(follower) == follower.state.generation
                    copy(original, replica, name)
                    await asyncio.sleep(0.5)  # so that each is looked at
                await until(lambda: follower.state == writer.state)
                assert await count(follower) == 3

    asyncio.run(scenario())


def test_half_a_file_is_not_served_and_said(tmp_path):
    original, replica = tmp_path / "original", tmp_path / "replica"

    async def scenario():
        async with written(original) as writer:
            await write(writer, 1)
            copy(original, replica)
            await write(writer, 2)
            whole = path_of(original, 2, PATCH).read_bytes()
            async with store(replica, follows=True) as follower:
                path_of(replica, 2, PATCH).write_bytes(whole[: len(whole) // 2])
                await until(lambda: follower.damages)
                assert await count(follower) == 1
                path_of(replica, 2, PATCH).write_bytes(whole)
                await until(lambda: follower.state == writer.state)
                assert await count(follower) == 2
                assert follower.damages == ()

    asyncio.run(scenario())


def test_another_history_in_its_place_is_opened(tmp_path):
    original, replica = tmp_path / "original", tmp_path / "replica"

    async def scenario():
        async with written(original) as writer, written(tmp_path / "other") as other:
            await write(writer, 1, 2)
            await write(other, 7)
            copy(original, replica)
            async with store(replica, follows=True) as follower:
                assert await count(follower) == 2
                shutil.rmtree(replica)
                copy(tmp_path / "other", replica)
                await until(lambda: follower.state == other.state)
                assert await count(follower) == 1
                await write(other, 8)
                copy(tmp_path / "other", replica)
                await until(lambda: follower.state == other.state)

    asyncio.run(scenario())
