"""What a name may mean: candidates with a score from 0 to 100, and whether one of them is sure.

A match is sure only where the name, folded, is a name of one thing and of no other, or where it
resembles one and an identifier agrees. A spelling error is never sure: the name may be of something
that the dataset does not know.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from defgraph.reconciliation.folding import (
    core,
    fold,
    inverted,
    joined,
    ordered,
    with_quarter,
    without_titles,
)
from defgraph.reconciliation.index import PERSON, Key, NameIndex, Thing

EXACT: Final = 100.0
CODE: Final = {"isoAlpha3": 97.0, "isoAlpha2": 95.0}
OTHER_CODE: Final = 80.0
CORE: Final = 93.0
MOST_OF_A_GUESS: Final = 92.0
WORDS: Final = 75.0
_LEAST: Final = 40.0
_ALIKE: Final = 0.55
_OF_MISFIT: Final = 0.6
_AGREES_FROM: Final = 80.0


@dataclass(frozen=True, slots=True)
class Constraint:
    """That a *property* of what is meant, by its IRI, has one of *values*."""

    property: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a name may mean; *is_sure* where it can mean no other."""

    thing: Thing
    score: float
    is_sure: bool = False


class Matcher:
    """Finds what names mean among the things of *index* that have one of *types*, or among all.

    With *every*, a thing must have all of the types.
    """

    def __init__(
        self, index: NameIndex, types: Collection[str] = (), *, every: bool = False
    ) -> None:
        self._index = index
        self._types = frozenset(types)
        self._every = every
        self._keys = [each for each in index.keys if self._takes(each.thing)]
        self._texts = [each.text for each in self._keys]
        self._sorted = [each.sorted_text for each in self._keys]

    def _takes(self, thing: Thing) -> bool:
        if self._every:
            return self._types.issubset(thing.types)
        return not self._types or not self._types.isdisjoint(thing.types)

    def match(
        self, name: str, constraints: Sequence[Constraint] = (), *, limit: int = 5
    ) -> tuple[Candidate, ...]:
        """Return what *name* may mean, the likeliest first, at most *limit*."""
        scores: dict[str, float] = {}
        written = name.strip()
        folded = fold(written)
        turned = fold(inverted(written))
        exact = self._exact(folded, turned, scores)
        self._add_codes(written, scores)
        if folded and not exact:
            for spelling in dict.fromkeys(
                (folded, turned, with_quarter(folded), without_titles(folded))
            ):
                self._add_guesses(spelling, scores)
        found = [
            Candidate(self._index.things[iri], score, is_sure={iri} == exact)
            for iri, score in scores.items()
            if score >= _LEAST
        ]
        if constraints:
            found = self._constrained(found, constraints, has_name=bool(folded))
        found.sort(key=lambda each: (-each.score, each.thing.rank))
        return tuple(found[:limit])

    def _exact(self, folded: str, turned: str, scores: dict[str, float]) -> set[str]:
        """Score the things that have this very name, and return them."""
        keys: list[Key] = []
        for spelling in dict.fromkeys((folded, turned)):
            if spelling:
                keys += self._index.exact.get(joined(spelling), ())
        if not keys:
            for spelling in dict.fromkeys((folded, turned)):
                if spelling:
                    keys += self._persons(spelling)
        keys = [each for each in keys if self._takes(each.thing)]
        for each in keys:
            _raise(scores, each.thing, EXACT - 10 * (1 - each.weight))
        return {each.thing.iri for each in keys}

    def _persons(self, spelling: str) -> list[Key]:
        """Return the persons of that name in any order, with or without titles."""
        bare = without_titles(spelling)
        found = list(self._index.persons.get(ordered(bare), ()))
        by_name = self._index.exact.get(joined(bare), ())
        return [*found, *(each for each in by_name if PERSON in each.thing.types)]

    def _add_codes(self, written: str, scores: dict[str, float]) -> None:
        for thing, code in self._index.codes.get(written.strip(". "), ()):
            if self._takes(thing):
                _raise(scores, thing, CODE.get(code, OTHER_CODE))

    def _add_guesses(self, spelling: str, scores: dict[str, float]) -> None:
        bare = joined(core(spelling))
        for key in (*self._index.cores.get(bare, ()), *self._index.exact.get(bare, ())):
            if self._takes(key.thing):
                alike = Indel.normalized_similarity(spelling, key.text)
                _raise(scores, key.thing, CORE - 10 * (1 - alike))
        best = 0.0
        for texts, text, less in (
            (self._texts, spelling, 0.0),
            (self._sorted, ordered(spelling), 0.02),
        ):
            for _, alike, n in process.extract(
                text,
                texts,
                scorer=OSA.normalized_similarity,
                processor=None,
                limit=12,
                score_cutoff=_ALIKE,
            ):
                key = self._keys[n]
                best = max(best, alike)
                same_start = 0.01 if key.text[:1] == text[:1] else 0.0
                score = MOST_OF_A_GUESS * (alike - less + same_start) + key.weight
                _raise(scores, key.thing, min(score, MOST_OF_A_GUESS))
        self._add_words(spelling, scores)

    def _add_words(self, spelling: str, scores: dict[str, float]) -> None:
        """Score things by the words that they share with *spelling*, rare ones counting most."""
        words = {each for each in spelling.split() if each in self._index.words}
        total = sum(map(self._rarity, spelling.split())) or 1.0
        shared: dict[str, float] = {}
        for word in words:
            if len(self._index.words[word]) <= 50:
                for iri in self._index.words[word]:
                    shared[iri] = shared.get(iri, 0.0) + self._rarity(word)
        for iri, weight in shared.items():
            thing = self._index.things[iri]
            if self._takes(thing):
                _raise(scores, thing, min(WORDS, 45 + 35 * weight / total))

    def _rarity(self, word: str) -> float:
        known = len(self._index.words.get(word, ()))
        return math.log(2 + len(self._index.things) / (1 + known))

    def _constrained(
        self, found: list[Candidate], constraints: Sequence[Constraint], *, has_name: bool
    ) -> list[Candidate]:
        """Let what else is known of the thing raise or lower the scores, and find by it."""
        known = {each.thing.iri: each for each in found}
        if not has_name:
            for thing in self._index.things.values():
                if self._takes(thing) and any(_fits(thing, each) for each in constraints):
                    known.setdefault(thing.iri, Candidate(thing, 60.0))
        fitting = {
            iri: [_fits(each.thing, constraint) for constraint in constraints]
            for iri, each in known.items()
        }
        made = []
        for iri, each in known.items():
            verdicts = fitting[iri]
            if False in verdicts:
                made.append(replace(each, score=each.score * _OF_MISFIT, is_sure=False))
            elif True in verdicts:
                alone = sum(True in others for others in fitting.values()) == 1
                score = each.score + (EXACT - each.score) / 2
                is_sure = each.is_sure or (has_name and alone and each.score >= _AGREES_FROM)
                made.append(replace(each, score=score, is_sure=is_sure))
            else:
                made.append(each)
        return made


def _fits(thing: Thing, constraint: Constraint) -> bool | None:
    """Whether the thing has such a value; None where it has none for that property at all."""
    values = thing.values.get(constraint.property)
    if not values:
        return None
    there = {fold(each.value) for each in values}
    return any(fold(each) in there for each in constraint.values)


def _raise(scores: dict[str, float], thing: Thing, score: float) -> None:
    scores[thing.iri] = max(score, scores.get(thing.iri, 0.0))
