"""A linkset as a file of Turtle: one named graph, with who made it and that nobody reviewed it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph.errors import MappingTableError
from defgraph.linking.authorities import fault_in
from defgraph.linking.sssom_reading import MappingSet
from defgraph.namespaces import LINKS_GRAPHS, PREFIXES, RDF
from defgraph.turtle_writer import write as write_turtle

_DCTERMS: Final = PREFIXES["dcterms"]
_DATASET: Final = ox.NamedNode(PREFIXES["dcat"] + "Dataset")
_STATUS: Final = PREFIXES["schema"] + "creativeWorkStatus"
_UNREVIEWED: Final = "unreviewed"
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def write(found: MappingSet, name: str, creator: str | None, path: Path) -> str:
    """Return *found*, which was read from *path*, as the graph ``links/<name>`` in Turtle.

    *creator* is who made it where the table does not say. Raises MappingTableError where neither
    does, and for a *name* that a graph cannot have.
    """
    if not _NAME.fullmatch(name):
        reason = f"no linkset is called '{name[:80]}'; use small letters, digits and hyphens"
        raise MappingTableError(path, reason, line=1)
    creators = found.creators or ((creator,) if creator else ())
    if not creators:
        reason = "it is not said who made it; add '#creator_id: https://...' or use --creator"
        raise MappingTableError(path, reason, line=1)
    if creator and (fault := fault_in(creator)):
        raise MappingTableError(path, f"the creator '{creator[:80]}' {fault}", line=1)
    graph = ox.NamedNode(LINKS_GRAPHS + name)
    title = found.title or f"Links of {found.iri}"

    def said(property_: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return ox.Triple(graph, ox.NamedNode(property_), value)

    triples = [
        said(RDF + "type", _DATASET),
        *(said(_DCTERMS + "creator", ox.NamedNode(each)) for each in creators),
        said(_DCTERMS + "license", ox.NamedNode(found.license)),
        said(_DCTERMS + "source", ox.NamedNode(found.iri)),
        said(_DCTERMS + "title", ox.Literal(title, language="en")),
        said(_STATUS, ox.Literal(_UNREVIEWED, language="en")),
        *(
            ox.Triple(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o))
            for s, p, o in found.mappings
        ),
    ]
    return write_turtle(triples, PREFIXES)
