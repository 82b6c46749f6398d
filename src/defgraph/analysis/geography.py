"""States where their capitals are, as GeoJSON (RFC 7946): a feature a state, in WGS 84.

A state whose capital is not known, or not where, is a feature without a place (section 3.2).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from defgraph.results import Solution, Solutions

MEDIA_TYPE: Final = "application/geo+json"

_PROPERTIES: Final = (
    *("label", "label_ja", "alpha2", "alpha3"),
    *("capital", "capital_label", "agreements"),
)


def geojson(states: Solutions) -> bytes:
    """Write what the query ``states`` found; the same gives the same bytes."""
    collection = {"type": "FeatureCollection", "features": [_feature(each) for each in states]}
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def _feature(state: Solution) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": state["state"],
        "geometry": _point(state["longitude"], state["latitude"]),
        "properties": {name: state[name] for name in _PROPERTIES},
    }


def _point(longitude: object, latitude: object) -> dict[str, Any] | None:
    """Return a position, with the longitude first (section 3.1.1)."""
    if not isinstance(longitude, Decimal) or not isinstance(latitude, Decimal):
        return None
    return {"type": "Point", "coordinates": [float(longitude), float(latitude)]}
