"""Which IRI a path stands for, and what stands for none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.documents.addresses import (
    MAX_LENGTH,
    document_iri,
    iri_of,
    local_path,
    split_extension,
    thing_iri,
)
from defgraph.errors import IllFormedIriError
from defgraph.namespaces import BASE


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("id/state/nz", "id/state/nz"),
        ("id/state/%6Ez", "id/state/nz"),
        ("id/place/t%C5%8Dky%C5%8D", "id/place/tōkyō"),
        ("graph/articles/2025-12-a", "graph/articles/2025-12-a"),
    ],
)
def test_a_path_stands_for_the_iri_below_our_base(path, iri):
    assert iri_of(path) == BASE + iri


@pytest.mark.parametrize(
    "path",
    [
        "id/state/n z",
        "id/state/n%20z",
        'id/state/"nz"',
        "id/state/%22nz%22",
        "id/state/<nz>",
        "id/state/%3Cnz%3E",
        "id/state%2Fnz",
        "id/state%2fnz",
        "id/state%5Cnz",
        "id/../etc/passwd",
        "id/%2e%2e/etc/passwd",
        "id/./nz",
        "id//nz",
        "id/state/%00",
        "id/state/%0A",
        "id/state/%7f",
        "id/state/%E2%80%AE",  # turns the direction of writing
        "id/state/%FF",
        "id/state/%C3",
        "id/state/%",
        "id/state/%2",
        "id/state/%zz",
        "id/state/nz}",
        "id/state/n^z",
        "id/state/n`z",
        "id/state/n|z",
        "id/state/é",
        "id/" + "x" * MAX_LENGTH,
    ],
)
def test_what_no_iri_of_ours_holds_is_refused(path):
    with pytest.raises(IllFormedIriError, match="is not the address of anything here"):
        iri_of(path)


@given(st.text())
def test_any_path_is_an_iri_of_ours_or_is_refused(path):
    try:
        iri = iri_of(path)
    except IllFormedIriError:
        return
    assert iri.startswith(BASE)
    assert not set(iri) & set(' <>"{}|\\^`%')
    assert ".." not in iri.split("/")


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("doc/state/nz.ttl", ("doc/state/nz", ".ttl")),
        ("doc/state/nz.html", ("doc/state/nz", ".html")),
        ("doc/state/nz", ("doc/state/nz", "")),
        ("ontology/1.0.0", ("ontology/1.0.0", "")),
        ("ontology/1.0.0.nt", ("ontology/1.0.0", ".nt")),
        ("doc/state/.ttl", ("doc/state/.ttl", "")),
    ],
)
def test_the_ending_of_a_format_is_taken_off(path, parts):
    assert split_extension(path) == parts


def test_a_thing_and_its_document_lead_to_each_other():
    thing = BASE + "id/state/nz"

    assert document_iri(thing) == BASE + "doc/state/nz"
    assert thing_iri(document_iri(thing)) == thing


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        ("id/state/nz", "doc/state/nz"),
        ("def/hasParty", "ontology#hasParty"),
        ("graph/links/wikidata", "graph/links/wikidata"),
        ("ontology", "ontology"),
    ],
)
def test_a_server_shows_what_is_ours(iri, path):
    assert local_path(BASE + iri) == path


def test_a_server_shows_nothing_of_others():
    assert local_path("http://www.wikidata.org/entity/Q664") is None
