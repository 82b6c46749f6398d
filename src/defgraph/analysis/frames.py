"""Solutions as a data frame: a column a variable, of the type that all its values have.

=============================================  ================================================
values of a variable                           column
=============================================  ================================================
booleans                                       boolean
integers                                       64-bit integer; text if one is larger
decimals, maybe with integers                  decimal; text if they need more than 38 digits
doubles and floats                             64-bit float
dates                                          date
dateTimes, all with a time zone                microseconds in UTC
dateTimes, all without                         microseconds, without a zone
times without a time zone                      time of day
nothing else: IRIs, text, several types        text, as RDF writes it: IRIs in full, no language
=============================================  ================================================

What is unbound is null. Nothing is rounded or made more precise: a month (``xsd:gYearMonth``) is
text, and so is a column that has a day and a month. For the language of text ask for ``LANG(?x)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, cast

from defgraph.errors import ExtraNeededError
from defgraph.results import Solutions, Value, written

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Kind: TypeAlias = Literal[
    "text", "boolean", "integer", "decimal", "float", "date", "instant", "local", "time", "nothing"
]
Library: TypeAlias = Literal["polars", "pandas"]

EXTRA: Final = "frames"

_INT64: Final = range(-(2**63), 2**63)
_DIGITS: Final = 38
_KINDS: Final[dict[type, Kind]] = {
    bool: "boolean",
    int: "integer",
    float: "float",
    Decimal: "decimal",
    date: "date",
    time: "time",
}


class Column(NamedTuple):
    """The values of a variable, all of one kind; None is unbound."""

    kind: Kind
    values: Sequence[object]


def columns(found: Solutions) -> dict[str, Column]:
    """Return each variable's column."""
    return {name: _column(found.column(name)) for name in found.variables}


def polars_frame(found: Solutions) -> pl.DataFrame:
    """Return the solutions as a frame of polars; raises ExtraNeededError where there is none."""
    try:
        import polars as pl
    except ImportError as error:
        raise ExtraNeededError("polars", EXTRA) from error
    types: dict[Kind, type[pl.DataType] | pl.DataType] = {
        "text": pl.String,
        "boolean": pl.Boolean,
        "integer": pl.Int64,
        "float": pl.Float64,
        "date": pl.Date,
        "instant": pl.Datetime("us", "UTC"),
        "local": pl.Datetime("us"),
        "time": pl.Time,
        "nothing": pl.Null,
    }
    made = {}
    for name, (kind, values) in columns(found).items():
        if kind == "decimal":
            made[name] = pl.Series(name, values, pl.Decimal(_DIGITS, _scale(values)))
        else:
            made[name] = pl.Series(name, values, types[kind])
    return pl.DataFrame(made)


def pandas_frame(found: Solutions) -> pd.DataFrame:
    """Return the solutions as a frame of pandas; raises ExtraNeededError where there is none.

    Dates, times and decimals are Python's, as pandas has no types of its own for them.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ExtraNeededError("pandas", None) from error
    types: dict[Kind, str] = {
        "text": "string",
        "boolean": "boolean",
        "integer": "Int64",
        "float": "Float64",
        "instant": "datetime64[us, UTC]",
        "local": "datetime64[us]",
    }
    made = {}
    for name, (kind, values) in columns(found).items():
        made[name] = pd.Series(values, dtype=types.get(kind, "object"))
    return pd.DataFrame(made, columns=list(made))


def _column(values: Sequence[Value | None]) -> Column:
    kinds = {_kind(value) for value in values if value is not None}
    kind: Kind = "text"
    if not kinds:
        kind = "nothing"
    elif kinds == {"decimal", "integer"}:
        kind = "decimal"
    elif len(kinds) == 1:
        (kind,) = kinds
    if kind == "integer" and not all(each is None or each in _INT64 for each in values):
        kind = "text"
    if kind == "decimal" and not _fits(values):
        kind = "text"
    if kind == "text":
        return Column(kind, [None if value is None else written(value) for value in values])
    if kind == "decimal":
        return Column(kind, [None if value is None else _decimal(value) for value in values])
    if kind == "instant":
        return Column(
            kind,
            [None if each is None else cast(datetime, each).astimezone(UTC) for each in values],
        )
    return Column(kind, list(values))


def _kind(value: Value) -> Kind:
    if isinstance(value, datetime):
        return "local" if value.tzinfo is None else "instant"
    if isinstance(value, time) and value.tzinfo is not None:
        return "text"
    return _KINDS.get(type(value), "text")


def _decimal(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(cast(int, value))


def _fits(values: Sequence[Value | None]) -> bool:
    numbers = [_decimal(each) for each in values if each is not None]
    before = max((each.adjusted() + 1 for each in numbers), default=0)
    return max(before, 1) + _scale(numbers) <= _DIGITS


def _scale(values: Sequence[object]) -> int:
    """Return how many digits after the point the values need."""
    exponents = [each.as_tuple().exponent for each in values if isinstance(each, Decimal)]
    return max([0, *(-each for each in exponents if isinstance(each, int))])
