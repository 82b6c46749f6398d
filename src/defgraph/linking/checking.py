"""Judging links: how identifiers are written, and what the links together would make the same.

Sameness is followed through every link, whoever made it: what a reader who believes all of them
would conclude. Two things of ours, or two things that are declared to differ
(``owl:differentFrom``, ``owl:AllDifferent``), must not be joined so.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final, NamedTuple

import pyoxigraph as ox

from defgraph.linking.authorities import CODES, authority_of, fault_in
from defgraph.linking.links import SAME, Link, links_in
from defgraph.namespaces import ID, OWL, RDF, shorten

_DIFFERENT: Final = OWL + "differentFrom"
_MEMBERS: Final = (OWL + "members", OWL + "distinctMembers")
_SHOWN: Final = 200


class Finding(NamedTuple):
    """What is wrong: the *kind* of fault, and *message*, which says where and why."""

    kind: str
    message: str


_Neighbours = dict[str, dict[str, Link]]


def check(quads: Iterable[ox.Quad]) -> list[Finding]:
    """Return what is wrong with the links and codes among *quads*, each fault once, in order."""
    quads = list(quads)
    links = links_in(quads, SAME)
    neighbours = _neighbours(links)
    found = [
        *_ill_written(links),
        *_codes(quads),
        *_repeated(links),
        *_several_of_theirs(links),
        *_merged(neighbours, _ours(neighbours), "several-of-ours"),
        *_merged(neighbours, _different(quads), "declared-different"),
    ]
    return sorted(set(found))


def _ill_written(links: Iterable[Link]) -> Iterator[Finding]:
    for link in links:
        if link.subject == link.object:
            yield Finding("self", f"{_show(link.subject)} is linked to itself, {_where(link)}")
        for iri in (link.subject, link.object):
            if fault := fault_in(iri):
                yield Finding("syntax", f"<{_cut(iri)}> {fault}; {_where(link)}")


def _codes(quads: Iterable[ox.Quad]) -> Iterator[Finding]:
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in quads:
        rule = CODES.get(quad.predicate.value)
        if rule is None or not isinstance(quad.object, ox.Literal):
            continue
        pattern, words = rule
        code, property_, holder = quad.object.value, quad.predicate.value, str(quad.subject)
        if not pattern.fullmatch(code):
            message = f"'{_cut(code)}' of {holder} is no {shorten(property_)}; expected {words}"
            yield Finding("syntax", message)
        holders[property_, code].add(holder)
        codes[property_, holder].add(code)
    for (property_, code), several in holders.items():
        if len(several) > 1:
            message = f"{shorten(property_)} '{_cut(code)}' is that of {_all(several)}; it is one's"
            yield Finding("code-of-several", message)
    for (property_, holder), given in codes.items():
        if len(given) > 1:
            message = f"{holder} has several of {shorten(property_)}: {_all(given)}; keep one"
            yield Finding("several-codes", message)


def _repeated(links: Iterable[Link]) -> Iterator[Finding]:
    graphs: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        first, second = sorted((link.subject, link.object))
        graphs[first, second].append(link)
    for same in graphs.values():
        if len(same) > 1:
            said = "; ".join(f"{shorten(x.property)} {_where(x)}" for x in same)
            pair = f"{_show(same[0].subject)} and {_show(same[0].object)}"
            yield Finding("duplicate", f"{pair} are linked {len(same)} times: {said}; keep one")


def _several_of_theirs(links: Iterable[Link]) -> Iterator[Finding]:
    theirs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in links:
        for ours, other in ((link.subject, link.object), (link.object, link.subject)):
            authority = authority_of(other)
            if ours.startswith(ID) and authority is not None:
                theirs[ours, authority.name].add(other)
    for (ours, authority_name), several in theirs.items():
        if len(several) > 1:
            named = _all(map(_show, several))
            message = f"{_show(ours)} is linked to several things of {authority_name}: {named}"
            yield Finding("several-of-theirs", message)


def _neighbours(links: Iterable[Link]) -> _Neighbours:
    found: _Neighbours = defaultdict(dict)
    for link in links:
        found[link.subject].setdefault(link.object, link)
        found[link.object].setdefault(link.subject, link)
    return found


def _ours(neighbours: _Neighbours) -> Iterator[tuple[str, str]]:
    """Yield the first of ours in each joined set with each of the others."""
    seen: set[str] = set()
    for start in sorted(each for each in neighbours if each.startswith(ID)):
        if start in seen:
            continue
        joined = set(_reached(neighbours, start))
        seen |= joined
        for other in sorted(x for x in joined if x.startswith(ID) and x != start):
            yield start, other


def _different(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str]]:
    lists: dict[object, ox.Quad] = {}
    rests: dict[object, object] = {}
    heads: list[object] = []
    for quad in quads:
        if quad.predicate.value == _DIFFERENT:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield quad.subject.value, quad.object.value
        elif quad.predicate.value == RDF + "first":
            lists[quad.subject] = quad
        elif quad.predicate.value == RDF + "rest":
            rests[quad.subject] = quad.object
        elif quad.predicate.value in _MEMBERS:
            heads.append(quad.object)
    for head in heads:
        members: set[str] = set()
        passed: set[object] = set()
        node: object = head
        while node in lists and node not in passed:
            passed.add(node)
            member = lists[node].object
            if isinstance(member, ox.NamedNode):
                members.add(member.value)
            node = rests.get(node)
        yield from combinations(sorted(members), 2)


def _merged(
    neighbours: _Neighbours, pairs: Iterable[tuple[str, str]], kind: str
) -> Iterator[Finding]:
    start, came_from = "", dict[str, str | None]()
    for pair in pairs:
        first, second = sorted(pair)
        if first not in neighbours or second not in neighbours:
            continue
        if first != start:  # the pairs of a set that is joined follow one another
            start, came_from = first, _reached(neighbours, first)
        if second not in came_from or first == second:
            continue
        links: list[Link] = []
        at = second
        while (before := came_from[at]) is not None:
            links.append(neighbours[before][at])
            at = before
        chain = "; ".join(
            f"{_show(x.subject)} {shorten(x.property)} {_show(x.object)} {_where(x)}"
            for x in reversed(links)
        )
        message = f"{_show(first)} and {_show(second)} would be one thing: {chain}"
        yield Finding(kind, message)


def _reached(neighbours: _Neighbours, start: str) -> dict[str, str | None]:
    """Return what is joined to *start*, each with what it was first reached from."""
    came_from: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for other in neighbours[at]:
            if other not in came_from:
                came_from[other] = at
                waiting.append(other)
    return came_from


def _where(link: Link) -> str:
    return f"in {shorten(link.graph) if link.graph else 'the default graph'}"


def _show(iri: str) -> str:
    return _cut(shorten(iri))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _all(several: Iterable[str]) -> str:
    return ", ".join(sorted(several))
