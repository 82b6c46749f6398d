"""The tokens of SPARQL and Turtle text, for what must be known without parsing it.

A tokenizer cannot tell valid text from invalid; it tells a name in a string or a comment from one
that counts, and where each thing stands. Positions are offsets in characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from unicodedata import combining, east_asian_width


class Kind(Enum):
    """What sort of token it is."""

    COMMENT = auto()
    STRING = auto()
    IRI = auto()
    VARIABLE = auto()
    BLANK_NODE = auto()
    NAME = auto()  # a prefixed name: def:Agreement, def:, :x
    LANGUAGE = auto()
    NUMBER = auto()
    WORD = auto()  # a keyword, a function's name, a
    MARK = auto()  # anything else, one character


@dataclass(frozen=True, slots=True)
class Token:
    """One token, and where it begins."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Tell whether it is one of these keywords, in any case."""
        return self.kind is Kind.WORD and self.text.upper() in words


_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PATTERN: Final = re.compile(
    rf'''(?P<COMMENT>\#[^\r\n]*)
    |(?P<STRING>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<IRI><(?:[^<>"{{}}|^`\\\x00-\x20]|{_UCHAR})*>)
    |(?P<VARIABLE>[?$]\w+)
    |(?P<BLANK_NODE>_:\w(?:[\w.-]*[\w-])?)
    |(?P<NAME>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:
        (?:(?:[\w:]|%[0-9A-Fa-f]{{2}}|\\[^\w\s])
           (?:(?:[\w:.-]|%[0-9A-Fa-f]{{2}}|\\[^\w\s])*(?:[\w:-]|%[0-9A-Fa-f]{{2}}|\\[^\w\s]))?)?)
    |(?P<LANGUAGE>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<NUMBER>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<WORD>[^\W\d]\w*)
    |(?P<MARK>\S)''',
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> Iterator[Token]:
    """Yield every token of *text* but its comments, in order."""
    for match in _PATTERN.finditer(text):
        kind = Kind[str(match.lastgroup)]
        if kind is not Kind.COMMENT:
            yield Token(kind, match.group(), match.start())


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of *offset*, both from 1, in characters."""
    before = text[:offset].replace("\r\n", " \n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def lines_of(text: str) -> list[str]:
    """Return the lines of *text* as `position` counts them, without what ends them."""
    return _LINE_END.split(text)


def pointer(line: str, column: int) -> str:
    """Return what stands under a *line* so that its last character, ``^``, is under *column*."""
    before = line[: column - 1]
    gaps = ("\t" if each == "\t" else " " * _width(each) for each in before)
    return "".join(gaps) + "^"


def offset(text: str, line: int, column: int) -> int:
    """Return the offset of a line and column, both from 1; lines end with a line feed."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return len(text)
    return min(start + column - 1, len(text))


def _width(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in {"F", "W"} else 1
