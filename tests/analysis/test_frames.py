"""Solutions as data frames: real types, and nothing lost without being said."""

import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import defgraph
from defgraph.analysis.frames import columns, pandas_frame, polars_frame
from defgraph.errors import ExtraNeededError, NotAcceptableError
from defgraph.results import IRI, BlankNode, LangString, Literal, Solutions, written

MONTH = Literal("2025-12", IRI("http://www.w3.org/2001/XMLSchema#gYearMonth"))


def found(*values):
    return Solutions(("x",), tuple({"x": value} for value in values))


@pytest.mark.parametrize(
    ("values", "dtype", "held"),
    [
        ((True, None, False), pl.Boolean, [True, None, False]),
        ((1, None, -(2**63)), pl.Int64, [1, None, -(2**63)]),
        ((2**63, 1), pl.String, ["9223372036854775808", "1"]),
        ((1.5, float("inf")), pl.Float64, [1.5, float("inf")]),
        ((Decimal("1.50"), 2), pl.Decimal(38, 2), [Decimal("1.50"), Decimal("2.00")]),
        ((Decimal("1E+3"),), pl.Decimal(38, 0), [Decimal(1000)]),
        ((Decimal("1." + "1" * 40),), pl.String, ["1." + "1" * 40]),
        ((date(2025, 12, 1), None), pl.Date, [date(2025, 12, 1), None]),
        ((date(2025, 12, 1), MONTH), pl.String, ["2025-12-01", "2025-12"]),
        ((MONTH,), pl.String, ["2025-12"]),
        ((time(1, 2, 3),), pl.Time, [time(1, 2, 3)]),
        ((time(1, 2, 3, tzinfo=UTC),), pl.String, ["01:02:03Z"]),
        ((1, 1.5), pl.String, ["1", "1.5"]),
        ((1, True), pl.String, ["1", "true"]),
        ((IRI("http://e/a"), None), pl.String, ["http://e/a", None]),
        ((LangString("a", "en"), "b", BlankNode("c")), pl.String, ["a", "b", "_:c"]),
        ((None, None), pl.Null, [None, None]),
        ((), pl.Null, []),
    ],
)
def test_a_column_has_the_type_that_all_its_values_have(values, dtype, held):
    column = polars_frame(found(*values))["x"]

    assert (column.dtype, column.to_list()) == (dtype, held)


def test_moments_are_in_utc_and_those_without_a_zone_stay_without():
    tokyo = datetime(2025, 12, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    naive = datetime(2025, 12, 1, 9)  # noqa: DTZ001 - that is the case

    assert polars_frame(found(tokyo))["x"].to_list() == [datetime(2025, 12, 1, 0, tzinfo=UTC)]
    assert polars_frame(found(naive))["x"].to_list() == [naive]
    assert polars_frame(found(tokyo, naive))["x"].to_list() == [
        "2025-12-01T09:00:00+09:00",
        "2025-12-01T09:00:00",
    ]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False),
    st.dates(min_value=date(1000, 1, 1)),
    st.datetimes(min_value=datetime(1000, 1, 1)),  # noqa: DTZ001
    st.datetimes(min_value=datetime(1000, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001
    st.times(),
    st.text(),
    st.text().map(IRI),
    st.text().map(BlankNode),
    st.just(MONTH),
)


@given(
    st.one_of(
        st.lists(VALUES),
        *(
            st.lists(each | st.none())
            for each in (
                st.integers(),
                st.decimals(allow_nan=False, allow_infinity=False),
                st.datetimes(min_value=datetime(1000, 1, 1)),  # noqa: DTZ001
            )
        ),
    )
)
def test_every_value_is_in_both_frames_as_it_is_or_as_rdf_writes_it(values):
    (column,) = columns(found(*values)).values()
    if column.kind == "text":
        expected = [None if each is None else written(each) for each in values]
    else:
        expected = values

    assert polars_frame(found(*values))["x"].to_list() == expected
    ours = pandas_frame(found(*values))["x"]
    assert [None if pd.isna(each) else each for each in ours] == expected


def test_a_query_becomes_a_frame():
    graph = defgraph.open()
    query = "SELECT ?state ?x { ?state def:hasCapital/def:longitude ?x } ORDER BY ?state LIMIT 3"

    frame = graph.frame(query)
    assert (frame.columns, frame.height) == (["state", "x"], 3)
    assert frame.schema["x"] == pl.Decimal(38, 5)
    assert list(graph.frame(query, library="pandas")["state"]) == frame["state"].to_list()


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_another_form_of_query_is_no_frame(query):
    with pytest.raises(NotAcceptableError):
        defgraph.open().frame(query)


def test_a_missing_library_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(ExtraNeededError, match=r"pip install 'defgraph\[frames\]'"):
        polars_frame(found(1))
    with pytest.raises(ExtraNeededError, match="pip install pandas"):
        pandas_frame(found(1))


def test_a_moment_that_python_would_cut_stays_as_it_is_written():
    query = 'SELECT ?x { VALUES ?x { "2025-12-01T00:00:00.123456789Z"^^xsd:dateTime } }'

    assert defgraph.open().frame(query)["x"].to_list() == ["2025-12-01T00:00:00.123456789Z"]
