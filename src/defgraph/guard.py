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
from typing import Final

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
_BEGINNING: Final = re.compile(  # of an operation of an update
    rf"(?:\A|;|(?:PREFIX{_GAP}[^\s<>]*:|BASE){_GAP}{_IRI}){_GAP}\Z", re.IGNORECASE
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


def refuse_network(text: str, *, allowed: Collection[str] = (), is_update: bool = False) -> None:
    """Raise QueryRefusedError if *text* has a SERVICE clause, or is an update that has a LOAD.

    Endpoints in *allowed* may be asked where they are written in full, as ``SERVICE <IRI>``.
    """
    words = ["service", "load"] if is_update else ["service"]
    lower = text.lower()
    escaped = "\\u" in lower
    if not escaped and not any(word in lower for word in words):
        return
    for reading in (text, _with_letters(text)) if escaped else (text,):
        for word, start, clause in _clauses(reading, words):
            target = clause["target"]
            if word == "service" and target[0] == "<" and target[1:-1] in allowed:
                continue
            raise _refusal(word, text, _offset(text, start, reading))


def _clauses(text: str, words: Collection[str]) -> Iterator[tuple[str, int, re.Match[str]]]:
    """Yield each clause, the word that it begins with, and where, in every reading of *text*."""
    for match, is_after_graph in _words(text):
        end = match.end("word")
        for word in words:
            for found in re.finditer(word, text[match.start() : end], re.IGNORECASE):
                start = match.start() + found.start()
                clause = _CLAUSE[word].match(text, start)
                # With a colon behind it, it may be the prefix of a name.
                is_prefix = match["local"] is not None and start + len(word) == end
                if clause is None or (is_prefix and is_after_graph):
                    continue
                if word == "load" and is_prefix and not _BEGINNING.search(text, 0, start):
                    continue
                yield word, start, clause


def _words(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield every word of every reading, and whether it must be a name where it stands."""
    readings = [(0, False)]
    seen: set[tuple[int, bool]] = set()
    while readings:
        at, is_after_graph = readings.pop()
        while at < len(text) and (at, is_after_graph) not in seen:
            seen.add((at, is_after_graph))
            match = _LEXEME.match(text, at)
            assert match is not None  # noqa: S101 - the last alternative is any character
            iri = match["iri"]
            if iri is not None and ("'" in iri or "#" in iri):
                # Read as a comparison, it would begin a string or a comment here. Without these
                # marks both readings are at one again after its end.
                readings.append((at + 1, False))
            if match["word"]:
                yield match, is_after_graph
            if match["gap"] is None:
                is_after_graph = match[0].upper() in _BEFORE_A_NAME
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
            "SERVICE is not followed here: a query is answered from this dataset alone; "
            "ask the other endpoint yourself, or load its data"
        ),
        "load": (
            "LOAD is not done here: nothing is fetched for a client; "
            "fetch it yourself and send the data"
        ),
    }[word]
    return QueryRefusedError(reason, line=line, column=column)
