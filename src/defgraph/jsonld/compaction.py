"""Compacting: long IRIs and value objects become the short terms of the published context."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final, NoReturn

import pyoxigraph as ox

from defgraph import sources
from defgraph.errors import InexpressibleError
from defgraph.jsonld.context import FILE_NAME
from defgraph.jsonld.expansion import expanded
from defgraph.jsonld.nesting import nested

# What points at a thing is before the terms that are reverse ones themselves: PyLD and jsonld.js
# take "@reverse" for given twice when they meet it after such a term (JSON-LD API 5.1.2, 13.4.2).
_FIRST: Final = (
    *("@context", "@reverse", "id", "type"),
    *("label", "prefLabel", "altLabel", "name", "definition"),
)
_MIDDLE: Final = len(_FIRST)
_PLACES: Final = {key: place for place, key in enumerate(_FIRST)} | {
    key: _MIDDLE + place for place, key in enumerate(("claims", "document", "included"), start=1)
}


@cache
def context() -> dict[str, Any]:
    """The context that is published as https://w3id.org/defgraph/context.jsonld."""
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


def framed(quads: Iterable[ox.Quad | ox.Triple], thing: str) -> dict[str, Any]:
    """Return one graph as a document around the thing called *thing*, with our context embedded.

    Reading it back gives the same triples, to the lexical form; integers and booleans are JSON's.

    Raises InexpressibleError.
    """
    return compact([nested(expanded(map(_quad, quads), native=True), thing)])


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
    ordered: dict[str, Any] = _in_reading_order({**document, "@context": _needed(document)})
    return ordered


def _needed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the part of our context that *document* uses: keywords, its terms, their prefixes."""
    whole = context()
    needed: dict[str, Any] = {}
    unseen = {name for name in _words(document) if name != "@context"}
    while unseen:
        found = {name: whole[name] for name in unseen if name in whole and name not in needed}
        needed |= found
        unseen = set(_words(list(found.values())))
    aliases = {k: v for k, v in whole.items() if k.startswith("@") or str(v).startswith("@")}
    return aliases | {name: whole[name] for name in whole if name in needed and name not in aliases}


def _words(value: object) -> Iterator[str]:
    """Every key and string in *value* that may be a term, and what may be a prefix in it."""
    if isinstance(value, str):
        yield value
        yield value.partition(":")[0]
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _words(key)
            if key != "@context":
                yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)


def _in_reading_order(value: Any) -> Any:  # noqa: ANN401 - JSON is what it is
    """Put what a thing is and is called first in each object, and its evidence last."""
    if isinstance(value, list):
        return [_in_reading_order(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    keys = sorted(value, key=lambda key: (_PLACES.get(key, _MIDDLE), key))
    return {k: value[k] if k == "@context" else _in_reading_order(value[k]) for k in keys}


def _quad(statement: ox.Quad | ox.Triple) -> ox.Quad:
    return statement if isinstance(statement, ox.Quad) else ox.Quad(*statement)


def _refuse_to_fetch(iri: str, _options: object) -> NoReturn:
    """Be PyLD's document loader: everything that is needed is at hand already."""
    raise LookupError(f"a document would have to be fetched from <{iri}>")


def _reason(error: Exception) -> str:
    details = getattr(error, "details", None) or {}
    named = "".join(f" ({key} {value})" for key, value in sorted(details.items()))
    return f"{error.args[0].rstrip('.') if error.args else error}{named}"
