"""The article's graph against the article: its text, its list of facts, its identifiers.

The text and the tables lie beside the checkout and are not part of the project.
"""

import csv
import hashlib
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from defgraph.namespaces import expand

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "article"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason="the article is not in ../shared: it is not part of the project"
    ),
]

SOURCE = "source:2025-12-japan-new-zealand"
REPORTER = frozenset({"organisation:asia-manufacturing-review"})
COLLINS = frozenset({"person:judith-collins"})
KOIZUMI = frozenset({"person:shinjiro-koizumi"})
PETERS = frozenset({"person:winston-peters"})
BOTH = frozenset({"person:judith-collins", "person:toshimitsu-motegi"})

# That somebody spoke is the reporter's to say, even where what they said is theirs.
SPEECH_ACTS = {expand("def:voicedBy"), expand("def:declaredBy"), expand("def:hasParticipant")}


@dataclass(frozen=True)
class Voice:
    """Who says a fact, in which modalities, and how the words are marked."""

    speakers: frozenset[str]
    modalities: frozenset[str]
    quoted: bool = False
    listed: bool = False


def voice(speakers, *modalities, **marks) -> Voice:
    return Voice(speakers, frozenset(f"modality:{modality}" for modality in modalities), **marks)


VOICES = MappingProxyType(
    {
        "reporter": voice(REPORTER, "asserted"),
        "reporter, asserted": voice(REPORTER, "asserted"),
        "reporter, asserted of states": voice(REPORTER, "asserted"),
        "reporter, context clause": voice(REPORTER, "asserted"),
        "reporter, evaluative": voice(REPORTER, "evaluated"),
        "reporter, stated aim": voice(REPORTER, "aimed"),
        "reporter, month precision": voice(REPORTER, "asserted"),
        "reporter, at the time of the event": voice(REPORTER, "asserted"),
        "reporter, permission (deontic)": voice(REPORTER, "permitted"),
        "reporter, permission": voice(REPORTER, "permitted"),
        "reporter, condition": voice(REPORTER, "permitted"),
        'reporter, "such as": open list': voice(REPORTER, "permitted", listed=True),
        'reporter, "among others such as": open list': voice(REPORTER, "asserted", listed=True),
        "reporter, effect": voice(REPORTER, "asserted"),
        'reporter, "officially"': voice(REPORTER, "asserted"),
        "reporter, vague interval": voice(REPORTER, "asserted"),
        'reporter, "already existing"': voice(REPORTER, "asserted"),
        "reporter, order only": voice(REPORTER, "asserted"),
        "reporter, undertaking": voice(REPORTER, "undertaken"),
        'reporter, "primarily": not exclusive': voice(REPORTER, "undertaken"),
        "editor": voice(REPORTER, "asserted"),
        "Collins, direct quotation": voice(COLLINS, "evaluated", quoted=True),
        "Collins, direct quotation, future": voice(COLLINS, "predicted", quoted=True),
        "Collins, indirect": voice(COLLINS, "reported"),
        'Collins, indirect; "like": open list': voice(COLLINS, "reported", listed=True),
        "Koizumi, indirect speech": voice(KOIZUMI, "concern"),
        'joint, indirect ("reported on")': voice(BOTH, "reported"),
        "joint, indirect; intention": voice(BOTH, "intended"),
        "joint, indirect": voice(BOTH, "intended"),
        "Peters, direct quotation": voice(PETERS, "evaluated", "presupposed", quoted=True),
        "Peters, direct quotation; purpose": voice(PETERS, "aimed", quoted=True),
    }
)


@dataclass(frozen=True)
class Fact:
    id: str
    segment: str
    start: int
    end: int
    attribution: str
    is_purpose: bool  # told as what the agreements are for


@dataclass(frozen=True)
class Claim:
    iri: str
    property: str
    speakers: frozenset[str]
    modality: str
    quoted: bool
    listed: bool
    spans: frozenset[tuple[str, int, int]]

    def agrees_with(self, fact: Fact) -> bool:
        said = VOICES[fact.attribution]
        modalities = said.modalities | ({"modality:aimed"} if fact.is_purpose else set())
        return (
            self.speakers == {expand(speaker) for speaker in said.speakers}
            and self.modality in {expand(modality) for modality in modalities}
            and self.quoted == said.quoted
        )


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def text() -> str:
    return (FOLDER / "article.txt").read_bytes().decode("utf-8")


def sentences() -> dict[str, tuple[int, int]]:
    return {row["id"]: (int(row["start"]), int(row["end"])) for row in table("sentences.tsv")}


def located(row: dict[str, str]) -> Fact:
    """The fact with the place of its words, which occur once in its segment."""
    start, end = sentences()[row["sentence"]]
    segment = text()[start:end]
    assert segment.count(row["span"]) == 1, f"{row['id']}: the words do not tell one place"
    start += segment.index(row["span"])
    return Fact(
        row["id"],
        row["sentence"],
        start,
        start + len(row["span"]),
        row["attribution_certainty"].strip(),
        row["fact"].startswith("Purpose:"),
    )


def facts() -> list[Fact]:
    if not FOLDER.is_dir():
        return []
    return [located(row) for row in table("facts.tsv") if row["kind"] != "noise"]


@pytest.fixture(scope="module")
def claims(select) -> list[Claim]:
    found: dict[str, dict] = {}
    for claim, property_, speaker, modality, quoted, listed, segment, start, end in select(
        f"""SELECT ?claim ?property ?speaker ?modality ?quoted ?listed ?id ?start ?end WHERE {{
          ?claim a def:Claim ; def:aboutProperty ?property ; def:hasSpeaker ?speaker ;
            def:hasModality ?modality ; def:hasSpan ?span .
          ?span oa:start ?start ; oa:end ?end ; def:inSegment ?segment .
          ?segment def:segmentOf {SOURCE} ; dcterms:identifier ?id .
          BIND (EXISTS {{ ?claim def:fromQuotation ?q }} AS ?quoted)
          BIND (EXISTS {{ ?claim def:inEnumeration/def:isOpen true }} AS ?listed)
        }}"""
    ):
        entry = found.setdefault(
            claim,
            {
                "property": property_,
                "speakers": set(),
                "modality": modality,
                "quoted": quoted == "true",
                "listed": listed == "true",
                "spans": set(),
            },
        )
        assert entry["modality"] == modality
        entry["speakers"].add(speaker)
        entry["spans"].add((segment, int(start), int(end)))
    return [
        Claim(
            claim,
            entry["property"],
            frozenset(entry["speakers"]),
            entry["modality"],
            entry["quoted"],
            entry["listed"],
            frozenset(entry["spans"]),
        )
        for claim, entry in found.items()
    ]


def place(fact: Fact) -> tuple[str, int, int]:
    return fact.segment, fact.start, fact.end


FACTS = facts()


def test_there_are_seventy_facts():
    assert len(FACTS) == 70
    assert {fact.attribution for fact in FACTS} == set(VOICES)


@pytest.mark.parametrize("fact", FACTS or [None], ids=lambda fact: fact.id if fact else "none")
def test_fact_is_found_by_its_span(fact, claims, select):
    digest = hashlib.sha256(text()[fact.start : fact.end].encode()).hexdigest()
    digests = select(
        f"""SELECT ?digest WHERE {{
          ?span def:inSegment [ def:segmentOf {SOURCE} ; dcterms:identifier "{fact.segment}" ] ;
            oa:start {fact.start} ; oa:end {fact.end} ; def:sha256 ?digest }}"""
    )

    assert digests == [(digest,)]
    assert any(place(fact) in claim.spans for claim in claims)


@pytest.mark.parametrize("fact", FACTS or [None], ids=lambda fact: fact.id if fact else "none")
def test_fact_is_said_by_whom_the_source_says_it(fact, claims):
    carried = [claim for claim in claims if place(fact) in claim.spans]

    assert any(
        claim.agrees_with(fact) and claim.listed >= VOICES[fact.attribution].listed
        for claim in carried
    )


def test_every_claim_agrees_with_a_fact_whose_words_it_cites(claims):
    by_place = {place(fact): fact for fact in FACTS}

    astray = [
        claim.iri
        for claim in claims
        if claim.property not in SPEECH_ACTS
        and not any(claim.agrees_with(by_place[span]) for span in claim.spans)
    ]

    assert astray == []


def test_claims_of_speech_acts_are_the_reporters_or_the_speakers(claims):
    by_place = {place(fact): fact for fact in FACTS}
    reporter = {expand(speaker) for speaker in REPORTER}

    astray = [
        claim.iri
        for claim in claims
        if claim.property in SPEECH_ACTS
        and claim.speakers != reporter
        and not any(claim.agrees_with(by_place[span]) for span in claim.spans)
    ]

    assert astray == []


def test_no_span_is_wider_or_narrower_than_a_fact(select):
    spans = select(
        f"""SELECT ?id ?start ?end WHERE {{
          ?span a def:Span ; oa:start ?start ; oa:end ?end ; def:inSegment ?segment .
          ?segment def:segmentOf {SOURCE} ; dcterms:identifier ?id }}"""
    )

    assert {(id_, int(start), int(end)) for id_, start, end in spans} == set(map(place, FACTS))


def test_segments_are_the_sentences_of_the_text(select):
    kinds = {"B": "HeadlineSegment", "S": "SentenceSegment", "N": "EditorialSegment"}
    expected = {
        (id_, start, end, expand(f"def:{kinds[id_[0]]}"))
        for id_, (start, end) in sentences().items()
    }

    segments = select(
        f"""SELECT ?id ?start ?end ?kind WHERE {{
          ?segment def:segmentOf {SOURCE} ; a ?kind ; dcterms:identifier ?id ;
            oa:start ?start ; oa:end ?end }}"""
    )

    assert {(id_, int(start), int(end), kind) for id_, start, end, kind in segments} == expected
    assert len(segments) == len(expected)


def test_editorial_matter_supports_no_claim(ask):
    assert ask(
        f'?segment a def:EditorialSegment ; def:segmentOf {SOURCE} ; dcterms:identifier "N1"'
    )
    assert not ask('?span def:inSegment [ dcterms:identifier "N1" ]')
    assert not ask('?segment dcterms:identifier "N1" . ?claim def:supportedBy ?segment')


# The names that the tables of identifiers use for what the data holds.
HELD = MappingProxyType(
    {
        "Japan": "state:jp",
        "New Zealand": "state:nz",
        "Australia": "state:au",
        "India": "state:in",
        "Netherlands": "state:nl",
        "Philippines": "state:ph",
        "United States": "state:us",
        "China": "state:cn",
        "Russia": "state:ru",
        "Tokyo": "place:tokyo",
        "Toshimitsu Motegi": "person:toshimitsu-motegi",
        "Shinjiro Koizumi": "person:shinjiro-koizumi",
        "Judith Collins": "person:judith-collins",
        "Winston Peters": "person:winston-peters",
        "Foreign minister of Japan (post)": "post:jp-foreign-minister",
        "Defense minister of Japan (post)": "post:jp-defence-minister",
        "Defence minister of New Zealand (post)": "post:nz-defence-minister",
        "Foreign minister of New Zealand (post)": "post:nz-foreign-minister",
    }
)
VERIFIED = ("verified", "verified-single-project")


def test_only_verified_identifiers_are_linked_and_all_of_them(select):
    verified = {
        (expand(HELD[row["entity"]]), row["iri"])
        for row in table("identifiers.tsv")
        if row["status"] in VERIFIED and row["iri"] and row["entity"] in HELD
    }

    linked = select(
        """SELECT ?thing ?other WHERE { GRAPH ?linkset { ?thing ?match ?other }
             FILTER (STRSTARTS(STR(?linkset), STR(graph:links)))
             FILTER (STRSTARTS(STR(?match), STR(skos:)) && CONTAINS(STR(?match), "Match")) }"""
    )

    known = {thing for thing, _ in verified}
    assert {link for link in linked if link[0] in known} == verified


@pytest.mark.parametrize(
    ("scheme", "property_"),
    [
        ("iso3166-1-alpha2", "def:isoAlpha2"),
        ("iso3166-1-alpha3", "def:isoAlpha3"),
        ("iso3166-1-numeric", "def:isoNumeric"),
        ("cow-ccode", "def:cowCode"),
        ("cow-abbrev", "def:cowAbbreviation"),
    ],
)
def test_codes_of_states_are_those_of_the_table(scheme, property_, select):
    expected = {
        (expand(HELD[row["entity"]]), row["id"])
        for row in table("identifiers.tsv")
        if row["scheme"] == scheme and row["status"] == "verified"
    }

    codes = select(f"SELECT ?state ?code WHERE {{ ?state {property_} ?code }}")

    known = {state for state, _ in expected}
    assert {code for code in codes if code[0] in known} == expected


def words(of: str) -> list[str]:
    return re.findall(r"\w+", of.replace("’", "'").lower())


def runs(of: list[str], length: int) -> set[tuple[str, ...]]:
    return set(zip(*(of[offset:] for offset in range(length)), strict=False))


def test_no_tracked_file_copies_twelve_words_of_the_article():
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listing.returncode:
        pytest.skip("this is no git checkout: there is no list of tracked files")
    copied = runs(words(text()), 12)

    offenders = []
    for name in filter(None, listing.stdout.split("\0")):
        try:
            content = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if copied & runs(words(content), 12):
            offenders.append(name)

    assert offenders == []
