"""Names that are cut short: "Eq. Guinea", "S. Koizumi", "RSA".

Each word of a name may be written by how it begins, and all of them by their first letters. What
is found so is a guess: many names begin alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_LEFT_OUT: Final = frozenset({"of", "for", "de", "du", "la"})
_CAPITALS: Final = re.compile(r"(?:[A-Z]\s?\.?\s?){2,6}")
_LEAST_LETTERS: Final = 3
"""Of a word that stands alone, so that it says something."""


def words_of(folded: str) -> tuple[str, ...]:
    """Return the words of a folded name that count, those like "of" left out."""
    return tuple(word for word in folded.split() if word not in _LEFT_OUT)


def unordered(folded: str) -> str:
    """Return the words of a folded name that count, in the order of the alphabet."""
    return " ".join(sorted(words_of(folded)))


def initials(folded: str) -> str:
    """Return the first letters of the words that count: "rsa" of "republic of south africa"."""
    return _first_letters(words_of(folded))


def all_initials(folded: str) -> frozenset[str]:
    """Return the first letters of the words that count, and of all: "rk", "rok"."""
    return frozenset({initials(folded), _first_letters(folded.split())})


def _first_letters(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words)


def acronym(written: str) -> str:
    """Return the letters of an acronym such as "R.S.A.", small; empty if it is none."""
    if not _CAPITALS.fullmatch(written):
        return ""
    return re.sub(r"[\s.]", "", written).lower()


def share_written(cut: str, name: str) -> float:
    """Return how much of the folded *name* is written in *cut*, up to 1; 0 if it is no cut of it.

    Each word of the one begins a word of the other, in the same order, none is missing.
    """
    shorter, longer = words_of(cut), words_of(name)
    if len(shorter) != len(longer) or shorter == longer:
        return 0.0
    if len(shorter) == 1 and len(shorter[0]) < _LEAST_LETTERS:
        return 0.0
    if not all(whole.startswith(part) for part, whole in zip(shorter, longer, strict=True)):
        return 0.0
    return sum(map(len, shorter)) / sum(map(len, longer))
