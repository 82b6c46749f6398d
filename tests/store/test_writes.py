"""What a store promises of writes: whole, judged, durable, and never seen in part."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager

import pyoxigraph as ox
import pytest

from defgraph import loading
from defgraph.engine import tasks
from defgraph.engine.limits import Limits
from defgraph.engine.outcomes import Published, Refused, Unchanged
from defgraph.engine.profile import PLAIN, Profile
from defgraph.engine.tasks import Task, Upload
from defgraph.engine.writes import with_using
from defgraph.errors import (
    DataSyntaxError,
    DeadlineExceededError,
    DefgraphError,
    InferredGraphError,
    LimitError,
    QueryCrashedError,
    QueryRefusedError,
    QuerySyntaxError,
    ReadOnlyError,
    StoreBusyError,
    StoreDamagedError,
    StoreLockedError,
    UnknownGraphError,
    UnwritableFileError,
    UploadTooLargeError,
)
from defgraph.log import history, patches
from defgraph.namespaces import DEF, INFERRED_GRAPH, PREFIXES
from defgraph.negotiation import FormatChoice
from defgraph.store.forked import ForkedStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

BOTH = FormatChoice("application/sparql-results+json", "application/n-triples")
EX = "http://example.com/"
G = EX + "g"
TURTLE = "text/turtle"
LIMITS = Limits(timeout_s=60)
OURS = Profile(gate="defgraph.admission")


@asynccontextmanager
async def writable(folder=None, dataset=None, **options):
    options = {"profile": PLAIN, "workers": 2, "limits": LIMITS, **options}
    async with ForkedStore(dataset, folder=folder, is_writable=True, **options) as store:
        yield store


def in_store(test, *args, **options):
    """Run an asynchronous *test* with a store of its own."""

    async def run():
        async with writable(*args, **options) as store:
            return await test(store)

    return asyncio.run(run())


def update(store, text, *, using_graphs=None, using_named_graphs=None, **options):
    task = tasks.update(f"PREFIX : <{EX}> {text}", using_graphs, using_named_graphs)
    return store.write(task, author="kim", **options)


async def until(condition):
    for _ in range(4000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it did not come true")


async def solutions(store, where="?s ?p ?o", **options):
    answer = await store.query(f"PREFIX : <{EX}> SELECT * {{ {where} }}", accept=BOTH, **options)
    return [
        {name: term["value"] for name, term in each.items()}
        for each in json.loads(answer.body)["results"]["bindings"]
    ]


async def numbers(store, graph=None):
    where = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
    return sorted(int(each["o"]) for each in await solutions(store, where))


def test_an_update_is_seen_by_whoever_asks_after_it():
    async def test(store):
        first = await update(store, "INSERT DATA { :a :b 1, 2 . GRAPH :g { :a :b 3 } }")
        second = await update(store, "DELETE { ?s ?p 1 } INSERT { ?s ?p 4 } WHERE { ?s ?p 1 }")

        assert (first, second) == (Published(1, 3, 0), Published(2, 1, 1))
        assert await numbers(store) == [2, 4]
        assert await numbers(store, G) == [3]

    in_store(test)


def test_each_write_makes_another_state_which_is_the_same_when_it_is_opened_again(tmp_path):
    async def test(store):
        states = [store.state]
        for n in range(3):
            await update(store, f"INSERT DATA {{ :a :b {n} }}")
            states.append(store.state)
        return states

    states = in_store(test, tmp_path)

    async def opened_again(store):
        return store.state

    assert [each.generation for each in states] == [0, 1, 2, 3]
    assert len({each.id for each in states}) == 4
    assert in_store(opened_again, tmp_path) == states[-1]


def test_a_worker_that_ends_after_its_write_leaves_nobody_waiting():
    async def test(store):
        for _ in range(150):
            assert await update(store, "DROP ALL") == Unchanged(0)
            assert await solutions(store) == []

    in_store(test, limits=Limits(timeout_s=5))


def test_a_write_that_has_waited_too_long_is_turned_away_with_a_time_to_come_back():
    async def test(store):
        await update(store, f"INSERT DATA {{ :a :b {','.join(map(str, range(100)))} }}")
        endless = (
            "INSERT { :a :c ?e } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
        )
        writes = [update(store, f"{endless} # {n}") for n in range(8)]
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
        assert isinstance(await update(store, "INSERT DATA { :a :c 1 }"), Published)
        return outcomes

    outcomes = in_store(test, limits=Limits(timeout_s=0.5), workers=1)

    assert {type(each) for each in outcomes} == {DeadlineExceededError, StoreBusyError}
    assert all(each.retry_after_s >= 1 for each in outcomes if isinstance(each, StoreBusyError))


def test_what_changes_nothing_makes_no_generation():
    async def test(store):
        await update(store, "INSERT DATA { :a :b 1 }")

        assert await update(store, "INSERT DATA { :a :b 1 }") == Unchanged(1)
        assert await update(store, "DELETE DATA { :a :b 2 }") == Unchanged(1)
        assert await store.write(
            tasks.add_to_graph(None, Upload(f"<{EX}a> <{EX}b> 1 .".encode(), TURTLE)), author="kim"
        )

    in_store(test)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("DELETE DATA { :a :b 1 }", [2, 3]),
        ("delete data { :a :b 01 , 7 }", [2, 3]),  # as the engine has it, 01 is 1
        ("DELETE DATA { :a :b 1 } ; INSERT DATA { :a :b 4 }", [2, 3, 4]),
        ("INSERT DATA { :a :b 4 } ; DELETE DATA { :a :b 4 }", [1, 2, 3]),
        ("# DELETE DATA { :a :b 1 }", [1, 2, 3]),
        ("INSERT DATA { :a :b 4 . GRAPH :g { :a :b 5 } }", [1, 2, 3, 4]),
    ],
)
def test_operations_on_data_change_what_they_say(text, left):
    async def test(store):
        await update(store, "INSERT DATA { :a :b 1, 2, 3 }")
        await update(store, text)
        assert await numbers(store) == left

    in_store(test)


def test_a_blank_node_in_data_to_delete_is_a_syntax_error():
    async def test(store):
        with pytest.raises(QuerySyntaxError):
            await update(store, "DELETE DATA { _:x :b 1 }")

    in_store(test)


def test_a_graph_is_replaced_added_to_read_and_deleted():
    async def test(store):
        made = await store.write(
            tasks.replace_graph(G, Upload(b"<a> <b> 1, 2 .", TURTLE)), author="kim"
        )
        replaced = await store.write(
            tasks.replace_graph(G, Upload(b"<a> <b> 2, 3 .", TURTLE)), author="kim"
        )
        added = await store.write(
            tasks.add_to_graph(G, Upload(b"<a> <b> 3, 4 .", TURTLE)), author="kim"
        )

        assert [made, replaced, added] == [
            Published(1, 2, 0),
            Published(2, 1, 1),
            Published(3, 1, 0),
        ]
        assert await numbers(store, G) == [2, 3, 4]
        answer = await store.ask(tasks.read_graph(G, "application/n-triples"))
        assert answer.body.count(b"\n") == 3
        assert answer.generation == 3
        assert await store.write(tasks.delete_graph(G), author="kim") == Published(4, 0, 3)
        with pytest.raises(UnknownGraphError):
            await store.ask(tasks.read_graph(G, TURTLE))
        with pytest.raises(UnknownGraphError):
            await store.write(tasks.delete_graph(G), author="kim")

    in_store(test)


def test_the_default_graph_is_read_and_written_as_one_that_is_always_there():
    async def test(store):
        await update(store, "INSERT DATA { :a :b 1 . GRAPH :g { :a :b 2 } }")

        assert b"2" not in (await store.ask(tasks.read_graph(None, TURTLE))).body
        assert await store.write(tasks.delete_graph(None), author="kim") == Published(2, 0, 1)
        assert await store.write(tasks.delete_graph(None), author="kim") == Unchanged(2)
        assert await numbers(store, G) == [2]

    in_store(test)


def test_a_plain_store_has_a_default_graph_of_its_own_and_ours_is_the_union():
    async def asked(profile):
        async with writable(profile=profile) as store:
            await update(store, "INSERT DATA { :a :b 1 . GRAPH :g { :a :b 2 } }")
            return await numbers(store)

    assert asyncio.run(asked(PLAIN)) == [1]
    assert asyncio.run(asked(Profile())) == [1, 2]


def test_blank_nodes_of_two_writes_are_never_the_same():
    async def test(store):
        body = b"[] <a:b> [], _:x ."
        for _ in range(3):
            await update(store, "INSERT DATA { [] :b [], _:x }")
            await store.write(tasks.add_to_graph(None, Upload(body, TURTLE)), author="kim")

        nodes = [node for each in await solutions(store) for node in (each["s"], each["o"])]
        assert len(set(nodes)) == 6 * 3

    in_store(test)
    in_store(test, profile=OURS)


def test_graphs_in_the_request_describe_the_dataset_of_an_update():
    async def test(store):
        await update(store, "INSERT DATA { GRAPH :g { :a :b 1 } GRAPH :h { :a :b 2 } }")
        copy = "INSERT { :a :c ?n } WHERE { :a :b ?n } ; DELETE WHERE { :a :b ?n }"
        done = await update(store, copy, using_graphs=[G])
        named = "INSERT { :a :d ?n } WHERE { GRAPH ?g { :a :b ?n } }"
        await update(store, named, using_named_graphs=[EX + "h"])

        assert done == Published(2, 1, 0)  # what is deleted is deleted from the default graph
        assert [each["o"] for each in await solutions(store, ":a :c ?o")] == ["1"]
        assert [each["o"] for each in await solutions(store, ":a :d ?o")] == ["2"]
        for text in ("INSERT {} USING :g WHERE {}", "WITH :g DELETE {} WHERE {}"):
            with pytest.raises(QueryRefusedError, match="parameters and with"):
                await update(store, text, using_graphs=[G])

    in_store(test)


def test_using_is_put_where_an_update_asks_and_nowhere_else():
    text = "INSERT DATA { <a:where> <a:b> 'WHERE' } ; INSERT {} WHERE { { SELECT * WHERE {} } }"

    changed = with_using(text, ["a:g"], ["a:h"])

    assert changed == text.replace("{} WHERE { {", "{}  USING <a:g> USING NAMED <a:h> WHERE { {")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("INSERT DATA { :a :b }", QuerySyntaxError),
        ("SELECT * {}", QuerySyntaxError),
        ("LOAD <http://127.0.0.1:9/>", QueryRefusedError),
        ("INSERT {} WHERE { SERVICE <http://127.0.0.1:9/> {} }", QueryRefusedError),
    ],
)
def test_an_update_that_is_not_taken_changes_nothing(text, error):
    async def test(store):
        with pytest.raises(error):
            await update(store, text)
        assert await update(store, "INSERT DATA { :a :b 1 }") == Published(1, 1, 0)

    in_store(test)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<a> <b> .", TURTLE),
        (b"\xff", TURTLE),
        (b"<a:g> { <a:a> <a:b> <a:c> }", "application/n-triples"),
        (b"<a:a> <a:b> <a:c> <a:g> .", "application/n-quads"),
        (b"{", "application/ld+json"),
        (b"<rdf:RDF>", "application/rdf+xml"),
        (b"", "text/html"),
    ],
)
def test_data_that_is_not_of_its_format_is_refused(body, media_type):
    async def test(store):
        with pytest.raises(DataSyntaxError):
            await store.write(tasks.add_to_graph(G, Upload(body, media_type)), author="kim")

    in_store(test)


def test_an_error_in_data_tells_the_line():
    async def test(store):
        with pytest.raises(DataSyntaxError) as caught:
            await store.write(
                tasks.add_to_graph(G, Upload(b"<a> <b> <c> .\n<a> <b> .", TURTLE)), author="kim"
            )
        assert caught.value.line == 2

    in_store(test)


def test_a_store_is_read_only_unless_it_is_to_be_written():
    async def test():
        async with ForkedStore(workers=1) as store:
            with pytest.raises(ReadOnlyError):
                await update(store, "INSERT DATA { :a :b 1 }")

    asyncio.run(test())


def test_an_upload_has_a_limit():
    async def test(store):
        with pytest.raises(UploadTooLargeError, match="DEFGRAPH_MAX_UPLOAD_BYTES=20"):
            await store.write(
                tasks.add_to_graph(G, Upload(b"<a> <b> <c>, <dddddddd> .", TURTLE)), author="kim"
            )
        with pytest.raises(UploadTooLargeError):
            await store.write(
                tasks.add_to_graph("http://" + "x" * 200, Upload(b"<a><b>1,2.", TURTLE)),
                author="kim",
            )

    in_store(test, limits=Limits(max_upload_bytes=20))


RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="a:">'
    '<rdf:Description rdf:about="a:a"><e:b>&%s;</e:b></rdf:Description></rdf:RDF>'
)
BOMBS = {
    "nested triple terms": (
        "<<( <a:a> <a:b> " * 100_000 + "1" + " )>>" * 100_000,
        "application/n-triples",
    ),
    "nested collections": ("<a> <b> " + "(" * 100_000 + ")" * 100_000 + " .", TURTLE),
    "nested blank nodes": ("<a> <b> " + "[ <b> " * 100_000 + "1" + "]" * 100_000 + " .", TURTLE),
    "deep JSON-LD": ('{"a:b": ' * 100_000 + "1" + "}" * 100_000, "application/ld+json"),
    "deep JSON-LD lists": (
        '{"a:b": ' + '{"@list": [' * 100_000 + "1" + "]}" * 100_000 + "}",
        "application/ld+json",
    ),
    "billion laughs": (
        '<!DOCTYPE x [<!ENTITY a0 "ha">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        + f"]>{RDF_XML % 'a11'}",
        "application/rdf+xml",
    ),
    "a file as an entity": (
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>{RDF_XML % "a"}',
        "application/rdf+xml",
    ),
    "a context elsewhere": (
        '{"@context": "http://127.0.0.1:9/", "a:b": 1}',
        "application/ld+json",
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_data_ends_in_an_error_and_the_store_goes_on(bomb):
    body, media_type = BOMBS[bomb]

    async def test(store):
        said = ""
        try:
            await store.write(
                tasks.add_to_graph(G, Upload(body.encode(), media_type)), author="kim"
            )
        except (DataSyntaxError, QueryCrashedError, LimitError) as error:
            said = str(error)
        # What is flat in the dataset may be nested in the text.
        assert said or bomb in {"nested collections", "nested blank nodes"}
        assert "query" not in said
        assert isinstance(await update(store, "INSERT DATA { :a :b 1 }"), Published)

    in_store(test, limits=Limits(timeout_s=3, memory_mb=300))


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }",
        "INSERT { ?a :n ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "INSERT {} WHERE { FILTER(" + "STR(" * 100_000 + "1" + ")" * 100_000 + " = 2) }",
        "INSERT DATA { :a :b " + "<<( :a :b " * 100_000 + "1" + " )>>" * 100_000 + " }",
    ],
    ids=["endless", "greedy", "deep", "nested triple terms"],
)
def test_a_hostile_update_ends_in_an_error_and_changes_nothing(text):
    async def test(store):
        lots = " ".join(f":a :b {n} ." for n in range(600))
        before = await update(store, f"INSERT DATA {{ {lots} }}")
        with pytest.raises((QueryCrashedError, LimitError, DataSyntaxError)) as caught:
            await update(store, text)
        assert "query" not in str(caught.value)
        assert await update(store, "INSERT DATA { :a :b 1 }") == Unchanged(before.generation)

    in_store(test, limits=Limits(timeout_s=1, memory_mb=200, max_upload_bytes=10**7))


def test_a_term_that_could_not_be_read_again_is_refused():
    entities = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
    body = entities + RDF_XML.replace("&%s;", "&a;" * 200)

    async def test(store):
        with pytest.raises(DataSyntaxError, match="16,777,216 bytes"):
            await store.write(
                tasks.add_to_graph(G, Upload(body.encode(), "application/rdf+xml")), author="kim"
            )
        assert isinstance(await update(store, "INSERT DATA { :a :b 1 }"), Published)

    in_store(test)


def test_wherever_in_a_write_its_time_is_up_it_is_said_so_and_nothing_has_changed(tmp_path):
    body = b"".join(b"<a:%d> <a:b> <a:%d> .\n" % (n, n + 1) for n in range(40_000))
    outcomes = []

    async def write(store):
        try:
            await store.write(tasks.add_to_graph(None, Upload(body, TURTLE)), author="kim")
        except DeadlineExceededError:
            outcomes.append("late")
        else:
            outcomes.append("made")

    async def look(store):
        kept = await solutions(store)
        assert (len(kept), store.state.generation) == (
            (40_000, 1) if outcomes[-1] == "made" else (0, 0)
        )

    for n, timeout_s in enumerate([0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6, 0.9, 20]):
        in_store(write, tmp_path / str(n), limits=Limits(timeout_s=timeout_s))
        in_store(look, tmp_path / str(n))
    assert set(outcomes) == {"late", "made"}


def test_a_write_has_one_deadline_for_finding_out_and_publishing():
    async def test(store):
        task = Task("update", f"INSERT DATA {{ <{EX}a> <{EX}b> 1 }}".encode())
        found, _ = await store._supervisor.dispatcher.ask(task)
        with pytest.raises(DeadlineExceededError):
            await store._supervisor.publish(
                found, author="kim", message="", took_s=LIMITS.timeout_s
            )
        assert await solutions(store) == []
        assert isinstance(await update(store, "INSERT DATA { :a :b 1 }"), Published)

    in_store(test)


# -- Readers -------------------------------------------------------------------------------------


def pairs(generation):
    """An update by which two triples change at once."""
    return f"DELETE WHERE {{ ?s :is ?o }} ; INSERT DATA {{ :a :is {generation} . :b :is {generation} }}"


def test_each_answer_is_of_one_generation_and_of_the_newest_once_it_is_acknowledged():
    async def test(store):
        acknowledged = 0

        async def read():
            seen = set()
            while acknowledged < 12:
                before = acknowledged
                answer = await store.query(f"SELECT ?o {{ ?s <{EX}is> ?o }}", accept=BOTH)
                found = [
                    int(each["o"]["value"])
                    for each in json.loads(answer.body)["results"]["bindings"]
                ]
                assert found == [answer.generation] * 2
                assert answer.generation >= before
                seen.add(answer.generation)
            return seen

        acknowledged = (await update(store, pairs(1))).generation
        readers = [asyncio.ensure_future(read()) for _ in range(6)]
        for number in range(2, 13):
            acknowledged = (await update(store, pairs(number))).generation
        seen = set().union(*await asyncio.gather(*readers))

        assert len(seen) > 3
        await until(lambda: len(store._supervisor.zygotes) == 1)

    in_store(test)


def test_a_query_ends_on_the_generation_that_it_began_with():
    slow = f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f VALUES ?g {{ {' '.join(map(str, range(30)))} }} }}"

    async def test(store):
        await update(store, "INSERT DATA { " + " ".join(f":a :b {n} ." for n in range(300)) + " }")
        running = asyncio.ensure_future(store.query(slow, accept=BOTH))
        await asyncio.sleep(0.1)

        assert (await update(store, "CLEAR ALL")).generation == 2

        assert await numbers(store) == []
        assert not running.done()
        answer = await running
        assert answer.generation == 1
        assert b'"2700000"' in answer.body

    in_store(test)


def test_a_caller_that_goes_away_does_not_end_a_write():
    async def test(store):
        writing = asyncio.ensure_future(update(store, "INSERT DATA { :a :b 1 }"))
        await asyncio.sleep(0)
        writing.cancel()

        assert await update(store, "INSERT DATA { :a :b 1 }") == Unchanged(1)

    in_store(test)


# -- On disk -------------------------------------------------------------------------------------


def test_what_was_written_is_there_when_the_store_is_opened_again(tmp_path):
    seed = ox.Store()
    seed.add(ox.Quad(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "b"), ox.Literal(1)))

    async def first(store):
        assert await update(store, "INSERT DATA { :a :b 2 }", message="Two") == Published(2, 1, 0)

    async def second(store):
        assert await numbers(store) == [1, 2]
        assert await update(store, "DELETE DATA { :a :b 1 }") == Published(3, 0, 1)

    in_store(first, tmp_path, seed)
    in_store(second, tmp_path, ox.Store())

    newest, middle, _ = history.generations(tmp_path)
    assert (newest.number, newest.author, newest.message) == (3, "kim", "Update")
    assert (middle.number, middle.message, middle.added) == (2, "Two", 1)


def test_a_second_store_on_the_same_folder_is_refused(tmp_path):
    async def test(_store):
        with pytest.raises(StoreLockedError, match="process"):
            async with writable(tmp_path):
                pass

    in_store(test, tmp_path)


def test_a_damaged_patch_is_said_aloud_and_what_is_whole_is_served(tmp_path, caplog):
    async def write(store):
        for number in range(1, 4):
            await update(store, f"INSERT DATA {{ :a :b {number} }}")

    async def read(store):
        assert await numbers(store) == [1, 2]
        assert "3.rdfp" in " ".join(store.damages)
        assert "3.rdfp" in caplog.text
        assert (await update(store, "INSERT DATA { :a :b 4 }")).generation > 3
        assert "3.rdfp" in " ".join(store.damages)

    in_store(write, tmp_path)
    path = patches.path_of(tmp_path, 3, patches.PATCH)
    path.write_bytes(path.read_bytes()[:-1])
    in_store(read, tmp_path)


def test_a_write_that_could_not_be_read_again_is_refused_and_said(tmp_path):
    async def test(store):
        await update(store, "INSERT DATA { :a :b 1 }")
        newest = tmp_path / "1.rdfp"
        newest.rename(tmp_path / "away")
        for _ in range(2):
            with pytest.raises(StoreDamagedError, match=r"1\.rdfp"):
                await update(store, "INSERT DATA { :a :b 2 }")
        assert await numbers(store) == [1]
        assert [str(newest) in each for each in store.damages] == [True]

        (tmp_path / "away").rename(newest)
        assert await update(store, "INSERT DATA { :a :b 2 }") == Published(2, 1, 0)
        assert store.damages == ()

    in_store(test, tmp_path)
    assert patches.read(tmp_path).damages == ()


def test_a_write_that_the_disk_refuses_changes_nothing_and_the_next_one_may_succeed(tmp_path):
    async def test(store):
        await update(store, "INSERT DATA { :a :b 1 }")
        in_the_way = tmp_path / "2.rdfp.unfinished"
        in_the_way.mkdir()
        with pytest.raises(UnwritableFileError):
            await update(store, "INSERT DATA { :a :b 2 }")
        in_the_way.rmdir()

        assert await numbers(store) == [1]
        assert await update(store, "INSERT DATA { :a :b 2 }") == Published(2, 1, 0)

    in_store(test, tmp_path)


@pytest.mark.parametrize("victim", ["zygote", "successor"])
def test_whoever_is_killed_nothing_acknowledged_is_lost_and_nothing_is_there_in_part(
    tmp_path, victim
):
    async def test(store):
        acknowledged = []
        for number in range(20):
            writing = asyncio.ensure_future(
                update(store, f"INSERT DATA {{ :a :n {number} . :b :n {number} }}")
            )
            await asyncio.sleep(0.004 * (number % 10))
            processes = [store._supervisor.zygote] if store._supervisor.zygote is not None else []
            if victim == "successor" and processes:
                processes = list(processes[0]._successors.values())
            for process in processes:
                if process._pidfd is not None:
                    signal.pidfd_send_signal(process._pidfd, signal.SIGKILL)
            try:
                if isinstance(await writing, Published):
                    acknowledged.append(number)
            except DefgraphError:
                await until(lambda: store._supervisor.zygote is not None)
        there = await solutions(store, "?s :n ?o")
        return acknowledged, sorted(int(each["o"]) for each in there)

    acknowledged, there = in_store(test, tmp_path)
    reopened = patches.read(tmp_path)

    assert set(acknowledged) <= set(there)
    assert all(there.count(number) == 2 for number in there)
    assert not reopened.damages
    assert len(reopened.dataset) == len(there)


# -- The gate ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    return loading.load()


def test_the_shapes_refuse_a_person_as_party_and_nothing_has_changed(shipped, tmp_path):
    async def test(store):
        party = (
            "INSERT { GRAPH :g { ?agreement def:hasParty ?person } } WHERE {"
            " GRAPH ?g { ?agreement a def:Agreement } GRAPH ?h { ?person a def:Person } }"
        )
        before = await store.query("ASK {}", accept=BOTH)
        outcome = await update(store, party)
        after = await store.query(f"ASK {{ GRAPH <{G}> {{ ?s ?p ?o }} }}", accept=BOTH)

        assert isinstance(outcome, Refused)
        assert "hasParty" in outcome.text
        assert not json.loads(outcome.json)["conforms"]
        assert "sh:ValidationReport" in outcome.turtle
        assert after.generation == before.generation
        assert b"false" in after.body

    in_store(test, tmp_path, shipped, profile=OURS)


def test_what_follows_from_a_write_is_inferred_and_goes_with_it(shipped, tmp_path):
    body = f'<x> a <{DEF}State> ; <{PREFIXES["rdfs"]}label> "X"@en, "X"@ja .'.encode()

    async def test(store):
        made = await store.write(tasks.add_to_graph(G, Upload(body, TURTLE)), author="kim")
        inferred = f"GRAPH <{INFERRED_GRAPH}> {{ :x ?p ?o }}"
        there = await solutions(store, inferred)
        gone = await store.write(tasks.delete_graph(G), author="kim")

        assert there
        assert made == Published(2, 3 + len(there), 0)
        assert gone == Published(3, 0, 3 + len(there))
        assert await solutions(store, inferred) == []

    in_store(test, tmp_path, shipped, profile=OURS)


def test_nobody_writes_to_the_inferred_graph(shipped, tmp_path):
    async def test(store):
        with pytest.raises(InferredGraphError):
            await store.write(
                tasks.add_to_graph(INFERRED_GRAPH, Upload(b"<a> <b> 1 .", TURTLE)), author="kim"
            )
        with pytest.raises(InferredGraphError):
            await update(store, "CLEAR ALL")

    in_store(test, tmp_path, shipped, profile=OURS)
