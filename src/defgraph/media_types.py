"""The formats that answers and exports are written in: name, media type, file ending.

Two families: the results of SELECT and ASK (SPARQL 1.1 Query Results JSON, XML, CSV and TSV), and
RDF, which CONSTRUCT, DESCRIBE and exports give. The short name is what ``--format`` and
``?format=`` take.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from defgraph.errors import UnknownFormatError

_OTHER_NAMES: Final = MappingProxyType(
    {
        "json-ld": "jsonld",
        "n-quads": "nquads",
        "n-triples": "ntriples",
        "n3": "turtle",
        "rdf": "rdfxml",
        "rdf+xml": "rdfxml",
        "ttl": "turtle",
    }
)
"""What clients call formats, SPARQLWrapper among them."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format; *aliases* are other media types that clients ask for it by."""

    name: str
    media_type: str
    extension: str
    family: Literal["results", "rdf", "page"]
    label: str
    aliases: tuple[str, ...] = ()
    holds_graphs: bool = False

    @property
    def content_type(self) -> str:
        """The value of a ``Content-Type`` header: text says that it is UTF-8."""
        if self.media_type.startswith("text/"):
            return f"{self.media_type}; charset=utf-8"
        return self.media_type


RESULT_FORMATS: Final = (
    Format(
        "json",
        "application/sparql-results+json",
        ".srj",
        "results",
        "SPARQL results as JSON",
        aliases=("application/json",),
    ),
    Format(
        "xml",
        "application/sparql-results+xml",
        ".srx",
        "results",
        "SPARQL results as XML",
        aliases=("application/xml", "text/xml"),
    ),
    Format("csv", "text/csv", ".csv", "results", "CSV"),
    Format("tsv", "text/tab-separated-values", ".tsv", "results", "TSV"),
)
"""What SELECT and ASK can be answered in, the preferred one first."""

RDF_FORMATS: Final = (
    Format("turtle", "text/turtle", ".ttl", "rdf", "Turtle", aliases=("application/x-turtle",)),
    Format("ntriples", "application/n-triples", ".nt", "rdf", "N-Triples", aliases=("text/plain",)),
    Format(
        "jsonld",
        "application/ld+json",
        ".jsonld",
        "rdf",
        "JSON-LD",
        aliases=("application/json",),
        holds_graphs=True,
    ),
    Format(
        "rdfxml",
        "application/rdf+xml",
        ".rdf",
        "rdf",
        "RDF/XML",
        aliases=("application/xml", "text/xml"),
    ),
    Format("trig", "application/trig", ".trig", "rdf", "TriG", holds_graphs=True),
    Format("nquads", "application/n-quads", ".nq", "rdf", "N-Quads", holds_graphs=True),
)
"""What RDF can be written in, the preferred one first."""

GRAPH_FORMATS: Final = tuple(f for f in RDF_FORMATS if f.name not in {"trig", "nquads"})
"""What CONSTRUCT and DESCRIBE can be answered in: an answer is one graph."""

FORMATS: Final = RESULT_FORMATS + RDF_FORMATS

PAGE_FORMAT: Final = Format(
    "html", "text/html", ".html", "page", "HTML", aliases=("application/xhtml+xml",)
)
"""What people read."""


def by_name(name: str, among: Iterable[Format] = FORMATS) -> Format:
    """Return the format called *name*, or by another name that clients have for it.

    Case does not matter. Raises UnknownFormatError with the names there are.
    """
    formats = tuple(among)
    wanted = short_name(name)
    for each in formats:
        if each.name == wanted:
            return each
    raise UnknownFormatError(name, [each.name for each in formats])


def short_name(name: str) -> str:
    """Return *name* as formats have it here, ``turtle`` for ``TTL``; else in small letters."""
    return _OTHER_NAMES.get(name.lower(), name.lower())


def by_media_type(media_type: str, among: Iterable[Format] = FORMATS) -> Format:
    """Return the format with this media type or alias; parameters and case do not matter.

    A format's own media type goes before another's alias. Raises UnknownFormatError.
    """
    formats = tuple(among)
    wanted = media_type.partition(";")[0].strip().lower()
    for each in formats:
        if each.media_type == wanted:
            return each
    for each in formats:
        if wanted in each.aliases:
            return each
    raise UnknownFormatError(media_type, [each.media_type for each in formats])


def by_extension(extension: str, among: Iterable[Format] = FORMATS) -> Format:
    """Return the format whose files end in *extension* (``.ttl``); raises UnknownFormatError."""
    formats = tuple(among)
    for each in formats:
        if each.extension == extension.lower():
            return each
    raise UnknownFormatError(extension, [each.extension for each in formats])
