from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph import loading
from defgraph.errors import (
    EncodingError,
    UnknownSourceError,
    UnknownThingError,
    UnreadableFileError,
)
from defgraph.evidence import Status, check, read_text
from defgraph.namespaces import expand, sparql_prologue

TEXT = "Aland and Bland signed a pact. A minister said it will help."
ARTICLE = Path(__file__).parents[2].parent / "shared" / "article"


def recorded(name: str, words: str, source: str) -> str:
    start = TEXT.index(words)
    digest = hashlib.sha256(words.encode()).hexdigest()
    return (
        f"span:{name} a def:Span ; oa:start {start} ; oa:end {start + len(words)} ;"
        f' def:sha256 "{digest}" ; def:inSegment segment:{source} .'
    )


def store_of(*sources: str) -> ox.Store:
    store = ox.Store()
    for source in sources:
        text = f"""
        source:{source} a def:Source .
        segment:{source} def:segmentOf source:{source} ; dcterms:identifier "S1" .
        {recorded(f"{source}-pact", "signed a pact", source)}
        {recorded(f"{source}-help", "it will help", source)}
        claim:{source}-1 a def:Claim ; rdfs:label "They signed."@en ; def:hasSpan span:{source}-pact ;
          def:aboutSubject agreement:a ; def:aboutProperty def:hasParty ; def:aboutValue state:a ;
          def:hasModality modality:asserted ; def:hasSpeaker organisation:o .
        claim:{source}-2 a def:Claim ; def:hasSpan span:{source}-pact , span:{source}-help ;
          def:aboutSubject agreement:a ; def:aboutProperty def:name ; def:aboutValue "pact" ;
          def:hasModality modality:predicted ; def:hasSpeaker person:b , person:c .
        """
        graph = ox.NamedNode(expand(f"graph:{source}"))
        for quad in ox.parse((sparql_prologue() + text).encode(), format=ox.RdfFormat.TURTLE):
            store.add(ox.Quad(*quad.triple, graph))
    return store


def test_words_stand_beside_the_facts():
    rows = check(store_of("one"), TEXT).rows

    assert [(row.found.words, row.segment, row.claim.iri[-5:]) for row in rows] == [
        ("signed a pact", "S1", "one-1"),
        ("signed a pact", "S1", "one-2"),
        ("it will help", "S1", "one-2"),
    ]
    claim = rows[0].claim
    assert claim.label == "They signed."
    assert claim.modality == ox.NamedNode(expand("modality:asserted"))
    assert [str(each) for each in rows[1].claim.speakers] == [
        f"<{expand('person:b')}>",
        f"<{expand('person:c')}>",
    ]


def test_each_span_counts_once():
    found = check(store_of("one"), TEXT)

    assert found.count(Status.OK) == 2
    assert found.matches


def test_a_changed_word_is_found():
    found = check(store_of("one"), TEXT.replace("a pact", "two pacts"))

    assert found.count(Status.MISMATCH) == 1
    assert found.count(Status.MOVED) == 1
    assert not found.matches


@pytest.mark.parametrize(
    ("about", "claims"),
    [
        ("agreement:a", ["one-1", "one-2", "one-2"]),
        ("claim:one-1", ["one-1"]),
        ("state:a", ["one-1"]),
        ("def:name", ["one-2", "one-2"]),
        ("span:one-help", ["one-2"]),
        ("person:b", []),
    ],
)
def test_rows_are_narrowed_to_what_somebody_asks_about(about, claims):
    rows = check(store_of("one"), TEXT, about=expand(about)).rows

    assert [row.claim.iri[-5:] for row in rows] == claims


@pytest.mark.parametrize("iri", ["https://w3id.org/defgraph/id/state/zz", "not an IRI"])
def test_an_unknown_thing_is_told(iri):
    with pytest.raises(UnknownThingError):
        check(store_of("one"), TEXT, about=iri)


def test_one_source_needs_no_name():
    assert check(store_of("one"), TEXT).source == expand("source:one")


def test_of_several_sources_one_is_named():
    found = check(store_of("one", "two"), TEXT, source=expand("source:two"))

    assert {row.span.iri for row in found.rows} == {
        expand("span:two-pact"),
        expand("span:two-help"),
    }


def test_several_sources_are_told_when_none_is_named():
    with pytest.raises(UnknownSourceError, match=r"source/one.* or .*source/two"):
        check(store_of("one", "two"), TEXT)


def test_an_unknown_source_is_told():
    with pytest.raises(UnknownSourceError, match="source/one"):
        check(store_of("one"), TEXT, source="urn:e:other")


def test_a_dataset_without_sources_is_told():
    with pytest.raises(UnknownSourceError, match="no source"):
        check(ox.Store(), TEXT)


def test_a_span_without_a_claim_is_checked_too():
    store = store_of("one")
    store.update("DELETE WHERE { GRAPH ?g { ?c <https://w3id.org/defgraph/def/hasSpan> ?s } }")

    found = check(store, TEXT)

    assert [row.claim for row in found.rows] == [None, None]
    assert found.count(Status.OK) == 2


def test_line_ends_of_windows_count_once(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("\ufeffone\r\ntwo".encode())

    assert read_text(path) == "one\ntwo"


def test_a_text_in_another_encoding_is_told_with_its_place(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("Café".encode("latin-1"))

    with pytest.raises(EncodingError, match="line 1, column 4"):
        read_text(path)


def test_a_missing_text_and_a_folder_are_told(tmp_path):
    with pytest.raises(UnreadableFileError, match="no such file"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(UnreadableFileError, match="text of a source"):
        read_text(tmp_path)


# -- the shipped data and the article ------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return loading.load(cache_dir=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def article() -> str:
    if not ARTICLE.is_dir():
        pytest.skip("the text of the article is not part of the project (../shared is absent)")
    return read_text(ARTICLE / "article.txt")


@pytest.fixture(scope="module")
def facts(article) -> list[dict[str, str]]:
    with (ARTICLE / "facts.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


SOURCE = expand("source:2025-12-japan-new-zealand")


@pytest.mark.shared
def test_every_span_stands_in_the_article(shipped, article):
    found = check(shipped, article, source=SOURCE)

    assert found.matches
    assert found.count(Status.MOVED) == 0
    assert found.count(Status.OK) >= 70


@pytest.mark.shared
def test_each_fact_is_found_by_its_span(shipped, article, facts):
    words = {row.found.words for row in check(shipped, article, source=SOURCE).rows}

    stated = [fact for fact in facts if fact["sentence"] != "N1"]  # N1 is editorial matter
    assert len(stated) == 70
    assert [fact["id"] for fact in stated if fact["span"] not in words] == []


@pytest.mark.shared
def test_a_change_planted_in_any_span_is_found_and_no_other(shipped, article):
    spans = {row.span for row in check(shipped, article, source=SOURCE).rows}

    for span in spans:
        middle = (span.start + span.end) // 2
        changed = article[:middle] + "XYZ" + article[middle:]
        found = check(shipped, changed, source=SOURCE)
        mismatches = {r.span for r in found.rows if r.found.status is Status.MISMATCH}
        assert mismatches == {each for each in spans if each.start < middle < each.end}
