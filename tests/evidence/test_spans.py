"""Spans in an edited text: what moved is no fault, what changed is."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.evidence import Span, Status, find

TEXT = (
    "- Aland and Bland sign two pacts to share fuel, food and secrets\n"
    "Aland and Bland have signed two pacts in Ctown in May 2031. The first lets the forces of both "
    "share fuel, food and spare parts at sea. The second covers secrets.\n"
    "Officials met in Ctown. Nobody spoke of costs, and the ministers left early."
)
WORDS = (
    "Aland and Bland sign two pacts",
    "to share fuel, food and secrets",
    "Aland and Bland have signed two pacts",
    "in Ctown in May 2031",
    "The first lets the forces of both share fuel",
    "fuel, food and spare parts at sea",
    "fuel",
    "The second covers secrets",
    "Officials met in Ctown",
    "the ministers left early",
)


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    digest = hashlib.sha256(words.encode()).hexdigest()
    return Span(f"urn:e:{start}-{len(words)}", start, start + len(words), digest)


SPANS = [span(words) for words in WORDS]


def outcome(text: str) -> dict[str, str]:
    found = find(SPANS, text)
    return {words: found[each.iri].status.value for words, each in zip(WORDS, SPANS, strict=True)}


def changed(text: str) -> set[str]:
    return {words for words, status in outcome(text).items() if status == "mismatch"}


def test_every_span_of_the_same_text_is_in_place():
    assert set(outcome(TEXT).values()) == {"ok"}


def test_words_come_with_their_place():
    found = find([span("in Ctown in May 2031")], "Now: " + TEXT)

    (only,) = found.values()
    assert (only.status, only.words) == (Status.MOVED, "in Ctown in May 2031")
    assert only.start == TEXT.index("in Ctown in May 2031") + 5


def test_a_new_beginning_moves_everything():
    assert set(outcome("Today: " + TEXT).values()) == {"moved"}


def test_a_shorter_beginning_moves_everything():
    assert set(outcome(TEXT[2:]).values()) == {"moved"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("in May 2031", "in June 2031", {"in Ctown in May 2031"}),
        ("spare parts", "ammunition", {"fuel, food and spare parts at sea"}),
        ("The second", "Another one", {"The second covers secrets"}),
        ("left early", "stayed", {"the ministers left early"}),
        ("have signed", "signed", {"Aland and Bland have signed two pacts"}),
        ("Nobody spoke", "Not a soul spoke", set()),
    ],
)
def test_exactly_the_span_whose_words_changed_is_a_mismatch(old, new, expected):
    assert changed(TEXT.replace(old, new)) == expected


def test_two_edits_leave_what_is_between_and_behind_them():
    text = TEXT.replace("in May", "in late May").replace("Officials met", "Two officials met")

    assert changed(text) == {"in Ctown in May 2031", "Officials met in Ctown"}


def test_words_that_also_stand_elsewhere_do_not_hide_a_change():
    # "Officials met in Ctown" is changed; its place is not taken by a copy at the end.
    text = (
        TEXT.replace("Officials met in Ctown", "Officials dined apart") + " Officials met in Ctown"
    )

    assert changed(text) == {"Officials met in Ctown"}


def test_a_mismatch_shows_what_stands_there_now():
    found = find(SPANS, "Now: " + TEXT.replace("in May 2031", "in the summer of 2031"))

    assert found[span("in Ctown in May 2031").iri].words == "in Ctown in the summer of 2031"


def test_another_text_matches_nothing():
    assert set(outcome("Something else entirely.").values()) == {"mismatch"}
    assert set(outcome("").values()) == {"mismatch"}


def test_characters_are_code_points():
    text = "東京で署名 \U0001f58b された"
    words = "\U0001f58b された"

    (found,) = find([span(words, text)], text).values()

    assert (found.status, found.words) == (Status.OK, words)


def test_nothing_is_found_for_no_spans():
    assert find([], TEXT) == {}


@given(st.text(max_size=12), st.data())
def test_an_insertion_changes_only_the_spans_that_it_falls_into(inserted, data):
    at = data.draw(st.integers(0, len(TEXT)))

    text = TEXT[:at] + inserted + TEXT[at:]

    hit = {w for w, each in zip(WORDS, SPANS, strict=True) if each.start < at < each.end}
    assert changed(text) <= hit
    if inserted.strip() and inserted not in TEXT:
        # A few letters may be called changed where no more than they speak of a move.
        assert changed(text) >= {words for words in hit if text.count(words) == 0}
