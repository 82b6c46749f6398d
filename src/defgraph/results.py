"""Solutions as Python values, and as cells of a table.

=============================================  ==============================================
RDF term                                       Python value
=============================================  ==============================================
IRI                                            :class:`IRI` (a ``str``)
blank node                                     :class:`BlankNode` (a ``str``, its label)
literal with a language                        :class:`LangString` (a ``str`` with a language)
xsd:string                                     ``str``
xsd:boolean                                    ``bool``
xsd:integer and the types derived from it      ``int``
xsd:decimal                                    ``decimal.Decimal``
xsd:double, xsd:float                          ``float``
xsd:date, xsd:time, xsd:dateTime               ``datetime.date``, ``time``, ``datetime``
anything else: gYearMonth, gYear, ill-typed    :class:`Literal`, with its lexical form
=============================================  ==============================================
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, Self, TypeAlias, overload

import pyoxigraph as ox

from defgraph.errors import QueryEvaluationError
from defgraph.namespaces import XSD, shorten


class IRI(str):
    """The name of a thing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"IRI({str.__repr__(self)})"


class BlankNode(str):
    """A thing without a name; the label means nothing outside one answer."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"BlankNode({str.__repr__(self)})"


class LangString(str):
    """Text in a language: a ``str`` that also has :attr:`language`, such as ``en``."""

    __slots__ = ("language",)

    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """Make the text *text* in *language*."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __reduce__(self) -> tuple[type[LangString], tuple[str, str]]:
        return LangString, (str(self), self.language)

    def __repr__(self) -> str:
        return f"LangString({str.__repr__(self)}, {self.language!r})"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal that no Python type holds without loss, such as ``"2025-12"^^xsd:gYearMonth``."""

    lexical: str
    datatype: IRI

    def __str__(self) -> str:
        return self.lexical


Value: TypeAlias = (
    IRI | BlankNode | LangString | Literal | str | bool | int | float | Decimal | date | time
)
Solution: TypeAlias = dict[str, Value | None]


@dataclass(frozen=True, slots=True)
class Solutions(Sequence[Solution]):
    """What a SELECT answers: one dict a solution, with every projected variable as a key.

    A variable that is unbound in a solution is None there.
    """

    variables: tuple[str, ...]
    items: tuple[Solution, ...]

    @overload
    def __getitem__(self, index: int) -> Solution: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Solution, ...]: ...
    def __getitem__(self, index: int | slice) -> Solution | tuple[Solution, ...]:
        return self.items[index]

    def __iter__(self) -> Iterator[Solution]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def column(self, variable: str) -> list[Value | None]:
        """The values of one variable, in the order of the solutions."""
        return [solution[variable] for solution in self.items]

    def _repr_html_(self) -> str:
        """A table for a notebook: the first solutions, with IRIs as links."""
        heads = "".join(f"<th>{html.escape(name)}</th>" for name in self.variables)
        rows = "".join(
            f"<tr>{''.join(f'<td>{_html_cell(each[name])}</td>' for name in self.variables)}</tr>"
            for each in self.items[:_SHOWN]
        )
        more = len(self) - _SHOWN
        rest = f"<p>and {more:,} more solutions</p>" if more > 0 else ""
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{rest}"


_SHOWN: Final = 100  # solutions in a notebook


def _html_cell(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, IRI):
        text = html.escape(shorten(value))
        linked = value.startswith(("http://", "https://"))
        return f'<a href="{html.escape(value)}">{text}</a>' if linked else text
    if isinstance(value, LangString):
        return f'<span lang="{html.escape(value.language)}">{html.escape(value)}</span>'
    return html.escape(f"_:{value}" if isinstance(value, BlankNode) else str(value))


def solutions(found: ox.QuerySolutions) -> Solutions:
    """Take every solution that the engine finds."""
    names = tuple(variable.value for variable in found.variables)
    return Solutions(
        names,
        tuple({name: _value_or_none(each[name]) for name in names} for each in found),
    )


def decode(body: bytes, media_type: str) -> Solutions | bool:
    """Read what a store answered to a SELECT or an ASK, in any results format but CSV.

    CSV forgets what is an IRI and what is text; ``ValueError`` is raised for it.
    """
    form = ox.QueryResultsFormat.from_media_type(media_type)
    if form == ox.QueryResultsFormat.CSV:
        raise ValueError("an answer in CSV cannot be decoded; ask for JSON")
    parsed = ox.parse_query_results(body, format=form)
    return bool(parsed) if isinstance(parsed, ox.QueryBoolean) else solutions(parsed)


def value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value:
    """Return a term as a Python value.

    Raises QueryEvaluationError for a triple term of RDF 1.2, which has none.
    """
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if isinstance(term, ox.BlankNode):
        return BlankNode(term.value)
    if isinstance(term, ox.Triple):
        raise QueryEvaluationError("the answer holds a triple term of RDF 1.2")
    if term.language:
        return LangString(term.value, term.language)
    datatype = term.datatype.value
    convert = _CONVERSIONS.get(datatype)
    if convert is None:
        return Literal(term.value, IRI(datatype))
    try:
        return convert(term.value)
    except (ValueError, ArithmeticError):
        return Literal(term.value, IRI(datatype))


def cells(found: Solutions) -> Iterator[list[str]]:
    """Yield the solutions as rows of text for a person to read; unbound is empty."""
    for solution in found:
        yield [cell(solution[name]) for name in found.variables]


def cell(of: Value | None) -> str:
    """Return a value as a person reads it in a table: names short, text without marks.

    Text shows its language, since the same words may stand there in two.
    """
    match of:
        case None:
            text = ""
        case IRI():
            text = shorten(of)
        case LangString():
            text = f"{of} @{of.language}"
        case _:
            text = written(of)
    return text


def written(of: Value) -> str:
    """Return a value as RDF writes it: an IRI in full, a literal's lexical form."""
    match of:
        case bool():
            return "true" if of else "false"
        case BlankNode():
            return f"_:{of}"
        case date() | time():
            return of.isoformat().replace("+00:00", "Z")
        case Decimal():
            return f"{of:f}"
        case float():
            return {"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(repr(of), repr(of))
        case _:
            return str(of)


def _value_or_none(
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,
) -> Value | None:
    return None if term is None else value(term)


def _boolean(lexical: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[lexical]


def _matching(pattern: str, convert: Callable[[str], Value]) -> Callable[[str], Value]:
    """Convert only lexical forms of the datatype: Python's own parsers take more than that."""
    compiled: Final = re.compile(pattern)

    def converted(lexical: str) -> Value:
        if not compiled.fullmatch(lexical):
            raise ValueError(lexical)
        return convert(lexical)

    return converted


def _double(lexical: str) -> float:
    return float(lexical.replace("INF", "inf"))


_ZONE: Final = r"(?:Z|[+-]\d\d:\d\d)?"
_DATE: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d:\d\d(?:\.\d{1,6})?"  # Python has no more than microseconds
_DOUBLE: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"
_INTEGERS: Final = (
    *("integer", "int", "long", "short", "byte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
    *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
)


def _conversions() -> Iterable[tuple[str, Callable[[str], Value]]]:
    yield "string", str
    yield "boolean", _matching("true|false|0|1", _boolean)
    for name in _INTEGERS:
        yield name, _matching(r"[+-]?\d+", int)
    yield "decimal", _matching(r"[+-]?(?:\d+\.?\d*|\.\d+)", Decimal)
    yield "double", _matching(_DOUBLE, _double)
    yield "float", _matching(_DOUBLE, _double)
    yield "date", _matching(_DATE, date.fromisoformat)  # a date with a zone stays a literal
    yield "time", _matching(_TIME + _ZONE, time.fromisoformat)
    yield "dateTime", _matching(_DATE + "T" + _TIME + _ZONE, datetime.fromisoformat)


_CONVERSIONS: Final = {XSD + name: convert for name, convert in _conversions()}
