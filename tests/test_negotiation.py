"""Which format an answer is given in."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from defgraph.errors import UnknownFormatError
from defgraph.media_types import FORMATS, RDF_FORMATS, RESULT_FORMATS
from defgraph.negotiation import FormatChoice, choose, parse_accept, wants_page

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("accept", [None, "", "*/*", " */* ", ",,,", "nonsense", ";q=1", "*/json"])
def test_without_a_readable_wish_the_answer_is_json_or_turtle(accept):
    assert choose(accept) == FormatChoice(results=JSON, graph="text/turtle")


@pytest.mark.parametrize("each", RESULT_FORMATS, ids=lambda each: each.name)
def test_each_result_format_is_given_when_named(each):
    assert choose(each.media_type).results == each.media_type


@pytest.mark.parametrize("each", RDF_FORMATS, ids=lambda each: each.name)
def test_each_rdf_format_is_given_when_named(each):
    assert choose(each.media_type).graph == each.media_type


@pytest.mark.parametrize(
    ("accept", "results"),
    [
        ("text/csv;q=0.1, application/sparql-results+json;q=0.9", JSON),
        ("text/csv;q=0.9, application/sparql-results+json;q=0.1", "text/csv"),
        ("image/png, */*;q=0.1", JSON),
        ("application/*;q=0.9, text/csv;q=0.1", JSON),
        ("text/*", "text/csv"),
        ("text/*;q=0.3, text/tab-separated-values", "text/tab-separated-values"),
        ("*/*;q=0.9, text/csv;q=0.8", JSON),
        ("text/csv, */*", "text/csv"),
        ("TEXT/CSV ; Q=0.5", "text/csv"),
        ("application/json", JSON),
        ("application/xml", XML),
        ("application/json, text/plain, */*", JSON),
        (
            "application/sparql-results+json;q=0.2, application/json;q=0.9, text/csv;q=0.5",
            "text/csv",
        ),
        ('text/csv;note="a, b;q=0"', "text/csv"),
        ('image/png;note="text/csv', None),
        ("text/csv;charset=utf-8;q=0.7, application/sparql-results+xml;q=0.6", "text/csv"),
        ("application/sparql-results+json;q=0, */*", XML),
        ("text/csv;q=high, application/sparql-results+xml;q=0.1", XML),
        ("text/csv;q=1.001, application/sparql-results+xml;q=0.1", XML),
        (f"{XML}, {JSON}", XML),
    ],
)
def test_results_follow_accept(accept, results):
    assert choose(accept).results == results


@pytest.mark.parametrize(
    ("accept", "graph"),
    [
        ("application/rdf+xml;q=0.5, text/turtle;q=0.4", "application/rdf+xml"),
        ("application/json", "application/ld+json"),
        ("application/json, text/plain, */*", "application/ld+json"),
        ("text/*", "text/turtle"),
        ("text/plain", "application/n-triples"),
        (
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
            "application/ld+json",
        ),
        ("text/csv", None),
        ("*/*;q=0", None),
    ],
)
def test_a_graph_follows_accept(accept, graph):
    assert choose(accept).graph == graph


def test_a_format_that_is_not_offered_gives_no_choice():
    assert choose("image/png") == FormatChoice(results=None, graph=None)


@pytest.mark.parametrize(
    ("name", "results", "graph"),
    [
        ("json", JSON, "application/ld+json"),
        ("xml", XML, "application/rdf+xml"),
        ("csv", "text/csv", None),
        ("turtle", None, "text/turtle"),
        ("jsonld", None, "application/ld+json"),
        ("JSON", JSON, "application/ld+json"),
        ("text/turtle; charset=utf-8", None, "text/turtle"),
        ("application/ld+json", None, "application/ld+json"),
        ("application/ld json", None, "application/ld+json"),
        ("application/json", JSON, "application/ld+json"),
    ],
)
def test_a_named_format_wins_over_accept(name, results, graph):
    assert choose("image/png", name) == FormatChoice(results=results, graph=graph)


@pytest.mark.parametrize("name", ["", "yaml", "text/*", "application/pdf"])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(UnknownFormatError) as caught:
        choose(None, name)

    assert {"json", "csv", "turtle", "jsonld"} <= set(caught.value.known)


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (FIREFOX, True),
        ("text/html", True),
        ("application/xhtml+xml", True),
        ("text/html;q=0.5, */*;q=0.1", True),
        (None, False),
        ("*/*", False),
        ("text/*", False),
        ("application/sparql-results+json, text/html", False),
        ("text/html;q=0.5, text/turtle;q=0.6", False),
        ("text/html;q=0", False),
        ("image/png", False),
    ],
)
def test_a_browser_is_told_from_a_program(accept, page):
    assert wants_page(accept) is page


HEADER_PIECES = st.sampled_from(
    [
        "text",
        "csv",
        "*",
        "/",
        ";",
        "q",
        "=",
        "0.5",
        "1",
        ",",
        '"',
        "\\",
        " ",
        "\n",
        "+",
        "é",
        "\x00",
    ]
)


@given(st.one_of(st.text(), st.lists(HEADER_PIECES).map("".join)))
@example(";")
@example('"' * 500)
@example('"\\' * 500)
def test_no_header_raises(header):
    choose(header)
    wants_page(header)


@given(st.text())
def test_a_name_is_known_or_refused_and_nothing_else(name):
    try:
        chosen = choose(None, name)
    except UnknownFormatError:
        return
    assert chosen.results or chosen.graph


@st.composite
def weighted_headers(draw):
    """An ``Accept`` header over our own result formats, each with a quality of its own."""
    formats = draw(st.lists(st.sampled_from(RESULT_FORMATS), min_size=1, unique=True))
    thousandths = draw(
        st.lists(st.integers(1, 1000), min_size=len(formats), max_size=len(formats), unique=True)
    )
    return list(zip(formats, thousandths, strict=True))


@given(weighted_headers())
def test_the_highest_quality_wins_wherever_it_stands(weighted):
    header = ", ".join(f"{each.media_type};q={q // 1000}.{q % 1000:03}" for each, q in weighted)

    assert choose(header).results == max(weighted, key=lambda pair: pair[1])[0].media_type


@given(st.sampled_from(FORMATS), st.integers(1, 999))
def test_quality_zero_forbids_a_format_whatever_the_wildcard_says(each, thousandths):
    chosen = choose(f"{each.media_type};q=0, */*;q=0.{thousandths:03}")

    assert each.media_type not in (chosen.results, chosen.graph)


def test_ranges_keep_the_order_of_the_header():
    ranges = parse_accept("text/turtle, text/csv;q=0.5")

    assert [(each.subtype, each.quality) for each in ranges] == [("turtle", 1.0), ("csv", 0.5)]
