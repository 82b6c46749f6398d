"""What is wrong with single tokens that fit the grammar: names, IRIs and escapes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

import pyoxigraph as ox

from defgraph.engine.syntax.reading import Lexeme
from defgraph.errors.base import either

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS: Final = "tbnrf\"'\\"
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_SCHEMES: Final = frozenset(("http", "https", "urn", "mailto"))
_DIRECTION: Final = re.compile(r"--(?!(?:ltr|rtl)\Z).*")


class Complaint(NamedTuple):
    """What is wrong at an offset, and what was expected there, where that is known."""

    at: int
    reason: str
    expected: tuple[str, ...] = ()


def complaints(
    lexemes: list[Lexeme], known_prefixes: Collection[str], *, has_base: bool
) -> Iterator[Complaint]:
    """Yield what is wrong with each token, in order."""
    declared: dict[str, None] = {}
    before = ""
    for lexeme in lexemes:
        symbol, text = lexeme.symbol, lexeme.text
        if symbol in {"PNAME_LN", "PNAME_NS"}:
            prefix = text.partition(":")[0]
            if before == "PREFIX":
                declared[prefix] = None
            elif prefix not in declared and prefix not in known_prefixes:
                yield _undeclared(lexeme, prefix, [*declared, *known_prefixes])
        elif symbol == "IRIREF":
            yield from _of_iri(lexeme, has_base=has_base)
            has_base |= before == "BASE"
        elif symbol in {"STRING", "LONG_STRING"}:
            yield from _of_string(lexeme)
        elif symbol == "LANG_DIR" and (wrong := _DIRECTION.search(text)):
            expected = ("'--ltr'", "'--rtl'")
            reason = f"'{wrong[0]}' is no base direction; expected {' or '.join(expected)}"
            yield Complaint(lexeme.start + wrong.start(), reason, expected)
        before = symbol


def _undeclared(lexeme: Lexeme, prefix: str, known: list[str]) -> Complaint:
    if prefix in _SCHEMES:
        reason = f"an IRI stands in angle brackets; expected '<{_cut(lexeme.text)}...>'"
        return Complaint(lexeme.start, reason, ("an IRI in angle brackets",))
    expected = f"PREFIX {prefix}: <https://...>"
    near = get_close_matches(prefix, dict.fromkeys(known), n=2, cutoff=0.6)
    names = [f"'{each}:'" for each in near]
    meant = f"; did you mean {either(names)}?" if near else ""
    reason = f"the prefix '{prefix}:' is not declared; expected '{expected}' above{meant}"
    return Complaint(lexeme.start, reason, (expected,))


def _of_iri(lexeme: Lexeme, *, has_base: bool) -> Iterator[Complaint]:
    text = lexeme.text
    if _SCHEME.match(text):
        try:
            ox.NamedNode(_ESCAPE.sub(_character, text[1:-1]))
        except ValueError as error:
            yield Complaint(lexeme.start, f"{_cut(text)} is no valid IRI: {str(error).lower()}")
    elif not has_base:
        expected = ("an IRI with a scheme", "a prefixed name")
        reason = f"{_cut(text)} is no absolute IRI; expected one with a scheme, or a prefixed name"
        yield Complaint(lexeme.start, reason, expected)


def _of_string(lexeme: Lexeme) -> Iterator[Complaint]:
    for escape in _ESCAPE.finditer(lexeme.text):
        digits, letter = escape[1] or escape[2], escape[3]
        at = lexeme.start + escape.start()
        if letter in ("u", "U"):
            count = 4 if letter == "u" else 8
            expected = (f"{count} hexadecimal digits",)
            yield Complaint(at, f"after '\\{letter}' stand {expected[0]}", expected)
        elif letter is not None and letter not in _LETTERS:
            escapes = tuple(f"\\{each}" for each in _LETTERS)
            reason = (
                f"'\\{letter}' is no escape; expected {' '.join(escapes)}, or \\\\ for the mark"
            )
            yield Complaint(at, reason, escapes)
        elif digits is not None and not _is_character(int(digits, 16)):
            yield Complaint(at, f"'{escape[0]}' is no character")


def _is_character(code: int) -> bool:
    return code < 0xD800 or 0xDFFF < code < 0x110000


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2] or "D800", 16)
    return chr(code) if _is_character(code) else escape[0]


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
