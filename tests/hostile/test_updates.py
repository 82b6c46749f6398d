"""Hostile updates: done as a whole or not at all, and service for the rest."""

from __future__ import annotations

import pytest
from checking import check
from families.updates import BROKEN, EXPENSIVE_WHERE, LONG, MULTIPLIED, NESTED_WHERE


def generation(server):
    return server.client.get("/healthz").json()["generation"]


def changes_nothing_unless_done(server, text):
    before = generation(server)

    answer = check(server, server.update(text))

    assert answer.status_code == 200 or generation(server) == before
    return answer


@pytest.fixture(autouse=True)
def emptied(writable_server):
    yield
    assert writable_server.update("DROP ALL").status_code == 200


@pytest.mark.parametrize("family", NESTED_WHERE)
def test_nesting(writable_server, family):
    for size in (100, 100_000):
        changes_nothing_unless_done(writable_server, NESTED_WHERE[family](size))


@pytest.mark.parametrize("family", EXPENSIVE_WHERE)
def test_expense(writable_server, family):
    changes_nothing_unless_done(writable_server, EXPENSIVE_WHERE[family])


@pytest.mark.parametrize("family", MULTIPLIED)
def test_data_that_multiply(writable_server, family):
    changes_nothing_unless_done(writable_server, MULTIPLIED[family])


@pytest.mark.parametrize("size", [1_000, 1_000_000])
@pytest.mark.parametrize("family", LONG)
def test_length(writable_server, family, size):
    changes_nothing_unless_done(writable_server, LONG[family](size))


@pytest.mark.parametrize("family", BROKEN)
def test_bytes_that_are_no_update(writable_server, family):
    changes_nothing_unless_done(writable_server, BROKEN[family])
