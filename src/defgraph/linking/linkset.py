"""A linkset as a file of Turtle: one named graph, with who made it and that nobody reviewed it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph.errors import MappingTableError
from defgraph.linking.authorities import fault_in
from defgraph.linking.slots import (
    AXIOM,
    MAPPING_SET,
    MAPPINGS,
    OF_A_MAPPING,
    OF_A_SET,
    PROPERTY,
    SOURCE,
    SSSOM_PREFIXES,
    TARGET,
)
from defgraph.linking.sssom_reading import Mapped, MappingSet
from defgraph.namespaces import LINKS_GRAPHS, PREFIXES, RDF
from defgraph.turtle_writer import write as write_turtle

_DCTERMS: Final = PREFIXES["dcterms"]
_PREDICATE: Final = PREFIXES["void"] + "linkPredicate"
LINKSET: Final = (PREFIXES["dcat"] + "Dataset", PREFIXES["void"] + "Linkset")
"""The classes of a graph of links."""
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
        *(said(RDF + "type", ox.NamedNode(each)) for each in (*LINKSET, MAPPING_SET)),
        *(said(_DCTERMS + "creator", ox.NamedNode(each)) for each in creators),
        said(_DCTERMS + "license", ox.NamedNode(found.license)),
        said(_DCTERMS + "source", ox.NamedNode(found.iri)),
        said(_DCTERMS + "title", ox.Literal(title, language="en")),
        said(_STATUS, ox.Literal(_UNREVIEWED, language="en")),
        *(said(OF_A_SET[slot].property, value) for slot, value in found.said),
        *(said(_PREDICATE, ox.NamedNode(each)) for each in {x.property for x in found.mappings}),
    ]
    for mapping in found.mappings:
        triples += _mapping(mapping, graph)
    return write_turtle(triples, SSSOM_PREFIXES)


def _mapping(mapping: Mapped, graph: ox.NamedNode) -> list[ox.Triple]:
    """Return the link, and what is said of it as SSSOM/RDF has it."""
    subject, property_, target = (ox.NamedNode(each) for each in mapping[:3])
    axiom = ox.BlankNode()
    about = [
        (RDF + "type", ox.NamedNode(AXIOM)),
        (SOURCE, subject),
        (PROPERTY, property_),
        (TARGET, target),
        *((OF_A_MAPPING[slot].property, value) for slot, value in mapping.said),
    ]
    return [
        ox.Triple(subject, property_, target),
        ox.Triple(graph, ox.NamedNode(MAPPINGS), axiom),
        *(ox.Triple(axiom, ox.NamedNode(each), value) for each, value in about),
    ]
