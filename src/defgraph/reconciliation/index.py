"""The names of a dataset: what each is the name of, however it is spelt."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, Solutions, ask
from defgraph.documents.names import name_of
from defgraph.namespaces import DEF, RDFS, SKOS, shorten
from defgraph.reconciliation.folding import core, fold, joined, office, ordered
from defgraph.reconciliation.romanising import sound
from defgraph.reconciliation.shortening import all_initials, initials, unordered
from defgraph.store.protocol import Store

LABELS: Final = (
    SKOS + "prefLabel",
    RDFS + "label",
    SKOS + "altLabel",
    SKOS + "hiddenLabel",
)
"""The properties that name a thing, the one that says most first."""

STATE: Final = DEF + "State"
PERSON: Final = DEF + "Person"

_HELD_BY: Final = DEF + "heldBy"
_FIRST: Final = (STATE, PERSON, DEF + "Organisation", DEF + "ArmedForce", DEF + "Agreement")
_CODES: Final = ("isoAlpha3", "isoAlpha2", "m49Code", "isoNumeric", "cowAbbreviation", "cowCode")


@dataclass(slots=True)
class Thing:
    """A thing that has names, with its classes.

    *values* are its literals by property, *links* the IRIs that it is related to.
    """

    iri: str
    types: tuple[str, ...] = ()
    values: dict[str, list[ox.Literal]] = field(default_factory=dict)
    links: dict[str, set[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in English, or else in whatever language there is."""
        labels = [
            each
            for property_ in reversed(LABELS[:2])
            for each in sorted(self.values.get(property_, ()), key=str, reverse=True)
        ]
        return name_of(self.iri, {each.language or "": each.value for each in labels}).best

    @property
    def description(self) -> str:
        """Its other names, or its short IRI."""
        labels = [each.value for name in LABELS[:3] for each in self.values.get(name, ())]
        others = [each for each in dict.fromkeys(labels) if each != self.name]
        return "; ".join(others) or shorten(self.iri)

    @property
    def rank(self) -> tuple[int, str]:
        """Which goes first where nothing else decides: states and persons, then others."""
        kinds = (n for n, each in enumerate(_FIRST) if each in self.types)
        return next(kinds, len(_FIRST)), self.iri


@dataclass(frozen=True, slots=True)
class Key:
    """A folded name of a thing; *weight*, from 0 to 1, is how much the property says."""

    text: str
    sorted_text: str
    thing: Thing
    weight: float


class NameIndex:
    """Names by their folded form, their initials and their sound; codes as written; words."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things: Mapping[str, Thing] = {each.iri: each for each in things}
        self.keys: list[Key] = []
        self.exact: dict[str, list[Key]] = defaultdict(list)
        self.cores: dict[str, list[Key]] = defaultdict(list)
        self.persons: dict[str, list[Key]] = defaultdict(list)
        self.initials: dict[str, list[Key]] = defaultdict(list)
        self.sounds: dict[str, list[Key]] = defaultdict(list)
        self.codes: dict[str, list[tuple[Thing, str]]] = defaultdict(list)
        self.words: dict[str, set[str]] = defaultdict(set)
        self.unordered: dict[str, list[Key]] = defaultdict(list)
        self.offices: list[Key] = []
        self.by_type: dict[str, list[Thing]] = defaultdict(list)
        self._folded: dict[tuple[str, str], frozenset[str]] = {}
        for thing in self.things.values():
            self._add(thing)

    def folded(self, thing: Thing, property_: str) -> frozenset[str]:
        """Return the values of a property as they are compared: literals, and names of things."""
        key = thing.iri, property_
        if key not in self._folded:
            texts = [each.value for each in thing.values.get(property_, ())]
            for iri in thing.links.get(property_, ()):
                there = self.things[iri].values if iri in self.things else {}
                texts += [each.value for label in LABELS for each in there.get(label, ())]
            self._folded[key] = frozenset(map(fold, texts))
        return self._folded[key]

    def names_of(self, thing: Thing) -> frozenset[str]:
        """Return the folded names of *thing*."""
        return frozenset[str]().union(*(self.folded(thing, label) for label in LABELS))

    def holders(self, post: Thing) -> list[Thing]:
        """Return who holds a post, or held it: what is said by ``def:heldBy``."""
        return [self.things[iri] for iri in sorted(post.links[_HELD_BY]) if iri in self.things]

    def _add(self, thing: Thing) -> None:
        for each in thing.types:
            self.by_type[each].append(thing)
        seen: set[str] = set()
        for number, property_ in enumerate(LABELS):
            for label in thing.values.get(property_, ()):
                folded = fold(label.value)
                if folded and folded not in seen:
                    seen.add(folded)
                    self._add_name(thing, folded, 1 - number / 100)
                    for part in label.value.split("・")[1:]:  # of a name in katakana
                        self.words[fold(part)].add(thing.iri)
                    if _HELD_BY in thing.links:
                        self.offices.append(Key(folded, office(folded), thing, 0.0))
        for code in _CODES:
            for value in thing.values.get(DEF + code, ()):
                self.codes[value.value].append((thing, code))

    def _add_name(self, thing: Thing, folded: str, weight: float) -> None:
        key = Key(folded, ordered(folded), thing, weight)
        self.keys.append(key)
        self.exact[joined(folded)].append(key)
        self.unordered[unordered(folded)].append(key)
        for letters in all_initials(folded):
            self.initials[letters].append(key)
        for word in folded.split():
            self.words[word].add(thing.iri)
        if STATE in thing.types and (bare := joined(core(folded))) != joined(folded):
            self.cores[bare].append(key)
        if PERSON in thing.types:
            self.persons[key.sorted_text].append(key)
            turned = " ".join(reversed(folded.split()))
            if turned != folded:
                self.initials[initials(turned)].append(replace(key, text=turned))
            for each in {sound(folded), sound(turned)}:
                self.sounds[each].append(key)
            if not folded.isascii():  # the family name of a Japanese name is its first characters
                for length in (1, 2, 3):
                    self.words[folded[:length]].add(thing.iri)


async def read_index(store: Store) -> NameIndex:
    """Return the names that *store* holds; raises what `Store.query` raises."""
    types = await ask(store, QUERIES.text("named_types"))
    values = await ask(store, QUERIES.text("named_values"))
    links = await ask(store, QUERIES.text("named_links"))
    return await asyncio.to_thread(_index, types, values, links)


def _index(types: Solutions, values: Solutions, links: Solutions) -> NameIndex:
    classes: dict[str, list[str]] = defaultdict(list)
    for each in types.bindings:
        classes[_iri(each["thing"])].append(_iri(each["type"]))
    things = {iri: Thing(iri, tuple(found)) for iri, found in classes.items()}
    for each in values.bindings:
        thing, value = things.get(_iri(each["thing"])), each["value"]
        if thing is not None and isinstance(value, ox.Literal):
            thing.values.setdefault(_iri(each["property"]), []).append(value)
    for each in links.bindings:
        if (thing := things.get(_iri(each["thing"]))) is not None:
            thing.links.setdefault(_iri(each["property"]), set()).add(_iri(each["value"]))
    return NameIndex(things.values())


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
