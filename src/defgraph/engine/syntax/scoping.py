"""What the grammar allows and the notes to it do not: which names may stand where.

SPARQL 1.1 Query, sections 19.6 to 19.8, and Update, section 4.1.4: the scope of variables and of
labels of blank nodes, and what data may hold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from defgraph.engine.syntax.reading import Lexeme, Node, Reading
from defgraph.engine.syntax.spelling import Complaint

_GROUP: Final = "GroupGraphPattern"
_GIVING: Final = ("Bind", "SelectExpression")
_SHUT: Final = ("Filter", "Minus", "Aggregate", "GroupClause", "HavingClause", "OrderClause")
_MAX_DEPTH: Final = 50
"""Of groups around a variable in which it is known, so that deep nesting takes no longer."""


def complaints(reading: Reading) -> Iterator[Complaint]:
    """Yield what is wrong with the names of a text that fits the grammar, in no order."""
    scopes = _Scopes(reading)
    yield from scopes.bindings()
    yield from scopes.labels()
    for node in reading.nodes:
        lexemes = reading.lexemes[node.start : node.end] if node.name in _OF_LEXEMES else []
        if node.name == "SelectClause":
            yield from scopes.selection(node)
        elif node.name == "InlineData":
            yield from _values(node, lexemes, reading)
        elif node.name in {"InsertData", "DeleteData"}:
            yield from _data(lexemes)
        elif node.name == "Aggregate":
            yield from _aggregate(node, reading)
        elif node.name == "LimitOffsetClauses":
            yield from _numbers(lexemes)
        if node.name in {"DeleteData", "DeletePattern"}:
            yield from _no_blank_nodes(lexemes)


_OF_LEXEMES: Final = {
    *("InlineData", "InsertData", "DeleteData", "DeletePattern", "LimitOffsetClauses"),
}


def misplaced_aggregates(reading: Reading) -> Iterator[Complaint]:
    """Yield each aggregate that stands in another, or in FILTER or BIND."""
    for node in reading.nodes:
        if node.name == "Aggregate":
            yield from _aggregate(node, reading)


class _Scopes:
    """In which groups each variable and each label is known."""

    def __init__(self, reading: Reading) -> None:
        self._lexemes, self._owners = reading.lexemes, reading.owners()
        self._known: defaultdict[int, set[str]] = defaultdict(set)

    def bindings(self) -> Iterator[Complaint]:
        """Yield each BIND of a variable that its group knows already; remember what groups know."""
        for number, (lexeme, owner) in enumerate(zip(self._lexemes, self._owners, strict=True)):
            if lexeme.symbol != "VAR":
                continue
            is_new = owner.name in _GIVING and number == owner.end - 2
            is_bound = is_new and owner.name == "Bind"
            group = owner.around(_GROUP)
            if is_bound and group is not None and lexeme.text[1:] in self._known[id(group)]:
                reason = f"{lexeme.text} has a value already where BIND would give it one"
                yield Complaint(lexeme.start, f"{reason}; take another name after AS")
            self._learn(lexeme.text[1:], owner, is_new=is_new)

    def _learn(self, name: str, node: Node | None, *, is_new: bool) -> None:
        for _ in range(_MAX_DEPTH):
            if node is None or node.name in _SHUT or (node.name in _GIVING and not is_new):
                return
            if node.name == _GROUP:
                self._known[id(node)].add(name)
                select = node.parent
                if select is not None and select.name == "SubSelect" and not self._is_all(select):
                    return
            node = node.parent

    def _is_all(self, select: Node) -> bool:
        clause = select.children[0]
        return self._lexemes[clause.end - 1].symbol == "*"

    def labels(self) -> Iterator[Complaint]:
        """Yield each label of a blank node that stands in two basic graph patterns."""
        first: dict[str, tuple[int, int]] = {}
        ends: dict[int, list[int]] = {}
        for number, (lexeme, owner) in enumerate(zip(self._lexemes, self._owners, strict=True)):
            if lexeme.symbol != "BLANK_NODE_LABEL":
                continue
            group = owner.around(_GROUP)
            if group is None:
                continue  # of a template, which makes new ones
            if id(group) not in ends:
                ends[id(group)] = [each.end for each in group.children if _parts(each)]
            place = (id(group), bisect_right(ends[id(group)], number))
            if first.setdefault(lexeme.text, place) != place:
                reason = (
                    f"the label {lexeme.text} stands in another group of triples, too, and would "
                    "be another blank node there; use a variable"
                )
                yield Complaint(lexeme.start, reason, ("a variable",))

    def selection(self, clause: Node) -> Iterator[Complaint]:
        """Yield what is wrong with the variables after a SELECT."""
        parts = clause.parent.children if clause.parent is not None else []
        grouping = {name for each in parts for name in self._grouped(each)}
        has_groups = any(each.name == "GroupClause" for each in parts)
        is_grouped = has_groups or any(map(_aggregates, parts))
        known = {name for each in parts if each.name == _GROUP for name in self._known[id(each)]}
        named: set[str] = set()
        for number in range(clause.start, clause.end):
            lexeme, owner = self._lexemes[number], self._owners[number]
            name, is_new = lexeme.text[1:], owner.name in _GIVING and number == owner.end - 2
            if lexeme.symbol == "*" and owner is clause and has_groups:
                reason = "SELECT * does not go with GROUP BY; name the variables of the groups"
                yield Complaint(lexeme.start, reason, ("a variable", "'('"))
            if lexeme.symbol != "VAR" or not (owner is clause or owner.name in _GIVING):
                continue
            if name in named and (is_new or owner is clause):
                yield Complaint(lexeme.start, f"two things after SELECT are called {lexeme.text}")
            elif is_new and name in known:
                reason = f"{lexeme.text} is a variable of the WHERE already"
                yield Complaint(lexeme.start, f"{reason}; take another name after AS")
            elif is_grouped and not is_new and name not in named and name not in grouping:
                yield _ungrouped(lexeme)
            if is_new or owner is clause:
                named.add(name)

    def _grouped(self, clause: Node) -> Iterator[str]:
        """Yield the variables that a clause names or makes, if it is GROUP BY."""
        if clause.name != "GroupClause":
            return
        depth = 0
        lexemes = self._lexemes[clause.start : clause.end]
        symbols = ["", *(each.symbol for each in lexemes), ""]
        for lexeme, before, after in zip(lexemes, symbols, symbols[2:], strict=False):
            depth += {"(": 1, ")": -1}.get(lexeme.symbol, 0)
            is_alone = depth == 0 or before == "AS" or (before, after) == ("(", ")")
            if lexeme.symbol == "VAR" and is_alone:
                yield lexeme.text[1:]


def _ungrouped(lexeme: Lexeme) -> Complaint:
    reason = (
        f"{lexeme.text} is neither grouped nor aggregated; name it in GROUP BY, or put it into an "
        "aggregate such as COUNT or SAMPLE"
    )
    return Complaint(lexeme.start, reason, (f"GROUP BY {lexeme.text}", "an aggregate"))


def _parts(pattern: Node) -> bool:
    """Tell whether one basic graph pattern ends at a pattern, and another begins after it."""
    inner = pattern.children[0].name if pattern.children else ""
    return inner not in {"Filter", "Bind", "InlineData"}


def _aggregates(part: Node) -> bool:
    """Tell whether a part of a SELECT holds an aggregate, which makes groups of its solutions."""
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if each.name == "Aggregate":
            return True
        if each.name != _GROUP:
            waiting += each.children
    return False


def _values(node: Node, lexemes: list[Lexeme], reading: Reading) -> Iterator[Complaint]:
    head = [each.symbol for each in lexemes].index("{")
    variables = [each for each in lexemes[:head] if each.symbol == "VAR"]
    names: set[str] = set()
    for variable in variables:
        if variable.text[1:] in names:
            yield Complaint(variable.start, f"VALUES names {variable.text} twice")
        names.add(variable.text[1:])
    for row in node.children:
        count = len(row.children)
        if row.name == "DataBlockRow" and count != len(variables):
            reason = f"{_counted(count, 'value')} for {_counted(len(variables), 'variable')}"
            expected = (_counted(len(variables), "value"),)
            start = reading.lexemes[row.start].start
            yield Complaint(
                start, f"this row of VALUES has {reason}; write UNDEF for none", expected
            )


def _data(lexemes: list[Lexeme]) -> Iterator[Complaint]:
    for lexeme in lexemes:
        if lexeme.symbol == "VAR":
            reason = f"data holds no variables, as {lexeme.text}; with WHERE leave out DATA"
            yield Complaint(lexeme.start, reason, ("a term that is no variable",))
            return


def _no_blank_nodes(lexemes: list[Lexeme]) -> Iterator[Complaint]:
    for lexeme in lexemes:
        if lexeme.symbol in {"BLANK_NODE_LABEL", "[", "("}:
            reason = "a blank node names nothing that is there, so DELETE takes none"
            yield Complaint(lexeme.start, f"{reason}; look for it by a variable", ("a variable",))
            return


def _aggregate(node: Node, reading: Reading) -> Iterator[Complaint]:
    outer = node.parent.around("Aggregate", _GROUP) if node.parent is not None else None
    if outer is not None and outer.name == "Aggregate":
        lexeme, other = reading.lexemes[node.start], reading.lexemes[outer.start]
        reason = f"{lexeme.text} stands in {other.text}, and no aggregate may stand in another"
        yield Complaint(lexeme.start, f"{reason}; work the inner one out in a SELECT of its own")
        return
    around = node.around("SelectClause", "HavingClause", "OrderClause", "Filter", "Bind", _GROUP)
    if around is not None and around.name in {"Filter", "Bind"}:
        lexeme = reading.lexemes[node.start]
        expected = ("SELECT", "HAVING", "ORDER BY")
        reason = f"{lexeme.text} is of a whole group, so it stands after {', '.join(expected[:2])}"
        yield Complaint(
            lexeme.start, f"{reason} or {expected[2]}, not in {around.name.upper()}", expected
        )


def _numbers(lexemes: list[Lexeme]) -> Iterator[Complaint]:
    for lexeme in lexemes:
        if lexeme.symbol == "INTEGER" and len(lexeme.text) > 19:
            yield Complaint(lexeme.start, "this number is too large", ("a number below 2^63",))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
