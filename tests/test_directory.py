"""A store in a folder that a command writes to: the rules are those of a server."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from defgraph import directory
from defgraph.engine.outcomes import Published, Refused, Unchanged
from defgraph.engine.profile import PLAIN
from defgraph.errors import (
    InferredGraphError,
    NoStoreError,
    QuerySyntaxError,
    StoreLockedError,
    UnknownGenerationError,
)
from defgraph.log import history, patches
from defgraph.log.changes import lines_of
from defgraph.namespaces import GRAPH

BY = {"author": "kim", "message": "why"}
INSERT = "INSERT DATA { <urn:a> <urn:b> 1 }"


@pytest.fixture
def plain(tmp_path):
    with directory.opened_or_made(tmp_path / "plain", author="kim", plain=True) as opened:
        yield opened


@pytest.fixture
def ours(tmp_path):
    with directory.opened_or_made(tmp_path / "ours", author="kim") as opened:
        yield opened


def graph(*lines):
    made = ox.Store()
    made.extend(ox.parse("\n".join(lines), ox.RdfFormat.N_QUADS))
    return made


def on_disk(opened):
    """What whoever opens the store next has."""
    return lines_of(patches.read(opened.log.folder).dataset)


def test_a_new_store_begins_with_the_shipped_dataset_or_with_nothing(plain, ours):
    assert (plain.is_plain, ours.is_plain) == (True, False)
    assert (plain.log.head.number, ours.log.head.number) == (0, 1)
    assert on_disk(ours) == lines_of(ours.dataset)


def test_which_rules_hold_is_told_by_the_ontology(ours):
    assert directory.profile_of(ours.dataset) is directory.OURS
    assert directory.profile_of(graph("<urn:a> <urn:b> <urn:c> .")) is PLAIN


def test_what_a_store_is_survives_that_it_is_opened_again(tmp_path):
    with directory.opened_or_made(tmp_path, author="kim", plain=True) as opened:
        opened.update(INSERT, **BY)

    with directory.opened_or_made(tmp_path, author="kim") as opened:
        assert opened.is_plain


def test_loading_adds_or_replaces(plain):
    added = plain.load(graph("<urn:a> <urn:b> <urn:c> <urn:g> ."), replacing=False, **BY)
    again = plain.load(graph("<urn:a> <urn:b> <urn:c> <urn:g> ."), replacing=True, **BY)
    other = plain.load(graph("<urn:d> <urn:e> <urn:f> ."), replacing=True, **BY)
    replaced = plain.load(graph("<urn:x> <urn:y> <urn:z> <urn:g> ."), replacing=True, **BY)

    assert [added, again, other, replaced] == [
        Published(1, 1, 0),
        Unchanged(1),
        Published(2, 1, 0),
        Published(3, 1, 1),
    ]
    assert on_disk(plain) == {
        b"<urn:d> <urn:e> <urn:f> .",
        b"<urn:x> <urn:y> <urn:z> <urn:g> .",
    }


def test_the_log_says_who_and_why(plain):
    plain.update(INSERT, **BY)

    [made] = history.generations(plain.log.folder)
    assert (made.author, made.message) == ("kim", "why")


def test_what_is_refused_is_not_on_disk(ours):
    before = on_disk(ours)

    outcome = ours.update("DELETE WHERE { GRAPH ?g { state:jp rdfs:label ?name } }", **BY)

    assert isinstance(outcome, Refused)
    assert "state:jp" in outcome.text
    assert on_disk(ours) == before


def test_what_follows_goes_when_its_reason_goes(ours):
    inferred = f"<{GRAPH}inferred> .".encode()
    before = sum(line.endswith(inferred) for line in on_disk(ours))
    forces = (
        "state:xx a def:State ; rdfs:label 'X'@en ; def:hasForce force:xx . "
        "force:xx a def:ArmedForce ; rdfs:label 'F'@en"
    )

    ours.update(f"INSERT DATA {{ GRAPH graph:x {{ {forces} }} }}", **BY)
    between = sum(line.endswith(inferred) for line in on_disk(ours))
    ours.update("DROP GRAPH graph:x", **BY)

    assert between > before
    assert sum(line.endswith(inferred) for line in on_disk(ours)) == before


def test_only_a_plain_store_has_an_inferred_graph_of_its_own(plain, ours):
    incoming = graph(f"<urn:a> <urn:b> <urn:c> <{GRAPH}inferred> .")

    assert plain.load(incoming, replacing=False, **BY) == Published(1, 1, 0)
    with pytest.raises(InferredGraphError):
        ours.load(incoming, replacing=False, **BY)


def test_to_roll_back_is_to_go_on(plain):
    plain.update(INSERT, **BY)
    plain.update("INSERT DATA { <urn:a> <urn:b> 2 }", **BY)

    assert plain.roll_back(1, **BY) == Published(3, 0, 1)
    assert plain.roll_back(1, **BY) == Unchanged(3)
    assert plain.roll_back(0, **BY) == Published(4, 0, 1)
    assert plain.roll_back(2, **BY) == Published(5, 2, 0)
    assert on_disk(plain) == lines_of(plain.dataset)
    with pytest.raises(UnknownGenerationError):
        plain.roll_back(9, **BY)


def test_an_error_leaves_the_store_as_it_was(plain):
    plain.update(INSERT, **BY)
    before = on_disk(plain)

    with pytest.raises(QuerySyntaxError):
        plain.update("INSERT", **BY)

    assert on_disk(plain) == before


def test_there_is_one_writer(plain):
    plain.update(INSERT, **BY)

    with pytest.raises(StoreLockedError, match="over HTTP"), directory.opened(plain.log.folder):
        pass


def test_no_store_is_made_where_one_is_expected(tmp_path):
    with pytest.raises(NoStoreError), directory.opened(tmp_path / "none"):
        pass

    assert not (tmp_path / "none").exists()


def test_a_snapshot_is_of_the_newest_generation(plain):
    plain.update(INSERT, **BY)
    plain.update("INSERT DATA { <urn:a> <urn:b> 2 }", **BY)

    assert plain.write_snapshot() == plain.log.folder / "2.nq.gz"
    assert (plain.log.folder / "2.nq.gz").is_file()
