"""Terms and triples of pyoxigraph as RDFLib's, and back, with their lexical forms untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from defgraph.namespaces import XSD

if TYPE_CHECKING:
    import rdflib

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
RdflibTriple: TypeAlias = "tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]"


def to_rdflib(term: Term | ox.Triple) -> rdflib.term.Node:
    """Return *term* as RDFLib has it. Raises TypeError for a triple term of RDF 1.2."""
    import rdflib

    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case ox.Literal() if term.datatype.value == XSD + "string":
            return rdflib.Literal(term.value)
        case ox.Literal():
            datatype = rdflib.URIRef(term.datatype.value)
            return rdflib.Literal(term.value, datatype=datatype, normalize=False)
        case _:
            raise TypeError("RDFLib has no triple terms")


def triple_to_rdflib(triple: ox.Triple) -> RdflibTriple:
    """Return *triple* as RDFLib has it. Raises TypeError for a triple term of RDF 1.2."""
    return to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)


def from_rdflib(term: rdflib.term.Node) -> Term:
    """Return a term of RDFLib as pyoxigraph has it."""
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise TypeError(f"{term!r} is no term of RDF")
    if term.language:
        return ox.Literal(str(term), language=term.language)
    datatype = str(term.datatype) if term.datatype else XSD + "string"
    return ox.Literal(str(term), datatype=ox.NamedNode(datatype))
