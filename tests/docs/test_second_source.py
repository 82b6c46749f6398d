"""The second source that the documentation walks through is as good as one that is shipped."""

from hashlib import sha256
from pathlib import Path

import pytest

import defgraph
from defgraph import loading, sources, turtle, validation

FOLDER = Path(__file__).parents[2] / "docs" / "second-source"
FILE = FOLDER / "anzus.ttl"

SPANS = """
SELECT ?start ?end ?sha256 ?value WHERE {
  ?claim def:hasSpan ?span ; def:aboutValue ?value .
  ?span oa:start ?start ; oa:end ?end ; def:sha256 ?sha256
}
"""


@pytest.fixture(scope="module")
def both():
    """The shipped data and the second source."""
    return defgraph.open([sources.folder("data"), FILE])


def test_it_is_in_canonical_form():
    assert turtle.is_canonical(FILE.read_text(encoding="utf-8"))


def test_it_conforms_to_the_shapes():
    files = tuple(validation.with_reference(sources.data_at([FILE])))

    report = validation.validate(loading.load(files), files=files)

    assert validation.as_text(report).startswith("Conforms: no violations, no warnings")


def test_every_span_is_in_the_text():
    text = (FOLDER / "anzus.txt").read_text(encoding="utf-8")

    spans = defgraph.open(FILE).query(SPANS)

    assert len(spans) == 10
    for span in spans:
        assert sha256(text[span["start"] : span["end"]].encode()).hexdigest() == span["sha256"]


def test_both_sources_answer_one_query(both):
    query = """
    SELECT DISTINCT ?agreement ?publisher WHERE {
      ?agreement def:hasParty state:nz .
      ?claim def:aboutSubject ?agreement ; def:inSource/dcterms:publisher ?publisher
    }
    """

    found = {
        (s["agreement"].rsplit("/", 1)[1], s["publisher"].rsplit("/", 1)[1])
        for s in both.query(query)
    }

    assert found == {
        ("anzus", "au-department-of-external-affairs"),
        ("jp-nz-acsa-2025", "asia-manufacturing-review"),
        ("jp-nz-information-security-2025", "asia-manufacturing-review"),
    }


def test_the_second_source_stands_in_a_graph_of_its_own(both):
    graphs = both.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s def:hasParty state:us } }")

    assert {s["g"].rsplit("/graph/", 1)[1] for s in graphs} == {
        "anzus",
        "articles/2025-12-japan-new-zealand",
    }
