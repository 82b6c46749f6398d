"""The tables that the states are read from: countries, capitals, the Correlates of War."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.core import UnknownLocaleError
from babel.languages import get_official_languages

_HERE: Final = Path(__file__).parent
_INDEPENDENT: Final = "Yes"
_SYSTEM_YEAR: Final = "2016"
_WIKIDATA: Final = "https://www.wikidata.org/wiki/"


@dataclass(frozen=True, slots=True)
class Capital:
    """The city that GeoNames has as the capital; degrees are WGS 84, in the source's digits."""

    slug: str
    name: str
    further_name: str
    name_ja: str
    geonames: str
    latitude: str
    longitude: str


@dataclass(frozen=True, slots=True)
class Cow:
    """The number and the letters of a state in the Correlates of War state system."""

    code: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class State:
    """What the tables say of one state; what they do not say is empty.

    *own_names* are what it is called in its official languages, where that is
    not what it is called in English, each with its language tag.
    """

    alpha_2: str
    alpha_3: str
    numeric: str
    m49: str
    label_en: str
    label_ja: str
    names_en: tuple[str, ...]
    own_names: tuple[tuple[str, str], ...]
    geonames: str
    wikidata: str
    has_iso_code: bool
    cow: Cow | None
    capital: Capital | None


def states(countries: Path, cow_states: Path) -> tuple[State, ...]:
    """Return the states of the world by alpha-2 code.

    *countries* is the table country-codes of the datasets project, *cow_states* the state system of
    the Correlates of War. Raises KeyError where a column is missing.
    """
    mends = tomllib.loads((_HERE / "mends.toml").read_text(encoding="utf-8"))
    rows = {row["ISO3166-1-Alpha-2"]: row for row in _rows(countries) if _is_state(row, mends)}
    rows |= {code: {} for code in mends["without_row"]}
    cow = dict(_cow(cow_states))
    capitals = dict(_capitals())
    return tuple(
        _state(code, row, mends, cow.get(code), capitals.get(code))
        for code, row in sorted(rows.items())
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _is_state(row: Mapping[str, str], mends: Mapping[str, Any]) -> bool:
    return row["is_independent"] == _INDEPENDENT or row["ISO3166-1-Alpha-2"] in mends["also_states"]


def _cow(path: Path) -> Iterator[tuple[str, Cow]]:
    letters = {row["ccode"]: row["stateabb"] for row in _rows(path) if row["year"] == _SYSTEM_YEAR}
    for row in _rows(_HERE / "cow.csv"):
        yield row["iso_alpha2"], Cow(row["cow_code"], letters[row["cow_code"]])


def _capitals() -> Iterator[tuple[str, Capital]]:
    for row in _rows(_HERE / "capitals.csv"):
        code = row.pop("iso_alpha2")
        yield code, Capital(**row)


def _state(
    code: str,
    row: Mapping[str, str],
    mends: Mapping[str, Any],
    cow: Cow | None,
    capital: Capital | None,
) -> State:
    added = mends["without_row"].get(code, {})
    cldr_en = Locale("en").territories[code]
    mended = mends["label"]["en"].get(code)
    label_en = mended or _written_out(cldr_en)
    geonames = "" if code in mends["without_geonames"] else row.get("Geoname ID", "")
    wikidata = row.get("wikidata_id", "").removeprefix(_WIKIDATA)
    names = (
        "" if mended else cldr_en,
        _bare(row.get("UNTERM English Short", "")),
        _bare(row.get("UNTERM English Formal", "")),
    )
    known = {label_en, *names}
    return State(
        alpha_2=code,
        alpha_3=row.get("ISO3166-1-Alpha-3", ""),
        numeric=row["ISO3166-1-numeric"].zfill(3) if row else "",
        m49=row["M49"].zfill(3) if row else "",
        label_en=label_en,
        label_ja=mends["label"]["ja"].get(code) or Locale("ja").territories[code],
        names_en=tuple(sorted({name for name in names if name and _written_out(name) != label_en})),
        own_names=tuple(
            sorted((name, tag) for name, tag in set(_own_names(code)) if name not in known)
        ),
        geonames=geonames or str(added.get("geonames", "")),
        wikidata=mends["wikidata"].get(code) or wikidata or added.get("wikidata", ""),
        has_iso_code=bool(row),
        cow=cow,
        capital=capital,
    )


def _own_names(code: str) -> Iterator[tuple[str, str]]:
    for language in get_official_languages(code, de_facto=True):
        if language in {"en", "ja"}:
            continue
        try:
            name = Locale.parse(language).territories.get(code)
        except UnknownLocaleError:
            continue
        if name:
            yield name, language.replace("_", "-")


def _written_out(name: str) -> str:
    """Return a name of CLDR without its abbreviations."""
    return name.replace(" & ", " and ").replace("St. ", "Saint ").replace("\u2019", "'")


def _bare(name: str) -> str:
    """Return a name of the United Nations without its article and marks."""
    return name.strip(" *").removesuffix("(the)").strip(" *").removeprefix("the ")
