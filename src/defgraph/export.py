"""Taking the dataset away: every RDF format, and the same bytes each time.

Blank nodes get their canonical labels (RDF Dataset Canonicalization, RDFC-1.0) and everything is
sorted, so two exports of the same dataset are equal byte for byte, whatever the order in which
it was loaded. Lexical forms are written as the store holds them.

A format of triples (Turtle, N-Triples, RDF/XML) holds the union of the graphs, one of quads
(TriG, N-Quads, JSON-LD) the graphs themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Final

import pyoxigraph as ox

from defgraph import jsonld, turtle_writer
from defgraph.errors import InexpressibleError, UnknownGraphError
from defgraph.media_types import RDF_FORMATS, by_name
from defgraph.namespaces import PREFIXES, RDF

# What an XML element may be called, without a colon (Namespaces in XML 1.0, production NCName).
_NAME_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_XML_NAME: Final = re.compile(
    rf"[{_NAME_START}][{_NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*\Z"
)
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Names that RDF/XML keeps for its own syntax (section 5.1), so that no property can have them.
_SYNTAX_NAMES: Final = frozenset(
    RDF + name for name in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype",
                            "Description", "li", "aboutEach", "aboutEachPrefix", "bagID")
)  # fmt: skip
_TYPE: Final = ox.NamedNode(RDF + "type")


def export(store: ox.Store, format: str, graph: str | None = None) -> bytes:  # noqa: A002
    """Serialise the dataset in *store*, or only the named graph *graph*, as UTF-8.

    *format* is a short name of `defgraph.media_types`. Raises UnknownFormatError,
    UnknownGraphError, and InexpressibleError for what the format has no way to say: RDF/XML
    cannot name every property, nor hold every character.

    Canonical labels may take exponential time on blank nodes that were built for that; those of
    a real dataset cost nothing that could be measured.
    """
    chosen = by_name(format, RDF_FORMATS)
    quads = list(store) if graph is None else _quads_of(store, graph)
    return serialise(quads, chosen.name)


def serialise(
    quads: Iterable[ox.Quad],
    format: str,  # noqa: A002
    *,
    canonical: bool = True,
) -> bytes:
    """Serialise *quads* as `export` does; a format of triples merges their graphs.

    Where they are not *canonical*, blank nodes keep the labels that they have.
    """
    chosen = by_name(format, RDF_FORMATS)
    if not chosen.holds_graphs:
        quads = {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads}
    return _WRITERS[chosen.name](_canonical(quads) if canonical else sorted(quads, key=str))


def _quads_of(store: ox.Store, graph: str) -> list[ox.Quad]:
    name = _graph_name(graph)
    if name is None or not store.contains_named_graph(name):
        raise UnknownGraphError(graph, [each.value for each in store.named_graphs()])
    return list(store.quads_for_pattern(None, None, None, name))


def _graph_name(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:  # no IRI, so no graph's name either
        return None


def _canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads with canonical blank node labels, in the order of their N-Quads lines."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def _lines(quads: Sequence[ox.Quad]) -> bytes:
    return _written(quads, ox.RdfFormat.N_QUADS)


def _trig(quads: Sequence[ox.Quad]) -> bytes:
    by_graph = sorted(quads, key=lambda quad: str(quad.graph_name))
    return _written(by_graph, ox.RdfFormat.TRIG)


def _turtle(quads: Sequence[ox.Quad]) -> bytes:
    return turtle_writer.write(quad.triple for quad in quads).encode()


def _jsonld(quads: Sequence[ox.Quad]) -> bytes:
    document = jsonld.compacted(quads)
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _rdfxml(quads: Sequence[ox.Quad]) -> bytes:
    for quad in quads:
        _check_xml(quad)
    written = _written([quad.triple for quad in quads], ox.RdfFormat.RDF_XML)
    # A bare carriage return would be read back as a line feed (XML 1.0, section 2.11).
    return written.replace(b"\r", b"&#xD;")


def _check_xml(quad: ox.Quad) -> None:
    """Raise InexpressibleError where RDF/XML has no way to say *quad*."""
    elements = {"property": quad.predicate}
    if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
        elements["class"] = quad.object  # the writer makes it the name of an element
    for role, term in elements.items():
        if not _XML_NAME.search(term.value) or term.value in _SYNTAX_NAMES:
            raise InexpressibleError(
                "RDF/XML", f"the {role} <{term.value}> does not end in a name that XML allows"
            )
    text = quad.object.value if isinstance(quad.object, ox.Literal) else ""
    if found := _NOT_XML.search(text):
        raise InexpressibleError(
            "RDF/XML",
            f"a value of <{quad.predicate.value}> holds the character U+{ord(found[0]):04X}, "
            "which XML has no way to write",
        )


def _written(statements: Sequence[ox.Quad] | Sequence[ox.Triple], form: ox.RdfFormat) -> bytes:
    """What pyoxigraph writes: in the order given, with the prefixes that are used."""
    buffer = BytesIO()
    ox.serialize(statements, buffer, form, prefixes=_prefixes(statements))
    return buffer.getvalue()


def _prefixes(statements: Iterable[ox.Quad | ox.Triple]) -> dict[str, str]:
    """Those of our prefixes that some IRI in *statements* begins with."""
    namespaces = {iri: name for name, iri in PREFIXES.items()}
    found = {
        namespaces[stem]
        for iri in {iri for statement in statements for iri in _iris(statement)}
        if (stem := iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]) in namespaces
    }
    return {name: PREFIXES[name] for name in sorted(found)}


def _iris(statement: ox.Quad | ox.Triple) -> Iterable[str]:
    for term in statement:
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal):
            yield term.datatype.value


_WRITERS: Final[dict[str, Callable[[Sequence[ox.Quad]], bytes]]] = {
    "turtle": _turtle,
    "ntriples": _lines,  # N-Triples is N-Quads without graph names
    "nquads": _lines,
    "trig": _trig,
    "jsonld": _jsonld,
    "rdfxml": _rdfxml,
}
