"""Framing a graph around one thing: what it points to stands in it, and so does what points to it.

No statement is lost and none is added. A node that has only names and kinds stands wherever it is
pointed to; any other stands once, in the first place, and is named by its IRI elsewhere. What
nothing leads to from the thing is *included* at the end (JSON-LD 1.1, section 4.13).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

Node: TypeAlias = dict[str, Any]

MAX_DEPTH: Final = 16
"""Of nodes in nodes; what lies deeper stands beside the thing."""


def nested(nodes: Iterable[Node], thing: str) -> Node:
    """Return *nodes* of expanded, flat JSON-LD as the one called *thing*, with all others in it."""
    return _Nesting(nodes).around(thing)


class _Nesting:
    """The nodes that have no place yet."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._left = {node["@id"]: node for node in nodes}
        self._light = {name: node for name, node in self._left.items() if _is_light(node)}
        self._shown: set[str] = set()

    def around(self, thing: str) -> Node:
        root = self._left.pop(thing, {"@id": thing})
        self._light.pop(thing, None)
        pointing = self._pointing_to(thing)
        made = self._placed(root, 0)
        reverse = {
            predicate: [self._value({"@id": each}, 1) for each in subjects]
            for predicate, subjects in pointing.items()
        }
        if reverse:
            made["@reverse"] = reverse
        if included := list(self._rest()):
            made["@included"] = included
        return made

    def _pointing_to(self, thing: str) -> dict[str, list[str]]:
        """Take the statements out that have *thing* as a value; return their subjects."""
        found: dict[str, list[str]] = {}
        target = {"@id": thing}
        for name, node in list(self._left.items()):
            pointing = [p for p, values in node.items() if p[0] != "@" and target in values]
            if not pointing:
                continue
            rest = {
                key: [each for each in value if each != target] if key in pointing else value
                for key, value in node.items()
            }
            self._left[name] = {key: value for key, value in rest.items() if value}
            if _is_light(self._left[name]):
                self._light[name] = self._left[name]
            for predicate in pointing:
                found.setdefault(predicate, []).append(name)
        return dict(sorted(found.items()))

    def _placed(self, node: Node, depth: int) -> Node:
        return {
            key: value if key[0] == "@" else [self._value(each, depth + 1) for each in value]
            for key, value in node.items()
        }

    def _value(self, value: Node, depth: int) -> Node:
        if "@list" in value:
            return {"@list": [self._value(each, depth + 1) for each in value["@list"]]}
        name = value.get("@id", "")
        if name in self._light:
            self._shown.add(name)
            return self._light[name]
        if name in self._left and depth < MAX_DEPTH:
            return self._placed(self._left.pop(name), depth)
        return value

    def _rest(self) -> Iterable[Node]:
        for name in list(self._left):
            if name in self._left and name not in self._light:
                yield self._placed(self._left.pop(name), 1)
        yield from (node for name, node in self._light.items() if name not in self._shown)


def _is_light(node: Node) -> bool:
    """Whether *node* is named by an IRI, and leads to nothing but its kinds."""
    return not node["@id"].startswith("_:") and all(
        key[0] == "@" or all("@value" in each for each in values) for key, values in node.items()
    )
