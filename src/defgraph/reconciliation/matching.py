"""What a name may mean: candidates with a score from 0 to 100, and whether one of them is sure.

A match is sure only where the name, folded, is a name of one thing and of no other, or where it
resembles one and an identifier agrees. A spelling error is never sure: the name may be of something
that the dataset does not know.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from defgraph.reconciliation import persons
from defgraph.reconciliation.folding import (
    core,
    fold,
    inverted,
    is_general,
    joined,
    ordered,
    together,
    with_quarter,
    without_form,
    without_islands,
    without_titles,
)
from defgraph.reconciliation.index import PERSON, Key, NameIndex, Thing
from defgraph.reconciliation.likely import likely
from defgraph.reconciliation.romanising import sound, sound_of_kana
from defgraph.reconciliation.shortening import acronym, initials, share_written, unordered

EXACT: Final = 100.0
CODE: Final = {"isoAlpha3": 97.0, "isoAlpha2": 95.0}
OTHER_CODE: Final = 80.0
CORE: Final = 93.0
MOST_OF_A_GUESS: Final = 92.0
OF_TWO_NAMES: Final = 86.0
LIKELY: Final = 90.0
"""What is no name of a state and mostly means one, and a state's name in another order."""
CUT: Final = (74.0, 90.0)
"""What a name has that is cut short: to almost nothing, or by a letter."""
ACRONYM: Final = 76.0
WORDS: Final = 75.0
_LEAST: Final = 40.0
_ALIKE: Final = 0.55
_OF_MISFIT: Final = 0.6
_AGREES_FROM: Final = 80.0


@dataclass(frozen=True, slots=True)
class Constraint:
    """That a *property* of what is meant, by its IRI, has one of *values* or *iris*."""

    property: str
    values: tuple[str, ...] = ()
    iris: frozenset[str] = frozenset()


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
        exact = self._exact((folded, turned), scores) or self._of_both(written, scores)
        self._add_codes(written, scores)
        if folded and not exact:
            self._add_shortened(written, folded, scores)
            self._add_sounds(written, folded, scores)
            spellings = (folded, turned, with_quarter(folded), without_islands(folded))
            for iri in likely(written, dict.fromkeys(spellings)):
                if (thing := self._index.things.get(iri)) and self._takes(thing):
                    _raise(scores, thing, LIKELY)
            for spelling in dict.fromkeys((*spellings, without_form(folded))):
                self._add_guesses(spelling, scores)
            for spelling in persons.stripped(folded):
                self._add_guesses(spelling, scores, only=PERSON)
            self._add_persons(written, folded, scores)
        sure = set() if is_general(folded) else exact
        found = [
            Candidate(self._index.things[iri], score, is_sure=sure == {iri})
            for iri, score in scores.items()
            if score >= _LEAST
        ]
        if constraints:
            found = self._constrained(found, constraints, has_name=bool(folded))
        found.sort(key=lambda each: (-each.score, each.thing.rank))
        return tuple(found[:limit])

    def _exact(self, folded: Iterable[str], scores: dict[str, float]) -> set[str]:
        """Score the things that have one of these very names, and return them."""
        spellings = [each for each in dict.fromkeys(folded) if each]
        keys = [key for each in spellings for key in self._index.exact.get(joined(each), ())]
        if not keys:
            keys = [key for each in spellings for key in self._persons(each)]
        keys = [each for each in keys if self._takes(each.thing)]
        for each in keys:
            _raise(scores, each.thing, EXACT - 10 * (1 - each.weight))
        return {each.thing.iri for each in keys}

    def _of_both(self, written: str, scores: dict[str, float]) -> set[str]:
        """Return the things that have both of two names given together.

        Where there are none, what has the first of them is likely, the second less so.
        """
        found = []
        for each in together(written):
            named: dict[str, float] = {}
            self._exact((fold(each), fold(inverted(each))), named)
            found.append(named)
        if not found:
            return set()
        both = set(found[0]) & set(found[1])
        for number, named in enumerate(found):
            for iri, score in named.items():
                likely = score - 1 if iri in both else OF_TWO_NAMES - 10 * number
                _raise(scores, self._index.things[iri], likely)
        return both

    def _persons(self, spelling: str) -> list[Key]:
        """Return the persons of that name in any order, with or without titles."""
        bare = without_titles(spelling)
        found = list(self._index.persons.get(ordered(bare), ()))
        by_name = self._index.exact.get(joined(bare), ())
        return [*found, *(each for each in by_name if PERSON in each.thing.types)]

    def _add_codes(self, written: str, scores: dict[str, float]) -> None:
        letters = acronym(written).upper() or written
        for thing, code in self._index.codes.get(letters, ()):
            if self._takes(thing):
                _raise(scores, thing, CODE.get(code, OTHER_CODE))

    def _add_shortened(self, written: str, folded: str, scores: dict[str, float]) -> None:
        """Score things whose name is cut short, word by word or to an acronym."""
        least, most = CUT
        for key in self._index.initials.get(initials(folded), ()):
            if self._takes(key.thing) and (share := share_written(folded, key.text)):
                _raise(scores, key.thing, least + (most - least) * share)
        for key in self._index.unordered.get(unordered(folded), ()):
            if self._takes(key.thing):
                _raise(scores, key.thing, LIKELY + key.weight)
        for key in self._index.initials.get(acronym(written), ()):
            if self._takes(key.thing):
                _raise(scores, key.thing, ACRONYM + key.weight)

    def _add_sounds(self, written: str, folded: str, scores: dict[str, float]) -> None:
        """Score persons whose name sounds the same: it is romanised otherwise, or in kana."""
        for spelling in dict.fromkeys((folded, without_titles(folded))):
            for key in self._index.sounds.get(sound_of_kana(written) or sound(spelling), ()):
                if self._takes(key.thing):
                    _raise(scores, key.thing, MOST_OF_A_GUESS)

    def _add_persons(self, written: str, folded: str, scores: dict[str, float]) -> None:
        """Score persons by what stands beside their names, and by their offices."""
        for thing, score in persons.among_words(self._index, folded):
            if self._takes(thing):
                _raise(scores, thing, score)
        for thing, score in persons.holders(self._index, written, self._takes):
            _raise(scores, thing, score)

    def _add_guesses(
        self, spelling: str, scores: dict[str, float], only: str | None = None
    ) -> None:
        """Score things whose names *spelling* resembles, if they are of the class *only*."""
        bare = joined(core(spelling))
        for key in (*self._index.cores.get(bare, ()), *self._index.exact.get(bare, ())):
            if self._takes(key.thing) and (only is None or only in key.thing.types):
                alike = Indel.normalized_similarity(spelling, key.text)
                _raise(scores, key.thing, CORE - 10 * (1 - alike))
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
                if only is not None and only not in key.thing.types:
                    continue
                same_start = 0.01 if key.text[:1] == text[:1] else 0.0
                score = MOST_OF_A_GUESS * (alike - less + same_start) + key.weight
                _raise(scores, key.thing, min(score, MOST_OF_A_GUESS))
        if only is None:
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
        wanted = [
            (each.property, frozenset(map(fold, each.values)), each.iris) for each in constraints
        ]
        if not has_name:
            for thing in self._index.things.values():
                if self._takes(thing) and any(self._fits(thing, *each) for each in wanted):
                    known.setdefault(thing.iri, Candidate(thing, 60.0))
        fitting = {
            iri: [self._fits(each.thing, *constraint) for constraint in wanted]
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

    def _fits(
        self, thing: Thing, property_: str, values: frozenset[str], iris: frozenset[str]
    ) -> bool | None:
        """Whether the thing has such a value; None where it has none for that property at all."""
        links = thing.links.get(property_, set())
        if not links and property_ not in thing.values:
            return None
        return not iris.isdisjoint(links) or not values.isdisjoint(
            self._index.folded(thing, property_)
        )


def _raise(scores: dict[str, float], thing: Thing, score: float) -> None:
    scores[thing.iri] = max(score, scores.get(thing.iri, 0.0))
