"""Files of a store that are flipped, cut, deleted or replaced, before the server starts or meanwhile.

The real server and the real command line recover or refuse, and say it; a wrong dataset is never
served. ``DEFGRAPH_DAMAGES=all`` does every damage to every file; by default it is only some.
"""

from __future__ import annotations

import os
import shutil
import time

import pytest
from keeping import (
    DAMAGES,
    EX,
    GENERATIONS,
    SNAPSHOTS,
    copy_of,
    defgraph,
    files_of,
    holds,
    make_store,
    serving,
    update,
)

from defgraph.log import patches

FILES = (
    *(f"{number}.rdfp" for number in range(1, GENERATIONS + 1)),
    *(f"{number}.nq.gz" for number in SNAPSHOTS),
    *("head", "snapshot", "lock"),
)
HARMLESS = {("2.nq.gz", "deleted")}  # as it is by itself, some day: there is a newer one
NEWEST_LEFT = {"5.rdfp": 4, "6.rdfp": 5}
ALL = os.environ.get("DEFGRAPH_DAMAGES") == "all"


def cases(*kinds, files=FILES):
    """Every file with some *kinds* of damage, or with every one."""
    return pytest.mark.parametrize(
        ("file", "kind"),
        [
            pytest.param(file, kind, id=f"{file}, {kind}")
            for file in (FILES if ALL else files)
            for kind in (DAMAGES if ALL else kinds)
        ],
    )


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A store of six generations and two snapshots."""
    store = make_store(tmp_path_factory.mktemp("original") / "store")
    assert set(files_of(store)) == set(FILES)
    return store


@pytest.fixture
def store(original, tmp_path):
    return copy_of(original, tmp_path / "store")


def is_told(file, kind):
    return file != "lock" and (file, kind) not in HARMLESS


def names(text, file):
    """Whether *text* names *file*, or where it is missing the one that continues it."""
    number, _, ending = file.partition(".")
    others = {f"{int(number) + 1}.rdfp"} if ending == "rdfp" else set()
    return any(f"/{each}: " in text for each in {file, *others})


def log_of(store):
    return defgraph("log", "--store", store, "--format", "json")


@cases("a flip in the middle", "deleted")
def test_a_damaged_file_is_named_and_the_newest_whole_generation_served(store, file, kind):
    DAMAGES[kind](store / file)
    left = NEWEST_LEFT.get(file, GENERATIONS)

    told = log_of(store)
    with serving(store) as server:
        readiness, log, held = server.readiness(), server.log, server.held()
        written = server.write(17)

    assert held == holds(left)
    assert told.returncode == is_told(file, kind), told.stderr
    assert readiness["status"] == ("damaged" if is_told(file, kind) else "ready")
    for text in (told.stderr, "\n".join(readiness["damages"]), log):
        assert names(text, file) == is_told(file, kind), text
        assert "Traceback" not in text
    assert written.status_code == 200
    assert {("now", "17"), *holds(left)} - {("now", str(left))} <= kept_in(store)


@cases("cut to half", files=("3.rdfp", "5.rdfp", "6.rdfp", "2.nq.gz", "4.nq.gz", "head"))
def test_a_follower_names_the_damage_too_and_changes_no_file(store, file, kind):
    DAMAGES[kind](store / file)
    before = files_of(store)

    with serving(store, "--follow") as server:
        readiness, log, held = server.readiness(), server.log, server.held()

    assert held == holds(NEWEST_LEFT.get(file, GENERATIONS))
    for text in ("\n".join(readiness["damages"]), log):
        assert names(text, file) == is_told(file, kind), text
        assert "Traceback" not in text
    assert files_of(store) == before


@cases("deleted", files=("1.rdfp", "5.rdfp", "6.rdfp", "4.nq.gz", "head", "lock"))
def test_damage_while_the_server_runs_stops_no_read_and_goes_not_unsaid(store, file, kind):
    with serving(store) as server:
        DAMAGES[kind](store / file)
        written = server.write(GENERATIONS + 1)
        held, readiness = server.held(), server.readiness()

    assert written.status_code == (503 if file == "6.rdfp" else 200), written.text
    assert held == holds(GENERATIONS + written.is_success)
    if written.is_error:
        problem = written.json()
        assert problem["title"] == "StoreDamagedError"
        assert file in problem["detail"]
        assert [file in each for each in readiness["damages"]] == [True]
        assert file in server.log
    is_lost = file in NEWEST_LEFT
    told = log_of(store)
    with serving(store) as server:
        assert server.held() == holds(NEWEST_LEFT.get(file, GENERATIONS + 1))
        assert names("\n".join(server.readiness()["damages"]), file) or not is_lost
    assert names(told.stderr, file) or not is_lost


def test_a_follower_goes_on_while_its_writers_files_are_damaged(store):
    with serving(store) as writer, serving(store, "--follow") as follower:
        assert writer.write(7).status_code == 200
        eventually(lambda: follower.held() == holds(7))
        DAMAGES["a flip in the middle"](store / "7.rdfp")

        assert writer.write(8).status_code == 503
        assert writer.held() == holds(7)
        eventually(lambda: "/7.rdfp: " in "\n".join(follower.readiness()["damages"]))
        assert follower.held() in (holds(6), holds(7))
        assert "/7.rdfp: " in follower.log


def test_a_store_with_nothing_whole_is_refused_and_left_as_it_is(store):
    for each in store.glob("*.nq.gz"):
        each.unlink()
    DAMAGES["cut to half"](store / "1.rdfp")
    before = files_of(store)

    with serving(store) as server:
        assert server.client is None
    others = [log_of(store), defgraph("update", update(7), "--store", store)]

    assert server.process.returncode == 2
    for said in [server.log, *(each.stderr for each in others)]:
        assert "/1.rdfp: its bytes" in said
        assert "restore a backup" in said
        assert "Traceback" not in said
    assert all(each.returncode for each in others)
    del before["lock"]  # who has it is written there
    assert before.items() <= files_of(store).items()


UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""As root without the right to read what it may not read."""


@pytest.mark.parametrize("file", ["1.rdfp", "6.rdfp", "4.nq.gz", "head", "snapshot"])
def test_a_file_that_may_not_be_read_is_no_damage_and_refused(store, file):
    before = UNPRIVILEGED if os.geteuid() == 0 else ()
    if before and (
        shutil.which("setpriv") is None or defgraph("--version", before=before).returncode
    ):
        pytest.skip("root reads everything here, and setpriv cannot take that right away")
    (store / file).chmod(0)

    with serving(store, before=before) as server:
        assert server.client is None
    listed = defgraph("log", "--store", store, before=before)

    (store / file).chmod(0o644)
    assert (server.process.returncode, listed.returncode) == (2, 2)
    for said in (server.log, listed.stderr):
        assert f"/{file} cannot be read (Permission denied); let this user" in said
        assert "Traceback" not in said
    assert set(files_of(store)) == set(FILES)


def kept_in(store):
    """What a store holds, as its files are read."""
    return {
        (each.subject.value.removeprefix(EX), each.object.value)
        for each in patches.read(store).dataset
    }


def eventually(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not come true")
