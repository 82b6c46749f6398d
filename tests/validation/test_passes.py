from __future__ import annotations

import re
from pathlib import Path

import pytest

from defgraph import loading, sources
from defgraph.namespaces import expand
from defgraph.sources import SourceFile
from defgraph.validation import Shapes, shipped_shapes, validate

SOURCE_SHAPES = """
shape:evidenced a sh:NodeShape ; sh:targetSubjectsOf def:hasParty ;
  sh:property [ sh:path [ sh:inversePath def:aboutSubject ] ; sh:minCount 1 ;
    sh:message "Add a claim." ] ;
  sh:property [ sh:path def:hasParty ; sh:class def:State ; sh:message "A state." ] .
"""
STATEMENT = "agreement:a a def:Agreement ; def:hasParty state:jp , state:nz ."
CLAIM = "claim:c a def:Claim ; def:aboutSubject agreement:a ."


@pytest.fixture
def both(shapes, triples):
    return Shapes(dataset=tuple(shapes), source=tuple(triples(SOURCE_SHAPES)))


def test_each_source_owes_its_own_evidence(dataset, reference, both):
    store = dataset(
        states=reference,
        one=STATEMENT + CLAIM + "source:one a def:Source .",
        two=STATEMENT + "source:two a def:Source .",
    )

    (result,) = validate(store, shapes=both).results

    assert result.message == "Add a claim."


def test_a_graph_without_a_source_owes_no_evidence(dataset, reference, both):
    assert validate(dataset(states=reference, one=STATEMENT), shapes=both).conforms


def test_inferred_types_are_no_excuse(dataset, reference, both):
    store = dataset(
        states=reference,
        one="agreement:a a def:Agreement ; def:hasParty state:jp , person:p .",
        inferred="person:p a def:State .",
    )

    assert not validate(store, shapes=both).conforms


def test_inferred_statements_are_judged(dataset, reference, both):
    store = dataset(
        states=reference,
        one="agreement:a a def:Agreement ; def:hasParty state:jp .",
        inferred="agreement:a def:hasParty state:nz .",
    )

    assert validate(store, shapes=both).conforms


def test_a_result_names_graph_file_and_labels(dataset, reference, both):
    store = dataset(
        states=reference + 'agreement:a rdfs:label "The pact"@en , "協定"@ja .',
        one="agreement:a a def:Agreement ; def:hasParty state:jp , person:p .",
    )
    files = [SourceFile(Path("data/one.ttl"), expand("graph:one"))]

    (result,) = validate(store, files=files, shapes=both).results

    assert [(place.graph_name, place.file) for place in result.places] == [
        (expand("graph:one"), "data/one.ttl")
    ]
    assert (result.focus_label, result.value_label) == ("The pact", "P")


def test_what_is_missing_is_placed_where_the_statements_of_the_property_are(
    dataset, reference, both
):
    store = dataset(
        states=reference + "agreement:a a def:Agreement .",
        one="agreement:a def:hasParty state:jp .",
    )

    (result,) = validate(store, shapes=both).results

    assert [place.graph_name for place in result.places] == [expand("graph:one")]


def test_warnings_do_not_break_conformance(dataset, reference, both):
    store = dataset(states=reference, one=STATEMENT + 'agreement:a def:name "A" , "B" .')

    report = validate(store, shapes=both)

    assert len(report.results) == 1
    assert report.conforms


# -- the shipped data ----------------------------------------------------------------------------


def loaded(tmp_path: Path, *changes: tuple[str, str]):
    """The shipped dataset with these replacements in the file of the article."""
    files = []
    for file in sources.data_files():
        text = file.path.read_text("utf-8")
        copy = tmp_path / f"{file.path.stem}.ttl"
        if "/articles/" in file.graph_name:
            for pattern, replacement in changes:
                text, count = re.subn(pattern, replacement, text, count=1)
                assert count, f"nothing matches {pattern}"
        copy.write_text(text, "utf-8")
        files.append(SourceFile(copy, file.graph_name))
    return loading.load(files, cache_dir=tmp_path / "cache")


def test_the_shipped_dataset_conforms(tmp_path):
    report = validate(loaded(tmp_path))

    assert [(r.focus_node, r.message) for r in report.results if r.is_violation] == []


@pytest.mark.parametrize(
    ("pattern", "replacement", "focus_node"),
    [
        pytest.param(
            r"(agreement:jp-nz-acsa-2025\n    a (?s:.)*?def:hasParty\n)        state:jp ,",
            r"\1        person:judith-collins ,",
            "agreement:jp-nz-acsa-2025",
            id="a party becomes a person",
        ),
        pytest.param(
            r"(signing:jp-nz-tokyo-2025-12\n    a (?s:.)*?def:signedBy\n)        person:judith-collins",
            r"\1        state:nz",
            "signing:jp-nz-tokyo-2025-12",
            id="a signer becomes a state",
        ),
        pytest.param(
            r"(\nclaim:2025-12-japan-new-zealand-B3-06\n(?s:.)*?)    def:hasSpeaker \S+ ;\n",
            r"\1",
            "claim:2025-12-japan-new-zealand-B3-06",
            id="a claim loses its speaker",
        ),
        pytest.param(
            r"(\nclaim:2025-12-japan-new-zealand-B3-06\n(?s:.)*?)    def:hasModality \S+ ;\n",
            r"\1",
            "claim:2025-12-japan-new-zealand-B3-06",
            id="a claim loses its modality",
        ),
        pytest.param(
            r"\nclaim:2025-12-japan-new-zealand-B3-06\n(?s:.)*?\n\.\n",
            "\n",
            "state:nz",
            id="a statement loses its claim",
        ),
    ],
)
def test_a_fault_in_the_article_is_reported(tmp_path, pattern, replacement, focus_node):
    store = loaded(tmp_path, (pattern, replacement))

    report = validate(store)

    assert not report.conforms
    assert expand(focus_node) in {result.focus_node.value for result in report.results}


def test_the_shipped_shapes_are_read_once():
    assert shipped_shapes() is shipped_shapes()
    assert shipped_shapes().dataset
    assert shipped_shapes().source
