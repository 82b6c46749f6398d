"""Compacting: long IRIs and value objects become the short terms of the published context."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NoReturn

import pyoxigraph as ox

from defgraph import sources
from defgraph.errors import InexpressibleError
from defgraph.jsonld.context import FILE_NAME
from defgraph.jsonld.expansion import expanded




@cache
def context() -> dict[str, Any]:
    """The context that is published as https://w3id.org/defgraph/ontology/context.jsonld."""
    text = (sources.folder("ontology") / FILE_NAME).read_text(encoding="utf-8")
    published: dict[str, Any] = json.loads(text)["@context"]
    return published


def compacted(quads: Iterable[ox.Quad | ox.Triple]) -> dict[str, Any]:
    """Return *quads* (triples: of one graph) as a document with our context embedded.

    Reading it back gives the same dataset, to the lexical form: nodes of the default graph stand in
    ``@graph``, a named graph is a node that has an ``@graph`` of its own. Raises InexpressibleError.
    """
    from pyld import jsonld  # a fifth of a second that most commands do not need

    nodes = expanded(map(_quad, quads))
    try:
        return _object(
            jsonld.compact(nodes, {"@context": context()}, {"graph": True, **_OPTIONS})
        )
    except jsonld.JsonLdError as exc:
        raise InexpressibleError("JSON-LD with our context", _reason(exc)) from exc


def framed(quads: Iterable[ox.Quad | ox.Triple], frame: dict[str, Any]) -> dict[str, Any]:
    """Return one graph as the tree that *frame* asks for, written with our terms.

    Numbers and truth values are JSON's own. Raises InexpressibleError.
    """
    from pyld import jsonld

    nodes = expanded(map(_quad, quads), native=True)
    asked = {"@context": context(), "@embed": "@always", **frame}
    try:
        return _object(jsonld.frame(nodes, asked, {"omitDefault": True, **_OPTIONS}))
    except jsonld.JsonLdError as exc:
        raise InexpressibleError("JSON-LD with our context", _reason(exc)) from exc


def _quad(statement: ox.Quad | ox.Triple) -> ox.Quad:
    return statement if isinstance(statement, ox.Quad) else ox.Quad(*statement)


def _object(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):  # PyLD is not typed
        raise TypeError(f"expected a JSON object, found {type(document).__name__}")
    return document


def _refuse_to_fetch(iri: str, _options: object) -> NoReturn:
    """Be PyLD's document loader: everything that is needed is at hand already."""
    raise LookupError(f"a document would have to be fetched from <{iri}>")


def _reason(error: Exception) -> str:
    details = getattr(error, "details", None) or {}
    named = "".join(f" ({key} {value})" for key, value in sorted(details.items()))
    return f"{error.args[0].rstrip('.') if error.args else error}{named}"


_OPTIONS: Final = {"compactToRelative": False, "documentLoader": _refuse_to_fetch}
