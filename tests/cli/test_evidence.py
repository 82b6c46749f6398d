from __future__ import annotations

import hashlib
import json

import pytest

TEXT = "Aland and Bland signed a pact. A minister said it will help."
WORDS = "signed a pact"


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def data(write):
    start = TEXT.index(WORDS)
    return write(
        "one.ttl",
        f"""
        source:one a def:Source . segment:one def:segmentOf source:one ; dcterms:identifier "S1" .
        span:pact a def:Span ; oa:start {start} ; oa:end {start + len(WORDS)} ;
          def:sha256 "{hashlib.sha256(WORDS.encode()).hexdigest()}" ; def:inSegment segment:one .
        claim:one a def:Claim ; def:hasSpan span:pact ; rdfs:label "They signed."@en ;
          def:aboutSubject agreement:a ; def:aboutProperty def:name ; def:aboutValue "pact" ;
          def:hasModality modality:asserted ; def:hasSpeaker organisation:o .
        """,
    )


def test_words_stand_beside_facts(defgraph, data, text):
    run = defgraph("evidence", "--text", text, "--data", data)

    assert run.code == 0
    heading, row, summary = run.out.splitlines()
    assert heading.split() == ["fact", "words", "segment", "speaker", "modality", "status"]
    assert [part.strip() for part in row.split("  ") if part] == [
        "agreement:a def:name pact",
        "signed a pact",
        "S1",
        "organisation:o",
        "modality:asserted",
        "ok",
    ]
    assert summary == "source:one: 1 spans: 1 ok, 0 moved, 0 mismatches"


def test_a_changed_word_exits_1(defgraph, data, text):
    text.write_text(TEXT.replace("a pact", "two pacts"), "utf-8")

    run = defgraph("evidence", "--text", text, "--data", data)

    assert run.code == 1
    assert "1 mismatch\n" in run.out


def test_a_moved_span_tells_that_the_text_was_edited(defgraph, data, text):
    text.write_text("Today " + TEXT, "utf-8")

    run = defgraph("evidence", "--text", text, "--data", data)

    assert run.code == 1
    assert "1 moved, 0 mismatches (the text has been edited" in run.out


def test_json(defgraph, data, text):
    run = defgraph("evidence", "--text", text, "--format", "json", "--data", data)

    document = json.loads(run.out)
    assert document["spans"] == {"ok": 1, "moved": 0, "mismatch": 0}
    (row,) = document["evidence"]
    assert (row["words"], row["status"], row["segment"]) == ("signed a pact", "ok", "S1")
    assert row["claim"]["label"] == "They signed."
    assert row["claim"]["speakers"] == ["https://w3id.org/defgraph/id/organisation/o"]


@pytest.mark.parametrize(("about", "rows"), [("agreement:a", 1), ("organisation:o", 0)])
def test_only_what_is_asked_about(defgraph, data, text, about, rows):
    run = defgraph("evidence", "--text", text, about, "--data", data)

    assert run.code == 0
    assert len(run.out.splitlines()) == 2 + rows


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["agreement:zz"], "says nothing about <https://w3id.org/defgraph/id/agreement/zz>"),
        (["--source", "source:two"], "is no source"),
    ],
)
def test_unknown_names_exit_2(defgraph, data, text, arguments, message):
    run = defgraph("evidence", "--text", text, *arguments, "--data", data)

    assert (run.code, run.out) == (2, "")
    assert message in run.err


def test_a_text_that_cannot_be_read_exits_2(defgraph, data, tmp_path):
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Café".encode("latin-1"))

    assert defgraph("evidence", "--text", tmp_path / "none.txt", "--data", data).code == 2
    run = defgraph("evidence", "--text", latin, "--data", data)
    assert run.code == 2
    assert "line 1, column 4" in run.err
