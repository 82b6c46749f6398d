"""What to tell of the first token that does not fit: what was expected, and what may be meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import Final

from defgraph.engine.syntax import habits
from defgraph.engine.syntax.grammar import grammar
from defgraph.engine.syntax.habits import QUERIES
from defgraph.engine.syntax.reading import CLOSING, END, Stop
from defgraph.engine.syntax.spelling import Complaint
from defgraph.engine.syntax.wording import in_words, shown
from defgraph.errors.base import either
from defgraph.tokens import position

UPDATES: Final = (
    "INSERT",
    "DELETE",
    "WITH",
    "LOAD",
    "CLEAR",
    "DROP",
    "CREATE",
    "ADD",
    "MOVE",
    "COPY",
)
_OF_OTHER_LANGUAGES: Final = {"AND": "'&&'", "OR": "'||'", "LIKE": "REGEX or CONTAINS"}
_OPERATOR: Final = "&&"
_FUNCTION: Final = "STRLEN"
"""Where this operator or this function may stand, any may."""

_IRI: Final = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#])[^>\r\n]*(>?)")
_STRAY: Final = re.compile(r'[<"{}|^`\\\x00-\x20]')


def complaint(stop: Stop, text: str, *, is_update: bool) -> Complaint | None:
    """Return what to tell of it; None of an escape, which may stand for any character."""
    if text.startswith(("\\u", "\\U"), stop.found.start):
        return None
    expected = in_words(stop.expected)
    return (
        _unclosed_token(stop, text)
        or _bracket(stop, text, expected)
        or _other_form(stop, text, expected, is_update=is_update)
        or _not_fitting(stop, text, expected, is_update=is_update)
    )


def _unclosed_token(stop: Stop, text: str) -> Complaint | None:
    found = stop.found
    if found.symbol in {"'", '"'}:
        reason = f"the string that begins with this {found.symbol} is never closed"
        return Complaint(found.start, reason, (found.symbol,))
    iri = _IRI.match(text, found.start) if "IRIREF" in stop.expected else None
    if iri is None:
        return None
    stray = _STRAY.search(iri[0], 1)
    if not iri[1] or stray is None:
        reason = "this IRI is never closed, or holds a space or another stray mark"
        return Complaint(found.start, reason, ("'>'",))
    mark = "a space" if stray[0] == " " else f"the mark {stray[0]!r}"
    return Complaint(found.start, f"this IRI holds {mark}, which none may hold", ("an IRI",))


def _bracket(stop: Stop, text: str, expected: tuple[str, ...]) -> Complaint | None:
    """Tell of one that is never closed, of one that closes nothing, or closes another."""
    found, inner = stop.found, stop.open[-1] if stop.open else None
    closes = found.symbol in CLOSING.values()
    if inner is None:
        reason = f"'{found.text}' closes nothing"
        return Complaint(found.start, reason, expected) if closes else None
    closing = CLOSING[inner.symbol]
    if closing not in stop.expected:
        return None
    if found.symbol == END:
        return Complaint(inner.start, f"'{inner.text}' is never closed", (f"'{closing}'",))
    line, column = position(text, inner.start)
    where = f"the '{inner.text}' of line {line}, column {column}"
    reason = f"expected '{closing}' to close {where}, found '{found.text}'"
    return Complaint(found.start, reason, expected) if closes else None


def _other_form(
    stop: Stop, text: str, expected: tuple[str, ...], *, is_update: bool
) -> Complaint | None:
    """Tell of an update where a query is expected, and of a query where an update is."""
    symbol, start = stop.found.symbol, stop.found.start
    if is_update and symbol in QUERIES and "INSERT" in stop.expected:
        told = f"{symbol} is a query: only updates are done here, queries are answered at /sparql"
        return Complaint(start, f"{told} and by 'defgraph query'", expected)
    if not is_update and symbol in UPDATES and "ASK" in stop.expected:
        sql = habits.of_another_language(text)
        told = f"{symbol} is an update: only queries are answered here, updates are done at /update"
        told = f"{told} and by 'defgraph update'"
        return Complaint(start, f"{told}; {sql}" if sql else told, expected)
    return None


def _not_fitting(stop: Stop, text: str, expected: tuple[str, ...], *, is_update: bool) -> Complaint:
    told = f"found {shown(stop.found)}"
    if stop.found.symbol == END:
        told = f"the {'update' if is_update else 'query'} ends too early"
    hint = habits.meant(stop, text) or _meant(stop, text)
    reason = f"{told}, expected {either(expected)}{f'; {hint}' if hint else ''}"
    return Complaint(stop.found.start, reason, expected)


def _meant(stop: Stop, text: str) -> str:
    """Return what the author may have meant, or nothing."""
    found, word = stop.found, stop.found.text[:40]
    if found.symbol == "=" and text[found.start - 1 : found.start] == "=":
        return "equality is one '='"
    near = _near(word, stop) if word[:1].isalpha() else ""
    is_call = text[found.end :].lstrip(" \t\r\n")[:1] == "("
    if near:
        return f"did you mean {near}?"
    if is_call and _FUNCTION in stop.expected and word[:1].isalpha():
        return f"there is no function {word}"
    if found.symbol in grammar().first["BuiltInCall"] and "(" in stop.expected:
        return "what is worked out stands in brackets: (... AS ?name)"
    if word.isidentifier() and found.symbol not in _keywords() and "VAR" in stop.expected:
        name = f", a name with a prefix: def:{word}" if "PNAME_LN" in stop.expected else ""
        return f"a variable begins with a question mark: ?{word}{name}"
    return ""


def _near(word: str, stop: Stop) -> str:
    """Return the keyword that is expected and looks like *word*, or what it is in SPARQL."""
    keywords = [each for each in stop.expected if each in _keywords()]
    near = get_close_matches(word.upper(), keywords, n=1, cutoff=0.7)
    if near:
        return near[0]
    if word == "A" and "a" in stop.expected:
        return "a"
    return _OF_OTHER_LANGUAGES.get(word.upper(), "") if _OPERATOR in stop.expected else ""


@cache
def _keywords() -> frozenset[str]:
    """Return the words of the language, without the names of kinds of tokens."""
    rules = grammar().productions
    symbols = {symbol for each in rules.values() for sequence in each for symbol in sequence}
    kinds = {"VAR", "IRIREF", "PNAME_LN", "PNAME_NS", "STRING", "LONG_STRING", "LANG_DIR"}
    kinds |= {"INTEGER", "DECIMAL", "SIGNED", "BLANK_NODE_LABEL"}
    return frozenset(each for each in symbols if each.isidentifier() and each.isupper()) - kinds
