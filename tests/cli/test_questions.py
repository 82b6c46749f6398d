from __future__ import annotations

import json

import pytest


def test_the_questions_are_listed(defgraph):
    run = defgraph("questions")

    assert run.code == 0
    assert run.out.splitlines()[0].split() == ["id", "question"]
    assert "V01  Who signed the two agreements for Japan?" in run.out


def test_the_list_as_json(defgraph):
    listed = json.loads(defgraph("questions", "--format", "json").out)

    assert len(listed) >= 29
    assert listed[0] == {"id": "V01", "question": "Who signed the two agreements for Japan?"}


def test_a_list_is_no_graph(defgraph):
    run = defgraph("questions", "--format", "turtle")

    assert run.code == 2
    assert "table or json" in run.err


@pytest.mark.parametrize("form", ["table", "json", "csv", "tsv", "xml"])
def test_a_question_is_answered(defgraph, form):
    run = defgraph("questions", "V01", "--format", form)

    assert run.code == 0
    assert "toshimitsu-motegi" in run.out


def test_the_query_can_be_shown_and_asked_again(defgraph):
    shown = defgraph("questions", "V01", "--sparql").out

    assert shown.startswith("# Who signed the two agreements for Japan?\nPREFIX ")
    assert "toshimitsu-motegi" in defgraph("query", "-", stdin=shown).out


def test_an_unknown_question_exits_2(defgraph):
    run = defgraph("questions", "V99")

    assert (run.code, run.out) == (2, "")
    assert "V99" in run.err


def test_other_data_are_asked_the_shipped_questions(defgraph, data):
    assert "V01" in defgraph("questions", "--data", data).out
    assert defgraph("questions", "V01", "--data", data).out.splitlines()[1:] == []
