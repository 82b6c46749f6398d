from __future__ import annotations

import json


def test_counts_by_graph_and_class(defgraph, data):
    run = defgraph("stats", "--data", data)

    assert run.code == 0
    lines = [line.split() for line in run.out.splitlines()]
    assert ["graph:data", "11"] in lines
    assert ["def:State", "2"] in lines


def test_json(defgraph, data):
    found = json.loads(defgraph("stats", "--format", "json", "--data", data).out)

    assert found["graphs"]["https://w3id.org/defgraph/graph/data"] == 11
    assert found["claims"] == 0


def test_the_shipped_source_is_counted(defgraph):
    out = defgraph("stats").out

    assert "source:2025-12-japan-new-zealand  19" in out
