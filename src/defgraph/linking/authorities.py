"""How others write their identifiers, and where an IRI or a code is not written so."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pyoxigraph as ox

from defgraph.namespaces import DEF


class Authority(NamedTuple):
    """Who gives identifiers: the addresses that are theirs, and the form that each IRI has."""

    name: str
    addresses: re.Pattern[str]
    form: re.Pattern[str]
    example: str


AUTHORITIES: Final = (
    Authority(
        "Wikidata",
        re.compile(r"(?i:https?://([a-z]+\.)*wikidata\.org)(/.*)?"),
        re.compile(r"http://www\.wikidata\.org/entity/Q[1-9][0-9]{0,11}"),
        "http://www.wikidata.org/entity/Q664",
    ),
    Authority(
        "GeoNames",
        re.compile(r"(?i:https?://([a-z]+\.)*geonames\.org)(/.*)?"),
        re.compile(r"https://sws\.geonames\.org/[1-9][0-9]{0,9}/"),
        "https://sws.geonames.org/2186224/",
    ),
    Authority(
        "the country table of the EU",
        re.compile(r"(?i:https?://publications\.europa\.eu)/resource/authority/country(/.*)?"),
        re.compile(
            r"http://publications\.europa\.eu/resource/authority/country/[A-Z0-9]{3}(_[A-Z0-9]+)*"
        ),
        "http://publications.europa.eu/resource/authority/country/NZL",
    ),
)

_LONGEST: Final = 2_000
_CONTROL_OR_SPACE: Final = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")

CODES: Final = {
    DEF + "isoAlpha2": (re.compile(r"[A-Z]{2}"), "two capital letters"),
    DEF + "isoAlpha3": (re.compile(r"[A-Z]{3}"), "three capital letters"),
    DEF + "isoNumeric": (re.compile(r"[0-9]{3}"), "three digits"),
    DEF + "m49Code": (re.compile(r"[0-9]{3}"), "three digits"),
}
"""The properties whose values are codes: how each is written, and that in words."""


def authority_of(iri: str) -> Authority | None:
    """Return whose identifier *iri* would be by its address, or None where none is known."""
    return next((each for each in AUTHORITIES if each.addresses.fullmatch(iri)), None)


def fault_in(iri: str) -> str | None:
    """Say what is wrong with how *iri* is written and how to mend it; None if nothing is."""
    if len(iri) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    if _CONTROL_OR_SPACE.search(iri) or not _ABSOLUTE.fullmatch(iri):
        return "is no absolute IRI"
    try:
        ox.NamedNode(iri)
    except ValueError as error:
        return f"is no IRI: {error}"
    authority = authority_of(iri)
    if authority is None or authority.form.fullmatch(iri):
        return None
    written = f"is not as {authority.name} writes its identifiers"
    return f"{written}; expected one like <{authority.example}>"
