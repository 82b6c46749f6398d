"""Aggregates where none may stand: the engine takes them, and then answers something else.

An aggregate is of a whole group, so it stands after SELECT, HAVING or ORDER BY and in no other
aggregate (SPARQL 1.1 Query, section 18.2.4.1). With one in a FILTER the engine finds nothing, and
of one in another it makes up a number.
"""

from __future__ import annotations

import re
from typing import Final

from defgraph.engine.syntax import scoping
from defgraph.engine.syntax.reading import read
from defgraph.errors import QuerySyntaxError
from defgraph.tokens import position, tokens

_NAMES: Final = frozenset(("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"))
_GAP: Final = r"(?:\s|\#[^\r\n]*[\r\n])*"
_CALLS: Final = {name: re.compile(rf"{name}{_GAP}\(") for name in _NAMES}
_WITHIN: Final = _NAMES | {"FILTER", "BIND"}


def refuse_misplaced(text: str, *, is_update: bool = False) -> None:
    """Raise QuerySyntaxError if *text* is SPARQL with an aggregate where none may stand."""
    if not _may_be_wrong(text):
        return
    complaint = next(scoping.misplaced_aggregates(read(text, is_update=is_update)), None)
    if complaint is not None:
        at, reason, expected = complaint
        line, column = position(text, at)
        told = f"This is not SPARQL: {reason}"
        raise QuerySyntaxError(told, line=line, column=column, expected=expected)


def _may_be_wrong(text: str) -> bool:
    """Tell, by its tokens alone, whether some aggregate stands in brackets of such a kind.

    Most texts need no look at them: in upper case few have one of the words at all, and what an
    aggregate may not stand in comes before it.
    """
    upper = text.upper()
    calls = [
        match.start()
        for name, call in _CALLS.items()
        if name in upper
        for match in call.finditer(upper)
    ]
    if not calls:
        return False
    before = upper[: calls[0]]
    if len(calls) == 1 and "FILTER" not in before and "BIND" not in before:
        return False
    shut, word = [False], ""
    for token in tokens(text):
        if token.text == "(":
            if shut[-1] and word in _NAMES:
                return True
            shut.append(shut[-1] or word in _WITHIN)
        elif token.text == "{":
            shut.append(False)
        elif token.text in {")", "}"} and len(shut) > 1:
            shut.pop()
        word = token.text.upper()
    return False
