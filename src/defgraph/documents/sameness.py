"""Which things are the same as what an IRI names: links of ours to others' IRIs, read both ways.

A link is a statement of `SAMENESS` in any graph; whoever made it may have written it from either
side. Nothing is concluded from two links in a row: what is the same as the same thing may be a
state to one and a kingdom of several states to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph.documents.asking import QUERIES, Solution, ask
from defgraph.namespaces import ID, INFERRED_GRAPH, OWL, PREFIXES, SKOS
from defgraph.query_files import is_iri
from defgraph.store.protocol import Store

SAMENESS: Final = (OWL + "sameAs", SKOS + "exactMatch", PREFIXES["schema"] + "sameAs")
"""The properties that say that two IRIs name one thing, the surest first."""

_PAGE: Final = "www.wikidata.org/wiki/"
_ENTITY: Final = "www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class Link:
    """That *thing* is the same as *other*, by *property*; *graphs* say so, without the inferred."""

    thing: str
    property: str
    other: str
    graphs: tuple[str, ...]


async def links_of(store: Store, iri: str) -> tuple[Link, ...]:
    """Return what is linked to *iri* as the same: each is the `Link.thing`, *iri* the other.

    The surest property goes first, then the order of the IRIs. Raises what `Store.query` raises.
    """
    if not is_iri(iri):
        return ()
    found = await ask(store, QUERIES.about("linked", [iri]))
    graphs: dict[tuple[str, str], set[str]] = {}
    for each in found.bindings:
        of_link = graphs.setdefault((_iri(each, "property"), _iri(each, "thing")), set())
        of_link.add(_iri(each, "graph"))
    return tuple(
        Link(thing, relation, iri, tuple(sorted(graphs[relation, thing] - {"", INFERRED_GRAPH})))
        for relation, thing in sorted(graphs, key=lambda each: (SAMENESS.index(each[0]), each[1]))
        if thing != iri
    )


async def things_of(store: Store, iri: str) -> tuple[str, ...]:
    """Return the things of ours that *iri* names: one of ours itself, or what is linked to it.

    Where nothing is linked to *iri* as it is given, its other spellings are tried. The surest link
    goes first, and then the order of the IRIs. Raises what `Store.query` raises.
    """
    if iri.startswith(ID):
        return (iri,)
    for each in spellings(iri):
        links = await links_of(store, each)
        if things := tuple(dict.fromkeys(x.thing for x in links if x.thing.startswith(ID))):
            return things
    return ()


def spellings(iri: str) -> tuple[str, ...]:
    """Return *iri* as it is given, and as its publisher may write it: the address of its page.

    That is with the other of ``http`` and ``https``, with or without a slash at the end, and for
    Wikidata the entity in place of its page.
    """
    scheme, separator, rest = iri.partition("://")
    if scheme not in {"http", "https"} or not separator:
        return (iri,)
    if rest.startswith(_PAGE):
        rest = _ENTITY + rest.removeprefix(_PAGE)
    ends = (rest, rest.removesuffix("/") if rest.endswith("/") else rest + "/")
    schemes = (scheme, "http" if scheme == "https" else "https")
    return tuple(dict.fromkeys((iri, *(f"{a}://{end}" for end in ends for a in schemes))))


def _iri(solution: Solution, name: str) -> str:
    term = solution.get(name)
    return term.value if isinstance(term, ox.NamedNode) else ""
