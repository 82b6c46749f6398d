"""Formats are found by name, by media type and by file ending."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from defgraph.errors import UnknownFormatError
from defgraph.media_types import (
    FORMATS,
    GRAPH_FORMATS,
    RDF_FORMATS,
    RESULT_FORMATS,
    by_extension,
    by_media_type,
    by_name,
)


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_format_is_found_by_all_of_its_names(each):
    assert by_name(each.name) is each
    assert by_media_type(each.media_type) is each
    assert by_extension(each.extension) is each


@pytest.mark.parametrize("each", RDF_FORMATS, ids=lambda each: each.name)
def test_the_engine_knows_every_rdf_format(each):
    assert ox.RdfFormat.from_media_type(each.media_type) is not None


@pytest.mark.parametrize("each", RESULT_FORMATS, ids=lambda each: each.name)
def test_the_engine_knows_every_results_format(each):
    assert ox.QueryResultsFormat.from_media_type(each.media_type) is not None


def test_parameters_and_case_of_a_media_type_do_not_matter():
    assert by_media_type("Text/Turtle; charset=UTF-8").name == "turtle"


def test_an_alias_means_what_is_asked_for_among():
    assert by_media_type("application/json", RESULT_FORMATS).name == "json"
    assert by_media_type("application/json", RDF_FORMATS).name == "jsonld"


def test_one_graph_is_not_offered_as_quads():
    assert {"trig", "nquads"}.isdisjoint(each.name for each in GRAPH_FORMATS)


@pytest.mark.parametrize("find", [by_name, by_media_type, by_extension])
def test_an_unknown_format_is_answered_with_those_there_are(find):
    with pytest.raises(UnknownFormatError) as caught:
        find("pdf")

    assert len(caught.value.known) == len(FORMATS)


def test_text_says_that_it_is_utf_8():
    assert by_name("csv").content_type == "text/csv; charset=utf-8"
    assert by_name("json").content_type == "application/sparql-results+json"


@pytest.mark.parametrize(
    ("name", "found"),
    [("N3", "turtle"), ("ttl", "turtle"), ("rdf+xml", "rdfxml"), ("JSON", "json")],
)
def test_a_format_has_the_names_that_clients_call_it_by(name, found):
    assert by_name(name).name == found
