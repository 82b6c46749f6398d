"""The dataset of a store says itself what it holds, truly after each write, and only to who asks."""

from __future__ import annotations

import asyncio
import sys

import pyoxigraph as ox
import pytest

from defgraph.dumps import archive
from defgraph.engine import describing
from defgraph.engine.outcomes import Published
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.errors import InferredGraphError
from defgraph.jsonld.answers import WRITERS
from defgraph.log import history
from defgraph.log.changes import lines_of
from defgraph.namespaces import PREFIXES, VOID_GRAPH
from defgraph.negotiation import FormatChoice
from defgraph.store.forked import ForkedStore
from defgraph.void import DESCRIBER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="zygotes need Linux")

EX = "http://example.com/"
OURS = Profile(describer=DESCRIBER, dumper=archive.DUMPER, writers=WRITERS)
CSV = FormatChoice(results="text/csv", graph=None)


def dataset():
    made = ox.Store()
    data = f"GRAPH <{EX}g> {{ <{EX}a> a <{EX}C> ; <{EX}p> 1 , 2 . <{EX}b> a <{EX}C> }}"
    made.load(data.encode(), format=ox.RdfFormat.TRIG)
    return made


def with_store(act, **options):
    async def run():
        options.setdefault("profile", OURS)
        async with ForkedStore(dataset(), workers=1, is_writable=True, **options) as store:
            return await act(store)

    return asyncio.run(run())


async def asked(store, query):
    answer = await store.query(f"PREFIX void: <{PREFIXES['void']}> {query}", accept=CSV)
    return answer.body.decode().split()[1:]


async def update(store, text):
    return await store.write(Task("update", text.encode()), author="kim")


ENTITIES = f"SELECT ?n {{ ?part void:class <{EX}C> ; void:entities ?n }}"
USES = "SELECT ?n { ?d void:propertyPartition [ void:property <http://example.com/p> ; void:triples ?n ] }"


def test_it_is_true_after_each_write():
    async def act(store):
        found = [await asked(store, ENTITIES), await asked(store, USES)]
        done = await update(
            store, f"INSERT DATA {{ GRAPH <{EX}h> {{ <{EX}c> a <{EX}C> ; <{EX}p> 3 }} }}"
        )
        found += [await asked(store, ENTITIES), await asked(store, USES)]
        await update(store, f"DELETE WHERE {{ GRAPH ?g {{ ?s a <{EX}C> }} }}")
        return [*found, await asked(store, ENTITIES)], done

    found, done = with_store(act)

    assert found == [["2"], ["2"], ["3"], ["3"], []]
    assert done == Published(2, 2, 0)  # what it says is no part of what was written


def test_the_log_and_dumps_know_nothing_of_it(tmp_path):
    async def act(store):
        for number in range(64):  # when it is looked at whether a snapshot is due
            await update(
                store, f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}a> <{EX}p> {number + 5} }} }}"
            )
        file = tmp_path / "dump"
        with file.open("w+b") as opened:
            await store.dump({"application/n-quads": opened.fileno()})
            names = [each.name for each in archive.read(opened.fileno()).entries]
        return names, await asked(store, ENTITIES)

    folder = tmp_path / "store"
    names, entities = with_store(act, folder=folder)

    assert entities == ["2"]
    assert not [each for each in names if "void" in each]
    kept = history.dataset_at(folder, 65)
    assert not lines_of(kept, ox.NamedNode(VOID_GRAPH))
    assert len(kept) == 68
    assert with_store(lambda store: asked(store, ENTITIES), folder=folder) == ["2"]


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH <{VOID_GRAPH}> {{ <{EX}a> <{EX}p> 1 }} }}",
        f"INSERT {{ GRAPH <{VOID_GRAPH}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{EX}g> {{ ?s ?p ?o }} }}",
    ],
)
def test_nobody_writes_to_it(text):
    async def act(store):
        with pytest.raises(InferredGraphError, match=VOID_GRAPH):
            await update(store, text)

    with_store(act)


def test_what_clears_all_leaves_nothing_to_describe():
    async def act(store):
        await update(store, "CLEAR ALL")
        return await asked(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")

    assert with_store(act) == ["0"]


def test_a_store_of_ones_own_is_not_described():
    async def act(store):
        return await asked(store, f"SELECT ?p {{ GRAPH <{VOID_GRAPH}> {{ ?s ?p ?o }} }}")

    assert with_store(act, profile=Profile()) == []


def test_a_dataset_that_takes_long_to_count_is_not_described(monkeypatch):
    store = dataset()
    monkeypatch.setattr(describing, "MOST_QUADS", len(store) - 1)

    describing.add_description(store, OURS, "none", None)

    assert len(store) == len(dataset())
