"""How a Japanese name sounds, however it is written in Latin letters or kana.

Hepburn and Kunrei, long vowels marked or not, and kana come out as one text, which is in no system:
it is for comparing only.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_KANA_NAME: Final = re.compile(r"[ァ-ヺー・= ]+")
_KUNREI: Final = (
    ("sh", "sy"),
    ("ch", "ty"),
    ("ts", "t"),
    ("j", "zy"),
    ("f", "h"),
    ("yi", "i"),
    ("ye", "e"),
)
_LONG_O: Final = re.compile(r"ou|oh(?![aeiouy])")
_BEFORE_LIPS: Final = re.compile(r"m(?=[bp])")
_TWICE: Final = re.compile(r"(.)\1")


def sound(folded: str) -> str:
    """Return how a folded name in Latin letters sounds, its words joined."""
    text = folded.replace(" ", "")
    for written, plain in _KUNREI:
        text = text.replace(written, plain)
    text = _BEFORE_LIPS.sub("n", _LONG_O.sub("o", text))
    return _TWICE.sub(r"\1", text)


def sound_of_kana(name: str) -> str:
    """Return how *name* sounds if it is written in kana alone, else nothing."""
    text = unicodedata.normalize("NFKC", name)
    katakana = "".join(chr(ord(each) + 0x60) if "ぁ" <= each <= "ゖ" else each for each in text)
    if not _KANA_NAME.fullmatch(katakana):
        return ""
    syllables: list[str] = []
    for each in katakana:
        words = unicodedata.name(each).split()
        if "LETTER" not in words:
            continue  # a long vowel, a dot, a space
        syllable = words[-1].lower()
        if "SMALL" in words and syllable != "tu" and syllables:
            syllables[-1] = syllables[-1][:-1]
        if "SMALL" not in words or syllable != "tu":
            syllables.append(syllable)
    return sound("".join(syllables))
