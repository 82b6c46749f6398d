"""SSSOM, the Simple Standard for Sharing Ontological Mappings, as a table of TSV.

Above the table stands what is true of the whole set, as comments in YAML. Each line of the table is
a link, and ``mapping_source`` is the graph that holds it. How a link came about is told by its
graph and not by each link, so every line has ``semapv:UnspecifiedMatching``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from defgraph.linking.links import MAPPING, Link, links_in
from defgraph.namespaces import GRAPH, ID, LICENSE, PREFIXES, RDFS

COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "mapping_source",
)
MAPPING_SET: Final = GRAPH + "links"
_JUSTIFICATION: Final = "semapv:UnspecifiedMatching"
_NAMED: Final = {
    "https://sws.geonames.org/": "geonames",
    "http://publications.europa.eu/resource/authority/country/": "eu-country",
    "https://www.omg.org/spec/LCC/Countries/ISO3166-1-CountryCodes/": "lcc-country",
    GRAPH + "links/": "linkset",
    **{iri: name for name, iri in PREFIXES.items()},
}


def write(quads: Iterable[ox.Quad]) -> str:
    """Return the links among *quads* between a thing of ours and one of others' as SSSOM TSV.

    The same links give the same text.
    """
    quads = list(quads)
    links = [
        each
        for each in links_in(quads, MAPPING)
        if each.subject.startswith(ID) != each.object.startswith(ID)
    ]
    labels = _labels(quads)
    prefixes = _prefixes(links)
    text = io.StringIO()
    text.write(f"#mapping_set_id: {MAPPING_SET}\n#license: {LICENSE}\n#curie_map:\n")
    known = {**prefixes, "https://w3id.org/semapv/vocab/": "semapv"}
    for iri, name in sorted(known.items(), key=lambda pair: pair[1]):
        text.write(f'#  {name}: "{iri}"\n')
    table = csv.writer(text, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    for link in links:
        subject, property_, object_, graph = (_curie(each, prefixes) for each in link)
        label = " ".join(labels.get(link.subject, "").split())
        table.writerow((subject, label, property_, object_, _JUSTIFICATION, graph))
    return text.getvalue()


def _labels(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """Return an English label of each thing, the first in order where it has several."""
    found: dict[str, str] = {}
    for quad in quads:
        label = quad.object
        if quad.predicate.value != RDFS + "label" or not isinstance(label, ox.Literal):
            continue
        if label.language == "en" and isinstance(quad.subject, ox.NamedNode):
            other = found.setdefault(quad.subject.value, label.value)
            found[quad.subject.value] = min(other, label.value)
    return found


def _prefixes(links: Sequence[Link]) -> dict[str, str]:
    """Return a name for each namespace of the links' IRIs."""
    spaces = sorted({_split(iri)[0] for link in links for iri in link if iri})
    nameless = (f"ns{number}" for number in range(1, len(spaces) + 1))
    return {space: _NAMED.get(space) or next(nameless) for space in spaces}


def _curie(iri: str, prefixes: dict[str, str]) -> str:
    if not iri:
        return ""
    space, local = _split(iri)
    return f"{prefixes[space]}:{local}"


def _split(iri: str) -> tuple[str, str]:
    """Part *iri* into its namespace and what is left, which is never empty: ``123/`` may be."""
    end = max(iri.rfind("/", 0, -1), iri.rfind("#", 0, -1), iri.find(":")) + 1
    return iri[:end], iri[end:]
