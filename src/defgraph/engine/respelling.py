"""Spellings that are SPARQL and that the engine's parser does not take, in those that it does.

Keywords are those of any case but ``a`` (SPARQL 1.1 Query, section 19.8), TRUE and FALSE too; and
white space and comments may stand between any two tokens, after CONCAT, COALESCE and BNODE too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from defgraph.engine.syntax.reading import Lexeme, read

_UNSPACED: Final = frozenset(("CONCAT", "COALESCE", "BNODE"))


def respelt(text: str, *, is_update: bool = False) -> str:
    """Return *text*, which the engine refused, as long as it was and with such spellings changed.

    What is not SPARQL is returned as it is.
    """
    reading = read(text, is_update=is_update)
    if reading.stop is not None or not reading.is_whole:
        return text
    parts, done = [], 0
    for start, changed in _changes(text, reading.lexemes):
        parts += [text[done:start], changed]
        done = start + len(changed)
    return "".join([*parts, text[done:]])


def _changes(text: str, lexemes: list[Lexeme]) -> Iterator[tuple[int, str]]:
    for each, after in pairwise([*lexemes, Lexeme("", "", len(text))]):
        gap = text[each.end : after.start]
        if each.symbol in {"true", "false"}:
            yield each.start, each.symbol
        elif each.symbol in _UNSPACED and after.symbol == "(" and gap:
            yield each.start, gap + each.text
