"""One thing as a JSON document: what is said of it, its parts inside it, and on whose word."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final, cast

import pyoxigraph as ox

from defgraph.errors import UnknownThingError
from defgraph.jsonld.compaction import framed
from defgraph.namespaces import DEF

_QUERY: Final = resources.files("defgraph.jsonld").joinpath("document.rq").read_text("utf-8")
_PARTS: Final = ("hasProvision", "hasAgreementEvent", "hasTenure", "hasSegment")


def document(store: ox.Store, iri: str) -> dict[str, Any]:
    """Return what the dataset says of the thing named *iri* as plain JSON, with our context.

    Its parts are nested in it (an agreement's provisions, with what they permit and under which
    condition, and its signing), each with the claims that evidence it; whatever else it points to
    comes with its kind and its names. Inferred statements are left out.

    Raises UnknownThingError.
    """
    try:
        thing = ox.NamedNode(iri)
    except ValueError:
        raise UnknownThingError(iri) from None
    answer = store.query(
        _QUERY, use_default_graph_as_union=True, substitutions={ox.Variable("thing"): thing}
    )
    triples = sorted(cast("ox.QueryTriples", answer), key=str)
    if not triples:
        raise UnknownThingError(iri)
    claims = {"@embed": "@always"}
    return framed(
        triples,
        {
            "@id": iri,
            "claims": claims,
            **{part: {"@embed": "@always", "claims": claims} for part in _PARTS},
        },
    )
