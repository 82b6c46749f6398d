"""Spellings that are one name: letters, punctuation, order, titles and the words of a state's form.

What `fold` makes equal is the same name in another typography. `inverted`, `without_titles` and
`core` go further, each for a stated reason, and what they make equal may be weaker evidence.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_LENGTH: Final = 300
"""Of a name in characters that is compared; a longer one is no name of anything."""

_LETTERS: Final = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "þ": "th",
        "ð": "d",
    }
)
_JOINED: Final = re.compile("['`.\u2018\u2019\u02bb\u02bc\u00b4]")
_RUN_ON: Final = re.compile(r"\.(?=[^\W\d_]{2})")  # "S.Sudan" is two words, "U.S.A." is one
_NO_WORD: Final = re.compile(r"[^\w&]+|_")
_DROPPED: Final = frozenset({"the", "and", "&"})
_ABBREVIATED: Final = {
    "st": "saint",
    "ste": "saint",
    "rep": "republic",
    "fed": "federal",
    "dem": "democratic",
    "is": "islands",
    "isl": "islands",
    "isle": "islands",
    "island": "islands",
    "govt": "government",
    "min": "minister",
    "defense": "defence",
}
_TITLES: Final = frozenset(
    [
        "minister",
        "ministers",
        "prime",
        "deputy",
        "defence",
        "foreign",
        "affairs",
        "hon",
        "honourable",
        "honorable",
        "rt",
        "right",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sir",
        "dame",
        "lord",
        "prof",
        "professor",
        "excellency",
        "his",
        "her",
        "h",
        "e",
        "mp",
        "kc",
        "qc",
        "for",
        "of",
        "secretary",
        "state",
        "president",
    ]
)
_FORM: Final = frozenset(
    [
        "republic",
        "kingdom",
        "state",
        "states",
        "federation",
        "federal",
        "democratic",
        "islamic",
        "people",
        "peoples",
        "socialist",
        "union",
        "united",
        "commonwealth",
        "principality",
        "grand",
        "duchy",
        "sultanate",
        "government",
        "country",
        "nation",
        "independent",
        "plurinational",
        "bolivarian",
        "hashemite",
        "arab",
        "cooperative",
        "co",
        "operative",
        "of",
        "a",
    ]
)
_GENERAL: Final = frozenset({"islands", "saint", "new", "north", "south", "east", "west"})
_HONORIFICS: Final = re.compile(
    r"(?:防衛大臣|外務大臣|総理大臣|国防大臣|大臣|防衛相|外務相|外相|国防相|首相|閣下|議員|さん|氏|様)+$"
    r"|^(?:防衛大臣|外務大臣|国防大臣|防衛相|外相|国防相)(?=..)"
)
_WHOSE: Final = re.compile("^.{2,12}?\u30ce(?=..)")  # "日本の", folded, before a minister's name
_JAPANESE_FORM: Final = re.compile(
    r"(?:民主社会主義|民主人民|社会主義|人民|民主|連邦|連合|多民族|独立|イスラム|アラブ|ボリバル)*"
    r"(?:共和国|王国|連邦|首長国|公国|大公国|国|州|政府)$"
)
_QUARTERS: Final = {"n": "north", "s": "south", "e": "east", "w": "west"}
_KANA: Final = (
    ("ヴァ", "バ"),
    ("ヴィ", "ビ"),
    ("ヴェ", "ベ"),
    ("ヴォ", "ボ"),
    ("ヴ", "ブ"),
    ("ウィ", "ウイ"),
    ("ウェ", "ウエ"),
    ("ツァ", "ツア"),
    ("トゥ", "ツ"),
    ("ティ", "チ"),
    ("ディ", "ジ"),
    ("ヂ", "ジ"),
    ("ヅ", "ズ"),
    ("ヰ", "イ"),
    ("ヱ", "エ"),
    ("ヶ", "ケ"),
    ("ー", ""),
)
_OLD_FORMS: Final = str.maketrans("國臺灣獨佛聯邊韓濱", "国台湾独仏連辺韓浜")
_SMALL: Final = str.maketrans("ァィゥェォャュョヮ", "アイウエオヤユヨワ")
_KATAKANA: Final = re.compile(r"[ァ-ヺー]")
_SUFFIXES: Final = frozenset({"san", "sama", "shi"})
_TOGETHER: Final = re.compile(r"([^()/]+?)\s*(?:\(([^()/]+)\)|/\s*([^()/]+))\s*")
_INVERSION: Final = re.compile(r"([^,()]+),\s*([^,()]+)|([^()]+?)\s*\(([^()]+)\)\s*")


def fold(name: str) -> str:
    """Return *name* in one typography: NFKC, no case, marks or punctuation, no "the" and "and".

    Hiragana is katakana, long vowels are short, old forms of characters are new, and "St." is
    "saint". Empty where nothing is left.
    """
    text = unicodedata.normalize("NFKC", name[:MAX_LENGTH]).casefold()
    marked = _JOINED.sub("", _RUN_ON.sub(" ", text)).translate(_LETTERS)
    bare = "".join(map(_unmarked, marked))
    words = _NO_WORD.sub(" ", _kana(bare).translate(_OLD_FORMS)).split()
    kept = [_ABBREVIATED.get(word, word) for word in words if word not in _DROPPED]
    return " ".join(kept)


def joined(folded: str) -> str:
    """Return a folded name without spaces: "newzealand" is "new zealand"."""
    return folded.replace(" ", "")


def ordered(folded: str) -> str:
    """Return a folded name with its words in the order of the alphabet."""
    return " ".join(sorted(folded.split()))


def inverted(name: str) -> str:
    """Return "Korea, Republic of" and "Korea (Republic of)" the other way round, else *name*."""
    found = _INVERSION.fullmatch(name.strip()[:MAX_LENGTH])
    if found is None:
        return name
    first, last = (found[1], found[2]) if found[1] else (found[3], found[4])
    return f"{last} {first}"


def together(name: str) -> tuple[str, ...]:
    """Return both of two names that are given together, "Burma (Myanmar)" or "A/B", else none."""
    found = _TOGETHER.fullmatch(unicodedata.normalize("NFKC", name[:MAX_LENGTH]).strip())
    return (found[1], found[2] or found[3]) if found else ()


def without_titles(folded: str) -> str:
    """Return the folded name of a person without titles of office and courtesy."""
    words = [word for word in folded.split() if word not in _TITLES]
    if len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    rest = " ".join(words) or folded
    return _HONORIFICS.sub("", rest)


def office(folded: str) -> str:
    """Return the folded name of a post as it is compared: without "of", in order, 相 as 大臣."""
    words = [word for word in folded.split() if word not in {"of", "for"}]
    return re.sub("(?<!首)相$", "大臣", " ".join(sorted(words)))


def without_state(folded: str) -> str:
    """Return the folded name without whose minister a person is: "日本の小泉" is "小泉"."""
    return _WHOSE.sub("", folded)


def without_form(folded: str) -> str:
    """Return a folded name in Japanese without "共和国" and the like at its end."""
    return _JAPANESE_FORM.sub("", folded) or folded


def with_quarter(folded: str) -> str:
    """Return the folded name with its first letter as a quarter: "s sudan" is "south sudan"."""
    first, _, rest = folded.partition(" ")
    return f"{_QUARTERS[first]} {rest}" if rest and first in _QUARTERS else folded


def without_islands(folded: str) -> str:
    """Return the folded name without "islands" at its end: "fiji islands" is "fiji"."""
    return folded.removesuffix(" islands")


def core(folded: str) -> str:
    """Return the folded name of a state without the words of its form: "korea"."""
    words = [word for word in folded.split() if word not in _FORM]
    return without_form(" ".join(words)) or folded


def is_general(folded: str) -> bool:
    """Whether a folded name is one word that many names have, such as "republic"."""
    return folded in _FORM or folded in _GENERAL


def _unmarked(character: str) -> str:
    """Take the marks of Latin letters away; a kana's are part of it."""
    if ord(character) > 0x2FFF:
        return character
    return "".join(
        each for each in unicodedata.normalize("NFD", character) if not unicodedata.combining(each)
    )


def _kana(text: str) -> str:
    katakana = "".join(chr(ord(each) + 0x60) if "ぁ" <= each <= "ゖ" else each for each in text)
    if not _KATAKANA.search(katakana):
        return katakana
    katakana = katakana.replace("・", "").replace("=", "")
    for written, other in _KANA:
        katakana = katakana.replace(written, other)
    return katakana.translate(_SMALL)
