"""A text read by the grammar: its tokens, what they make, and the first one that does not fit.

Which token begins at ``<``, ``+`` or ``-`` depends on what may stand there; elsewhere it is the
longest. White space is what the standard has for it, so that a no-break space is a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from defgraph.engine.syntax.grammar import Grammar, grammar

MAX_TOKENS: Final = 2**16
"""Of a text that is read, in half a second: what 64 KiB hold. What is longer is data, mostly."""

END: Final = "END"
"""The token after the last one."""

CLOSING: Final = {"(": ")", "{": "}", "[": "]", "<<": ">>", "<<(": ")>>", "{|": "|}"}

_KEPT: Final = {
    *("SelectQuery", "SubSelect", "SelectClause", "SelectExpression"),
    *("GroupClause", "HavingClause", "OrderClause", "LimitOffsetClauses"),
    *("InsertData", "DeleteData", "DeletePattern", "GroupGraphPattern", "GraphPatternNotTriples"),
    *("Filter", "Minus", "Bind", "InlineData", "DataBlockRow", "DataBlockValue", "Aggregate"),
}
_BOOLEANS: Final = frozenset(("true", "false"))
_CHARACTER: Final = r"\w\xb7\u0300-\u036f\u203f\u2040"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]"
_DECIMAL: Final = r"\d+\.\d*[eE][+-]?\d+|\d+[eE][+-]?\d+|\d*\.\d+(?:[eE][+-]?\d+)?"
_PATTERN: Final = re.compile(
    rf"""[ \t\r\n]+|\#[^\r\n]*
    |(?P<LONG_STRING>\"""(?:[^"\\]|\\.|"(?!""))*\"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\')
    |(?P<STRING>"(?!"")(?:[^"\\\r\n]|\\.)*"|'(?!\'\')(?:[^'\\\r\n]|\\.)*')
    |(?P<IRIREF><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    |(?P<VAR>[?$]\w[{_CHARACTER}]*)
    |(?P<BLANK_NODE_LABEL>_:\w(?:[{_CHARACTER}.-]*[{_CHARACTER}-])?)
    |(?P<PNAME>(?:[^\W\d_](?:[{_CHARACTER}.-]*[{_CHARACTER}-])?)?:
        (?P<LOCAL>(?:[\w:]|{_ESCAPED})
           (?:(?:[{_CHARACTER}:.-]|{_ESCAPED})*(?:[{_CHARACTER}:-]|{_ESCAPED}))?)?)
    |(?P<LANG_DIR>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    |(?P<DECIMAL>{_DECIMAL})
    |(?P<INTEGER>\d+)
    |(?P<SIGNED>[+-](?:{_DECIMAL}|\d+))
    |(?P<WORD>[^\W\d]\w*)
    |(?P<MARK><<\(|<<|\)>>|>>|\{{\||\|\}}|\|\||&&|\^\^|!=|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token, under the symbol that the grammar has for it."""

    symbol: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)


@dataclass(slots=True, eq=False)
class Node:
    """What a production made of the tokens from *start* to before *end*, by their numbers."""

    name: str
    start: int
    end: int = -1
    parent: Node | None = None
    children: list[Node] = field(default_factory=list, repr=False)

    def around(self, *names: str) -> Node | None:
        """The nearest node of one of these names that this one stands in, or is."""
        node: Node | None = self
        while node is not None and node.name not in names:
            node = node.parent
        return node


@dataclass(frozen=True, slots=True)
class Stop:
    """The first token with which no valid text goes on, and those that could stand there."""

    found: Lexeme
    expected: tuple[str, ...]
    open: tuple[Lexeme, ...]
    """The brackets around it, the innermost last."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as far as it fits the grammar; *is_whole* if it was looked at to its end."""

    lexemes: list[Lexeme]
    nodes: list[Node]
    """In the order in which they begin, the outer ones first."""
    stop: Stop | None
    is_whole: bool = True

    def owners(self) -> list[Node]:
        """Return for each lexeme the innermost node that it stands in."""
        found, node, after = [], self.nodes[0], 1
        for number in range(len(self.lexemes)):
            while node.parent is not None and node.end <= number:
                node = node.parent
            while after < len(self.nodes) and self.nodes[after].start == number:
                node, after = self.nodes[after], after + 1
            found.append(node)
        return found


def read(text: str, *, is_update: bool = False) -> Reading:
    """Read *text*, or its first MAX_TOKENS tokens."""
    return _Reader(text, "UpdateUnit" if is_update else "QueryUnit").read()


class _Reader:
    def __init__(self, text: str, start: str) -> None:
        self._text, self._grammar = text, grammar()
        # Pairs of a symbol, or of a node that ends here, and of what comes after it.
        self._stack: Any = (start, None)
        self._node = Node(start, 0)
        self._nodes = [self._node]
        self._open: list[Lexeme] = []
        self._lexemes: list[Lexeme] = []

    def read(self) -> Reading:
        at = 0
        while True:
            lexeme = self._next(at)
            if len(self._lexemes) == MAX_TOKENS:
                return Reading(self._lexemes, self._nodes, None, is_whole=False)
            before = self._stack
            fits = self._take(lexeme)
            if not fits:
                expected = tuple(_possible(before, self._grammar))
                stop = Stop(lexeme, expected, tuple(self._open))
                return Reading(self._lexemes, self._nodes, stop)
            if lexeme.symbol == END:
                return Reading(self._lexemes, self._nodes, None)
            self._lexemes.append(lexeme)
            if lexeme.symbol in CLOSING:
                self._open.append(lexeme)
            elif self._open and lexeme.symbol == CLOSING[self._open[-1].symbol]:
                self._open.pop()
            at = lexeme.end

    def _take(self, lexeme: Lexeme) -> bool:
        symbol, rules, count = lexeme.symbol, self._grammar, len(self._lexemes)
        while self._stack is not None:
            top, self._stack = self._stack
            if isinstance(top, Node):
                top.end, self._node = count, top.parent or self._node
            elif top in rules.productions:
                number = rules.first[top].get(symbol)
                if number is not None:
                    if top in _KEPT:
                        self._enter(top, count)
                    for each in reversed(rules.productions[top][number]):
                        self._stack = (each, self._stack)
                elif top not in rules.nullable:
                    return False
            else:
                return bool(top == symbol)
        return symbol == END

    def _enter(self, name: str, count: int) -> None:
        node = Node(name, count, parent=self._node)
        self._node.children.append(node)
        self._nodes.append(node)
        self._node = node
        self._stack = (node, self._stack)

    def _next(self, at: int) -> Lexeme:
        match = _PATTERN.match(self._text, at)
        while match is not None and match.lastgroup is None:
            match = _PATTERN.match(self._text, match.end())
        if match is None:
            return Lexeme(END, "", self._lexemes[-1].end if self._lexemes else 0)
        kind, found = str(match.lastgroup), match[0]
        if kind == "WORD":
            small = found.lower()
            kind = small if found == "a" or small in _BOOLEANS else found.upper()
        elif kind in {"PNAME", "LOCAL"}:
            kind = "PNAME_LN" if match["LOCAL"] else "PNAME_NS"
        elif kind == "MARK":
            kind = found
        elif kind in {"IRIREF", "SIGNED"} and not self._may_be(kind) and self._may_be(found[0]):
            kind = "<=" if found[:2] == "<=" else found[0]
            found = kind
        return Lexeme(kind, found, match.start())

    def _may_be(self, symbol: str) -> bool:
        rules, rest = self._grammar, self._stack
        while rest is not None:
            top, rest = rest
            if top == symbol or symbol in rules.first.get(top, ()) if isinstance(top, str) else 0:
                return True
            if isinstance(top, str) and top not in rules.nullable:
                return False
        return False


def _possible(stack: Any, rules: Grammar) -> dict[str, None]:  # noqa: ANN401
    """Return every token that may come next."""
    found: dict[str, None] = {}
    while stack is not None:
        top, stack = stack
        if not isinstance(top, str):
            continue
        found |= dict.fromkeys(rules.first.get(top, (top,)))
        if top not in rules.nullable:
            return found
    return found | {END: None}
