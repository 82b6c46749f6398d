"""Hostile queries, each family in many sizes: an answer or an error, and service for the rest."""

from __future__ import annotations

import checking
import pytest
from families.queries import BROKEN, EXPENSIVE, LONG, NESTED, SIZED, SIZES


def check(server, text):
    return checking.check(server, server.ask(text))


@pytest.mark.parametrize("family", NESTED)
def test_nesting(server, family):
    for size in SIZES:
        check(server, NESTED[family](size))


@pytest.mark.parametrize("family", EXPENSIVE)
def test_expense(server, family):
    check(server, EXPENSIVE[family])


@pytest.mark.parametrize("size", [10, 100, 1_000])
@pytest.mark.parametrize("family", SIZED)
def test_sizes(server, family, size):
    check(server, SIZED[family](size))


@pytest.mark.parametrize("size", [10_000, 1_000_000, 10_000_000])
@pytest.mark.parametrize("family", LONG)
def test_length(server, family, size):
    check(server, LONG[family](size))


@pytest.mark.parametrize("family", BROKEN)
def test_bytes_that_are_no_query(server, family):
    check(server, BROKEN[family])


def test_a_hundred_megabytes_are_turned_away(server):
    answer = check(server, f"SELECT ('{'a' * 100_000_000}' AS ?x) {{}}")

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("text", "status", "limit"),
    [
        (EXPENSIVE["string, doubled"], 507, "DEFGRAPH_QUERY_MEMORY_MB"),
        (f"SELECT (CONCAT('{'a' * 600_000}', '{'b' * 600_000}') AS ?x) {{}}", 413, "DEFGRAPH_MAX_RESULT_BYTES"),
        ("ASK {} #" + " " * 12_000_000, 413, "DEFGRAPH_MAX_QUERY_BYTES"),
    ],
)  # fmt: skip
def test_the_problem_names_the_limit(patient_server, text, status, limit):
    problem = check(patient_server, text).json()

    assert (problem["status"], problem["limit"]) == (status, limit)
    assert problem["value"] > 0


def test_the_problem_names_the_deadline(server):
    problem = check(server, EXPENSIVE["cross product, counted"]).json()

    assert (problem["status"], problem["limit"]) == (504, "DEFGRAPH_QUERY_TIMEOUT_S")
    assert problem["value"] == 0.3


def test_a_crash_has_an_identifier_to_ask_for(patient_server):
    problem = check(patient_server, NESTED["calls"](100_000)).json()

    assert problem["status"] == 500
    assert problem["query_id"] in problem["detail"]
