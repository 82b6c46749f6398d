"""What may stand at a place, in words: some kinds of things by a name, other tokens as they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from defgraph.engine.syntax.grammar import grammar
from defgraph.engine.syntax.reading import END, Lexeme

_OPERATORS: Final = (
    *("=", "!=", "<", ">", "<=", ">=", "IN", "NOT"),
    *("+", "-", "SIGNED", "*", "/", "||", "&&"),
)
_NAMED: Final = {
    "Expression": "an expression",
    "Constraint": "a condition in brackets|a call of a function",
    "TriplesSameSubject": "a term",
    "ReifiedTerm": "a term",
    "TripleTermObject": "a term",
    "VarOrTerm": "a term",
    "DataBlockValue": "a value",
    "DataTerm": "a value",
    "GraphPatternNotTriples": "a pattern such as FILTER",
    "BuiltInCall": "a function",
    "VerbPath": "a predicate",
    "Verb": "a predicate",
    "VarOrIri": "a variable|an IRI",
    "iri": "an IRI",
    "String": "a string",
    "Number": "a number",
}
"""Productions, the widest first, and what they are called where all that begins them may stand."""

_TOKENS: Final = {
    "VAR": "a variable",
    "IRIREF": "an IRI in angle brackets",
    "PNAME_NS": "a prefix with its colon",
    "PNAME_LN": "a prefixed name",
    "STRING": "a string",
    "LONG_STRING": "a string",
    "INTEGER": "a whole number",
    "BLANK_NODE_LABEL": "a blank node",
    "LANG_DIR": "a language tag",
    END: "the end",
}


_RARE: Final = ("PREFIX", "BASE", "VERSION", "REDUCED", "VALUES", "'~'", "'{|'", "the end")


def in_words(expected: Iterable[str]) -> tuple[str, ...]:
    """Return what the *expected* tokens are called, many of them by one word for all."""
    rest = dict.fromkeys(expected)
    found: dict[str, None] = {}
    for words, tokens in _groups():
        if tokens <= rest.keys():
            found |= dict.fromkeys(words.split("|"))
            for token in tokens:
                del rest[token]
    single = dict.fromkeys(_TOKENS.get(each) or spelled(each) for each in rest)
    every = (*single, *(each for each in found if each not in single))
    return tuple(sorted(every, key=_RARE.__contains__))


def spelled(symbol: str) -> str:
    """Return a keyword as it is, and other marks in quotation marks."""
    return symbol if symbol.isidentifier() and symbol != "a" else f"'{symbol}'"


def shown(lexeme: Lexeme) -> str:
    """Return a token to be read; one that cannot be seen is told by its name."""
    if lexeme.text.isprintable() and not lexeme.text.isspace():
        text = lexeme.text if len(lexeme.text) <= 40 else f"{lexeme.text[:39]}…"
        return text if text[:1] in {"'", '"'} else f"'{text}'"
    if len(lexeme.text) == 1:
        name = unicodedata.name(lexeme.text, "a control character").lower()
        return f"U+{ord(lexeme.text):04X} ({name})"
    return f"'{lexeme.text.split(chr(10))[0][:39]}…'"


@cache
def _groups() -> tuple[tuple[str, frozenset[str]], ...]:
    first = grammar().first
    named = [(words, frozenset(first[name])) for name, words in _NAMED.items()]
    return (
        *named[:1],
        ("an operator", frozenset(_OPERATORS)),
        ("a path operator", frozenset("?*+/|")),
        *named[1:],
    )
