"""Compacting: long IRIs and value objects become the short terms of the published context."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, NoReturn

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

    Reading it back gives the same dataset, to the lexical form. The nodes of the default graph
    stand in ``@graph``; a named graph is a node that has an ``@graph`` of its own.

    Raises InexpressibleError.
    """
    return compact(expanded(map(_quad, quads)), graph=True)


def compact(nodes: list[dict[str, Any]], *, graph: bool = False) -> dict[str, Any]:
    """Compact expanded JSON-LD; with *graph* the nodes stand in ``@graph`` even if it is one.

    Raises InexpressibleError for an IRI that would be taken for a prefixed name.
    """
    from pyld import jsonld  # a fifth of a second that most commands do not need

    options = {"graph": graph, "compactToRelative": False, "documentLoader": _refuse_to_fetch}
    try:
        document: dict[str, Any] = jsonld.compact(nodes, {"@context": context()}, options)
    except jsonld.JsonLdError as exc:
        raise InexpressibleError("JSON-LD with our context", _reason(exc)) from exc
    return document


def _quad(statement: ox.Quad | ox.Triple) -> ox.Quad:
    return statement if isinstance(statement, ox.Quad) else ox.Quad(*statement)


def _refuse_to_fetch(iri: str, _options: object) -> NoReturn:
    """Be PyLD's document loader: everything that is needed is at hand already."""
    raise LookupError(f"a document would have to be fetched from <{iri}>")


def _reason(error: Exception) -> str:
    details = getattr(error, "details", None) or {}
    named = "".join(f" ({key} {value})" for key, value in sorted(details.items()))
    return f"{error.args[0].rstrip('.') if error.args else error}{named}"
