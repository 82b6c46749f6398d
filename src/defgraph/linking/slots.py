"""What SSSOM says of a mapping or of a set of mappings, and how that is written in RDF.

The names and properties are those of SSSOM 1.1, the way they are written those of SSSOM/RDF: a
mapping is an ``owl:Axiom``, a set a ``sssom:MappingSet``. Slots that are not listed are not kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

import pyoxigraph as ox

from defgraph.namespaces import OWL, PREFIXES, RDFS, XSD

SSSOM: Final = "https://w3id.org/sssom/"
SEMAPV: Final = "https://w3id.org/semapv/vocab/"
PAV: Final = "http://purl.org/pav/"
SSSOM_PREFIXES: Final = {**PREFIXES, "pav": PAV, "semapv": SEMAPV, "sssom": SSSOM}

MAPPING_SET: Final = SSSOM + "MappingSet"
MAPPINGS: Final = SSSOM + "mappings"
AXIOM: Final = OWL + "Axiom"
SOURCE, PROPERTY, TARGET = (OWL + f"annotated{each}" for each in ("Source", "Property", "Target"))
JUSTIFICATION: Final = "mapping_justification"
UNSPECIFIED: Final = SEMAPV + "UnspecifiedMatching"

Kind: TypeAlias = Literal["iri", "text", "date", "number"]
_DCTERMS: Final = PREFIXES["dcterms"]
_BAR: Final = re.compile(r"(?<!\\)\|")
_DATE: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]+")


class Slot(NamedTuple):
    """One thing that may be said: by which property, in which kind of value, and how often."""

    property: str
    kind: Kind = "text"
    is_several: bool = False


def _slot(name: str, kind: Kind = "text", *, several: bool = False) -> tuple[str, Slot]:
    return name, Slot(SSSOM + name, kind, several)


OF_A_MAPPING: Final[Mapping[str, Slot]] = MappingProxyType(
    dict(
        [
            _slot("subject_label"),
            _slot("object_label"),
            _slot(JUSTIFICATION, "iri"),
            ("author_id", Slot(PAV + "authoredBy", "iri", is_several=True)),
            _slot("author_label", several=True),
            _slot("reviewer_id", "iri", several=True),
            _slot("reviewer_label", several=True),
            ("creator_id", Slot(_DCTERMS + "creator", "iri", is_several=True)),
            _slot("creator_label", several=True),
            ("license", Slot(_DCTERMS + "license", "iri")),
            _slot("subject_source", "iri"),
            _slot("subject_source_version"),
            _slot("object_source", "iri"),
            _slot("object_source_version"),
            _slot("mapping_provider", "iri"),
            _slot("mapping_tool"),
            _slot("mapping_tool_version"),
            ("mapping_date", Slot(PAV + "authoredOn", "date")),
            _slot("confidence", "number"),
            _slot("match_string", several=True),
            _slot("similarity_score", "number"),
            _slot("similarity_measure"),
            ("see_also", Slot(RDFS + "seeAlso", is_several=True)),
            _slot("other"),
            ("comment", Slot(RDFS + "comment")),
        ]
    )
)
"""The slots of a mapping that are kept besides what it relates, in the order of the standard."""

OF_A_SET: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "mapping_set_version": Slot(OWL + "versionInfo"),
        "mapping_set_description": Slot(_DCTERMS + "description"),
        "publication_date": Slot(_DCTERMS + "issued", "date"),
        "comment": Slot(RDFS + "comment"),
    }
)
"""The slots of a set that are kept besides its identifier, title, creators and licence."""

PROPAGATED: Final = frozenset(
    {
        "mapping_date",
        "mapping_provider",
        "mapping_tool",
        "mapping_tool_version",
        "object_source",
        "object_source_version",
        "similarity_measure",
        "subject_source",
        "subject_source_version",
    }
)
"""The slots that may stand above the table and are then those of every mapping."""


def literal(text: str, kind: Kind) -> ox.Literal | None:
    """Return *text* as a literal of that kind; None where it is none."""
    if kind == "text":
        return ox.Literal(text)
    if kind == "date":
        return ox.Literal(text, datatype=ox.NamedNode(XSD + "date")) if is_date(text) else None
    if _NUMBER.fullmatch(text) and 0 <= float(text) <= 1:
        return ox.Literal(text, datatype=ox.NamedNode(XSD + "double"))
    return None


def values_in(cell: str, slot: Slot) -> list[str]:
    """Return the values in a cell of a table, parted by ``|`` where there may be several."""
    parts = _BAR.split(cell) if slot.is_several else [cell]
    return [each.strip().replace("\\|", "|") for each in parts if each.strip()]


def cell_of(values: Iterable[str], slot: Slot) -> str:
    """Return *values* as one cell of a table."""
    if not slot.is_several:
        return next(iter(values), "")
    return "|".join(each.replace("|", "\\|") for each in values)


def number(lexical: str) -> str:
    """Return an ``xsd:double`` as SSSOM tables have it: ``0.95`` rather than ``9.5E-1``."""
    try:
        value = float(lexical)
    except ValueError:
        return ""
    return f"{value:.15g}" if math.isfinite(value) else ""


def is_date(text: str) -> bool:
    """Tell whether *text* is a day, as in 2026-11-26."""
    return _DATE.fullmatch(text) is not None
