"""What people write who come from elsewhere: from a word processor, a web page, a listing or SQL.

Such a text fails at its first strange mark, and what could stand there helps nobody. So the mark,
or what it is part of, is recognised and what SPARQL has instead is told.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from defgraph.engine.syntax.reading import END, Stop

QUERIES: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

_STRING: Final = 'a string stands in straight quotation marks, as in "Japan"'
_QUOTES: Final = frozenset("“”„‟‘’‚‛«»‹›「」『』″′`´")  # noqa: RUF001 - that is what it is about
_DASHES: Final = frozenset("‐‑‒–—―−")  # noqa: RUF001
_SQL: Final = re.compile(
    r"\s*(?:SELECT\b[^{}]*?\bFROM\s+(?!NAMED\b)[\"`\[]?[A-Z_][\w.]*(?![\w.-]*:)|INSERT\s+INTO\b"
    r"|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|SHOW\s+TABLES\b|CREATE\s+TABLE\b)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"[ \t]*(\d+)[.:|)]?(?=[ \t\r\n])")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MODIFIERS: Final = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")
_AFTER_ORDER: Final = re.compile(r"\b(?:ASC|DESC)\s*\Z", re.IGNORECASE)


def meant(stop: Stop, text: str) -> str:
    """Return what its author may be used to, and what SPARQL has instead; or nothing."""
    return next((hint for each in _HABITS for hint in each(stop, text)), "")


def of_another_language(text: str) -> str:
    """Return what to tell of a text that is SQL; or nothing."""
    looks_like_sql = "this looks like SQL; SPARQL asks for patterns: SELECT ?x { ?x a def:State }"
    return looks_like_sql if _SQL.match(text) else ""


def _of_the_text(stop: Stop, text: str) -> Iterator[str]:
    """Tell of what surrounds the query: it was copied together with it, or it is no SPARQL."""
    at, found = stop.found.start, stop.found.text
    if sql := of_another_language(text):
        yield sql
    if _has_line_numbers(text, at):
        yield "line numbers were copied with the text; take them out"
    if text.startswith("```", at):
        yield "take out the lines with ``` around the query"
    if re.match(r"%[0-9A-Fa-f]{2}", text[at : at + 3]):
        yield "the text is percent-encoded, as part of a URL; decode it first"
    if entity := re.match(r"&(?:\w+|#\d+|#x[0-9A-Fa-f]+);", text[at : at + 12]):
        yield f"the text is HTML; write {html.unescape(entity[0])} for {entity[0]}"
    if "ASK" in stop.expected and found[1:-1].lstrip().upper().startswith((*QUERIES, "PREFIX")):
        yield "take out the quotation marks around the query"
    if text.startswith(("//", "--"), at):
        yield "a comment begins with #"


def _of_the_mark(stop: Stop, _text: str) -> Iterator[str]:
    """Tell of marks that only look like those of SPARQL, or cannot be seen at all."""
    mark = stop.found.text[:1]
    plain = unicodedata.normalize("NFKC", mark)
    if mark in _QUOTES:
        yield _STRING
    if mark in _DASHES:
        yield "a minus sign is the mark -"
    if mark and unicodedata.category(mark) in {"Zs", "Zl", "Zp"} and mark != " ":
        yield "write an ordinary space"
    if mark and unicodedata.category(mark) == "Cf":
        yield "it cannot be seen; delete it"
    if plain != mark and plain.isascii() and plain.isprintable():
        yield f"write the ASCII mark {plain}"


def _of_the_place(stop: Stop, text: str) -> Iterator[str]:
    """Tell of what stands otherwise in SPARQL than in its relatives."""
    symbol, at, expected = stop.found.symbol, stop.found.start, set(stop.expected)
    before = text[:at]
    if symbol == "." and {"PREFIX", "ASK"} <= expected and before.strip():
        yield "in SPARQL no dot ends a PREFIX"
    if symbol == "LANG_DIR" and stop.found.text.lower() in {"@prefix", "@base"}:
        yield f"in SPARQL it is {stop.found.text[1:].upper()}, without the @ and without a dot"
    if symbol == "," and {"VAR", "WHERE"} <= expected:
        yield "there are no commas between variables"
    if symbol == ">" and before.endswith("<"):
        yield "did you mean '!='?"
    if symbol == "^" and "^^" in expected:
        yield "a datatype stands after '^^'"
    if text[at : at + 1] == "-" and (date := _DATE.match(text, max(0, at - 4))):
        yield f'a date is a string with a datatype: "{date[0]}"^^xsd:date'
    if "(" in expected and _AFTER_ORDER.search(before):
        yield "what to order by stands in brackets: DESC(?x)"
    yield from _of_the_end(stop)


def _of_the_end(stop: Stop) -> Iterator[str]:
    symbol, expected = stop.found.symbol, set(stop.expected)
    if symbol == "TOP" and "DISTINCT" in expected:
        yield "how many stands at the end: LIMIT 10"
    if END not in expected:
        return
    if symbol in _MODIFIERS and symbol not in expected:
        yield "their order is GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET"
    if symbol == ";" and ";" not in expected:
        yield "no mark ends a query"
    if symbol in QUERIES:
        yield "send one query at a time"


def _has_line_numbers(text: str, at: int) -> bool:
    """Tell whether the line of *at* begins there with a number, and one beside it with the next."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    if text[start:at].strip() or not _NUMBERED.match(text, start):
        return False
    numbers = _numbers_around(text, start)
    return any(after == before + 1 for before, after in pairwise(numbers))


def _numbers_around(text: str, start: int) -> Iterator[int]:
    """Yield what numbers the lines from *start* on begin with: those of three."""
    for line in text[start : start + 10_000].splitlines()[:3]:
        found = _NUMBERED.match(f"{line} ")
        if found is not None and len(found[1]) <= 6:
            yield int(found[1])


_HABITS: Final[tuple[Callable[[Stop, str], Iterator[str]], ...]] = (
    _of_the_text,
    _of_the_mark,
    _of_the_place,
)
