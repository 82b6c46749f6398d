"""What a query or an update may not do: fetch from the network.

Oxigraph follows ``SERVICE`` and ``LOAD`` whenever it is asked to, and has no switch. Nothing else
reaches outside: ``FROM`` and ``USING`` name graphs of the dataset. The kernel refuses workers every
connection besides; this guard is what says so in words, before anything is evaluated.

The engine's parser has no tokens: it takes ``1SERVICE`` for a number and a keyword, and whether
``<`` begins an IRI or is a comparison depends on the grammar. So each keyword is sought with what
must follow it, wherever some reading of the text has it outside of strings, comments, IRIs,
variables and names. Text in which no keyword occurs costs a substring search and no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from defgraph.errors import QueryRefusedError
from defgraph.tokens import position

_GAP: Final = r"(?:\s|\#[^\r\n]*(?:[\r\n]|\Z))*"
_IRI: Final = r"<[^<>]*>"
_NAME: Final = r"""[^\s<>{}?$"'\#\\:]*:(?:[^\s<>{}"'\#\\;]|\\.)*"""

_CLAUSE: Final = {
    "service": re.compile(
        rf"SERVICE{_GAP}(?:SILENT{_GAP})?(?P<target>{_IRI}|[?$]\w+|{_NAME}){_GAP}\{{",
        re.IGNORECASE,
    ),
    "load": re.compile(
        rf"LOAD{_GAP}(?:SILENT{_GAP})?(?P<target>{_IRI}|{_NAME}){_GAP}(?:;|INTO|\Z)",
        re.IGNORECASE,
    ),
}
_SILENT_LOAD: Final = re.compile(
    rf"LOAD{_GAP}SILENT{_GAP}(?:{_IRI}|{_NAME})(?:{_GAP}INTO{_GAP}GRAPH{_GAP}(?:{_IRI}|{_NAME}))?",
    re.IGNORECASE,
)

_LEXEME: Final = re.compile(
    r'''(?P<gap>(?:\s|\#[^\r\n]*)+)
    |(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    |(?P<variable>[?$]\w+)
    |(?P<word>(?=[\w.:-])[\w.-]*)(?P<local>:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)(?:[\w.:%-]|\\.)*)?)?
    |\\.|.''',
    re.VERBOSE | re.DOTALL,
)
_ESCAPED_LETTER: Final = re.compile(r"\\(?:u|U0000)00([46][1-9A-Fa-f]|[57][0-9Aa])")

_BEFORE_A_NAME: Final = {"GRAPH", "FROM", "NAMED", "DESCRIBE"}
# After these stands a name, whatever it is called: GRAPH service:g { ... }


def refuse_network(text: str, *, allowed: Collection[str] = (), is_update: bool = False) -> bool:
    """Raise QueryRefusedError if *text* has a SERVICE clause, or is an update that has a LOAD.

    Endpoints in *allowed* may be asked where they are written in full, as ``SERVICE <IRI>``;
    return whether any is.
    """
    words = ["service", "load"] if is_update else ["service"]
    lower = text.lower()
    escaped = "\\u" in lower
    asks_another = False
    if not escaped and not any(word in lower for word in words):
        return asks_another
    for reading in (text, _with_letters(text)) if escaped else (text,):
        for word, start, clause in _clauses(reading, words):
            target = clause["target"]
            if word == "service" and target[0] == "<" and target[1:-1] in allowed:
                asks_another = True
                continue
            raise _refusal(word, text, _offset(text, start, reading))
    return asks_another


class _Place(NamedTuple):
    """What a word can be where it stands, by what stands before it."""

    is_name: bool  # it must be one
    is_beginning: bool  # of an operation of an update


def _clauses(text: str, words: Collection[str]) -> Iterator[tuple[str, int, re.Match[str]]]:
    """Yield each clause, the word that it begins with, and where, in every reading of *text*."""
    for match, place in _words(text):
        end = match.end("word")
        for word in words:
            for start in _occurrences(word, text, match.start(), end):
                clause = _CLAUSE[word].match(text, start)
                # With a colon behind it, it may be the prefix of a name.
                is_prefix = match["local"] is not None and start + len(word) == end
                if clause is None or (is_prefix and place.is_name):
                    continue
                if word == "load" and is_prefix and not place.is_beginning:
                    continue
                yield word, start, clause


def _occurrences(word: str, text: str, start: int, end: int) -> Iterator[int]:
    """Yield where *word* occurs from *start* to *end*: the first time, and the last.

    Behind all but the last begins a name that ends where the others end, so that if one is no
    clause none is; and to look at each would take time by the square of their number.
    """
    found = [each.start() for each in re.finditer(word, text[start:end], re.IGNORECASE)]
    yield from (start + each for each in sorted({*found[:1], *found[-1:]}))


def without_silent_loads(text: str) -> str:
    """Return an update with an operation that does nothing for each ``LOAD SILENT``.

    Such a load may fail (SPARQL 1.1 Update, section 3.1.4), and here it does. Lines stay where they
    are.
    """
    if "load" not in text.lower():
        return text
    parts, done = [], 0
    for match, place in _words(text, every_reading=False):
        if match[0].upper() == "LOAD" and place.is_beginning and match.start() >= done:
            load = _SILENT_LOAD.match(text, match.start())
            if load is not None:
                lines = "".join(mark for mark in load[0] if mark in "\r\n")
                parts += [text[done : load.start()], "INSERT DATA {}", lines]
                done = load.end()
    return "".join([*parts, text[done:]])


def _words(text: str, *, every_reading: bool = True) -> Iterator[tuple[re.Match[str], _Place]]:
    """Yield every word of every reading, or of the likeliest, and what it can be there."""
    readings = [(0, _Place(is_name=False, is_beginning=True))]
    seen: set[tuple[int, _Place]] = set()
    while readings:
        at, place = readings.pop()
        before = ("", "")  # the two lexemes before, in upper case
        while at < len(text) and (at, place) not in seen:
            seen.add((at, place))
            match = _LEXEME.match(text, at)
            assert match is not None  # noqa: S101 - the last alternative is any character
            iri = match["iri"]
            if every_reading and iri is not None and ("'" in iri or "#" in iri):
                # Read as a comparison, it would begin a string or a comment here. Without these
                # marks both readings are at one again after its end.
                readings.append((at + 1, _Place(is_name=False, is_beginning=False)))
            if match["word"]:
                yield match, place
            if match["gap"] is None:
                lexeme = match[0].upper()
                ends_prologue = iri is not None and (
                    before[1] == "BASE" or (before[0] == "PREFIX" and before[1].endswith(":"))
                )
                place = _Place(lexeme in _BEFORE_A_NAME, lexeme == ";" or ends_prologue)
                before = (before[1], lexeme)
            at = match.end()


def _with_letters(text: str) -> str:
    """Return *text* with letters for their escapes (SPARQL 1.1, section 19.2)."""
    return _ESCAPED_LETTER.sub(lambda match: chr(int(match[1], 16)), text)


def _offset(text: str, start: int, reading: str) -> int:
    """Return where in *text* stands what stands at *start* in a *reading* of it."""
    if reading is text:
        return start
    for match in _ESCAPED_LETTER.finditer(text):
        if match.start() >= start:
            break
        start += len(match[0]) - 1
    return start


def _refusal(word: str, text: str, offset: int) -> QueryRefusedError:
    line, column = position(text, offset)
    reason = {
        "service": (
            "SERVICE is not followed here, but to endpoints that the operator allows, written in "
            "full as SERVICE <IRI>; ask the other endpoint yourself, or load its data"
        ),
        "load": (
            "LOAD is not done here: nothing is fetched for a client; "
            "fetch it yourself and send the data"
        ),
    }[word]
    return QueryRefusedError(reason, line=line, column=column)
