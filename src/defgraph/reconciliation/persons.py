"""Persons by what a table says beside their names: a title, whose minister, or the office alone.

"Japanese Foreign Minister Motegi" and "Defence Minister of NZ" are likely and never sure: a family
name is that of many, and an office passes to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from defgraph.reconciliation.folding import fold, office, without_state, without_titles
from defgraph.reconciliation.index import PERSON, NameIndex, Thing

_WHOLE: Final = 88.0
"""Of a person all of whose name stands among other words."""
_TITLED: Final = 77.0
"""Of a person of whose name a word stands with a title."""
_OF_AN_OFFICE: Final = 79.0
"""Of the office that is named, at most; who holds it has one less."""
_LIKE_AN_OFFICE: Final = 0.75


def stripped(folded: str) -> tuple[str, ...]:
    """Return the folded name without titles, and without whose minister it is of, if it has any."""
    bare = without_titles(folded)
    return () if bare == folded else tuple(dict.fromkeys((bare, without_state(bare))))


def among_words(index: NameIndex, folded: str) -> Iterator[tuple[Thing, float]]:
    """Yield the persons whose names stand in the folded name, whole or in part with a title."""
    bare = stripped(folded)
    has_title = bool(bare)
    words = set(" ".join((folded, *bare)).split())
    for word in words:
        for iri in index.words.get(word, ()):
            thing = index.things[iri]
            if PERSON not in thing.types:
                continue
            if any(words.issuperset(name.split()) for name in index.names_of(thing)):
                yield thing, _WHOLE
            elif has_title:
                yield thing, _TITLED


def holders(
    index: NameIndex, written: str, takes: Callable[[Thing], bool]
) -> Iterator[tuple[Thing, float]]:
    """Yield the office that is named, where the name resembles one, and who holds it."""
    offices = [
        each for each in index.offices if any(map(takes, (each.thing, *index.holders(each.thing))))
    ]
    if not offices:
        return
    text = office(fold(" ".join(_spelt_out(index, word) for word in written.split())))
    for _, alike, n in process.extract(
        text,
        [each.sorted_text for each in offices],
        scorer=OSA.normalized_similarity,
        processor=None,
        score_cutoff=_LIKE_AN_OFFICE,
    ):
        for rank, thing in enumerate((offices[n].thing, *index.holders(offices[n].thing))):
            if takes(thing):
                yield thing, (_OF_AN_OFFICE - min(rank, 1)) * alike


def _spelt_out(index: NameIndex, word: str) -> str:
    """Return the name of the state of which *word* is an ISO 3166 code, or else *word*."""
    found: list[tuple[Thing, str]] = index.codes.get(word, []) if word.isupper() else []
    return found[0][0].name if len({thing.iri for thing, _ in found}) == 1 else word
