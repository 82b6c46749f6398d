"""Why a text is not SPARQL, and where: what the engine says, turned into words for its author.

Oxigraph reports how far its parser looked, which is up to the length of a keyword beyond the place
where it failed, and lists what it would have taken there as character classes. So the common
mistakes (an undeclared prefix, a bracket too many or too few) are found among the tokens, and for
the others the place is calculated back to where the last thing begins that could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from defgraph.errors import QuerySyntaxError
from defgraph.tokens import Kind, Token, offset, position, prefix_of, tokens

PADDING: Final = "\n" + " " * 16
"""To be put after a text before it is parsed: at its very end Oxigraph reports no keywords."""

_REPORT: Final = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_KEYWORD: Final = re.compile(r"(?<!['\"\w])(?:is)?[A-Z][A-Z_0-9]+(?!['\"\w])")
_SENTENCES: Final = {
    "The SELECT contains a variable that is unbound": (
        "a variable after SELECT is neither grouped nor aggregated; name it in GROUP BY, "
        "or put it into an aggregate such as COUNT or SAMPLE"
    ),
    "Duplicated variable name in SELECT": "two things after SELECT have the same variable name",
}
_QUERIES: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE")
_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}


def explained(
    error: SyntaxError, text: str, known_prefixes: Container[str], *, is_update: bool = False
) -> QuerySyntaxError:
    """Return what to tell the author of *text*, which the engine refused with *error*."""
    found = list(tokens(text))
    if not found:
        return QuerySyntaxError("The query is empty; expected SELECT, ASK, CONSTRUCT or DESCRIBE")
    complaint = (
        _unfinished(found) or _unknown_prefix(found, known_prefixes) or _unbalanced(found, text)
    )
    reason, at = complaint or _where_the_engine_stopped(error, text, found, is_update)
    line, column = position(text, at)
    return QuerySyntaxError(f"This is not SPARQL: {reason}", line=line, column=column)


def _unfinished(found: list[Token]) -> tuple[str, int] | None:
    for token, following in zip(found, [*found[1:], None], strict=True):
        if token.kind is Kind.MARK and token.text in {"'", '"'}:
            return f"the string that begins with this {token.text} is never closed", token.start
        if (
            token.text == "<"
            and following is not None
            and following.start == token.end
            and following.text.startswith(("http:", "https:", "urn:"))
        ):
            return "this IRI is never closed, or holds a space or another stray mark", token.start
    return None


def _unknown_prefix(found: list[Token], known: Container[str]) -> tuple[str, int] | None:
    declared: set[str] = set()
    previous: Token | None = None
    for token in found:
        if token.kind is Kind.NAME:
            prefix = prefix_of(token)
            if previous is not None and previous.is_word("PREFIX"):
                declared.add(prefix)
            elif prefix not in declared and prefix not in known:
                expected = f"expected 'PREFIX {prefix}: <https://...>' above"
                return f"the prefix '{prefix}:' is not declared; {expected}", token.start
        previous = token
    return None


def _unbalanced(found: list[Token], text: str) -> tuple[str, int] | None:
    waiting: list[Token] = []
    for token in found:
        if token.kind is not Kind.MARK:
            continue
        if token.text in _CLOSING:
            waiting.append(token)
        elif token.text in _CLOSING.values():
            if not waiting:
                return f"'{token.text}' closes nothing", token.start
            opening = waiting.pop()
            closing = _CLOSING[opening.text]
            if closing != token.text:
                line, column = position(text, opening.start)
                where = f"the '{opening.text}' of line {line}, column {column}"
                return f"expected '{closing}' to close {where}, found '{token.text}'", token.start
    if waiting:
        return f"'{waiting[-1].text}' is never closed", waiting[-1].start
    return None


def _where_the_engine_stopped(
    error: SyntaxError, text: str, found: list[Token], is_update: bool
) -> tuple[str, int]:
    report = _REPORT.match(str(error.args[0]))
    if report is None:
        return str(error.args[0]), found[0].start
    line, column, expected = int(report[1]), int(report[2]), report[3]
    at = offset(text + PADDING, line, column)
    for said, sentence in _SENTENCES.items():
        if said in expected:
            return sentence, _first(found, "SELECT")
    if "IRI parsing failed" in expected:
        iris = [token for token in found if token.kind is Kind.IRI and token.end <= at]
        if iris:
            expected = "expected one with a scheme, or a prefixed name"
            return f"{iris[-1].text} is no absolute IRI; {expected}", iris[-1].start
    at -= max(map(len, _KEYWORD.findall(expected)), default=0)
    rest = next((token for token in found if token.end > at), None)
    if rest is None:
        return f"the {'update' if is_update else 'query'} ends too early", len(text.rstrip())
    if rest.is_word(*(_QUERIES if is_update else _UPDATES)):
        other = "an update, and only queries are answered"
        if is_update:
            other = "a query, and only updates are done here"
        return f"{rest.text} is {other}", rest.start
    return f"cannot go on from {_excerpt(text, rest.start)}", rest.start


def _first(found: list[Token], word: str) -> int:
    return next((token.start for token in found if token.is_word(word)), found[0].start)


def _excerpt(text: str, start: int) -> str:
    line = re.split(r"[\r\n]", text[start:], maxsplit=1)[0].rstrip()
    return f"'{line}'" if len(line) <= 40 else f"'{line[:39]}…'"
