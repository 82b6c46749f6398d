"""Data extension: the values of properties of things, for the columns of a table (section 7)."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, Term, ask
from defgraph.namespaces import XSD, expand
from defgraph.store.protocol import Store
from defgraph.web.known_names import Known
from defgraph.web.reconciliation.requests import Extension

_AT_A_TIME: Final = 200  # things, so that a query stays short
_INTEGER: Final = re.compile(r"[+-]?\d{1,15}")
_NUMBERS: Final = frozenset(XSD + each for each in ("decimal", "double", "float"))
_MOMENT: Final = re.compile(
    r"-?(?:[1-9]\d*)?\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?"
)


async def extended(store: Store, known: Known, asked: Extension) -> dict[str, Any]:
    """Return what a client asks of things, with a row for each, which may be empty.

    Raises what `Store.query` raises.
    """
    iris = {each: expand(each) for each in asked.ids}
    there = [iri for iri in dict.fromkeys(iris.values()) if iri in known.index.things]
    values: dict[tuple[str, str], list[Term]] = defaultdict(list)
    wanted = set(asked.properties.values())
    for start in range(0, len(there), _AT_A_TIME):
        query = QUERIES.about("property_values", there[start : start + _AT_A_TIME])
        for each in (await ask(store, query)).bindings:
            if (property_ := _iri(each["property"])) in wanted:
                values[_iri(each["thing"]), property_].append(each["value"])
    return {
        "meta": [
            {"id": name, "name": known.properties[iri].best}
            for name, iri in asked.properties.items()
        ],
        "rows": {
            given: {
                name: list(_cells(values.get((iri, property_), ()), known))
                for name, property_ in asked.properties.items()
            }
            for given, iri in iris.items()
        },
    }


def _cells(values: Iterable[Term], known: Known) -> Iterable[dict[str, Any]]:
    return (_cell(each, known) for each in values)


def _cell(value: Term, known: Known) -> dict[str, Any]:
    if isinstance(value, ox.NamedNode):
        thing = known.index.things.get(value.value)
        return {"id": thing.iri, "name": thing.name} if thing else {"str": value.value}
    if not isinstance(value, ox.Literal):
        return {"str": str(value)}
    datatype, lexical = value.datatype.value, value.value
    if datatype == XSD + "integer" and _INTEGER.fullmatch(lexical):
        return {"int": int(lexical)}
    if datatype in _NUMBERS and math.isfinite(number := _number(lexical)):
        return {"float": number}
    if datatype == XSD + "dateTime" and _MOMENT.fullmatch(lexical):
        return {"date": lexical}
    return {"str": lexical}


def _number(lexical: str) -> float:
    try:
        return float(lexical.replace("INF", "inf"))
    except ValueError:
        return math.nan


def _iri(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
