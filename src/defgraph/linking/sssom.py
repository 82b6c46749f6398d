"""SSSOM, the Simple Standard for Sharing Ontological Mappings, as a table of TSV.

Above the table stands what is true of the whole set, as comments in YAML. Each line of the table is
a link with what is said of it (`slots`), and ``mapping_source`` is the graph that holds it. Where
nothing is said of how a link came about, the line has ``semapv:UnspecifiedMatching``.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from defgraph.linking.links import MAPPING, Link, links_in
from defgraph.linking.slots import (
    JUSTIFICATION,
    OF_A_MAPPING,
    PROPAGATED,
    PROPERTY,
    SOURCE,
    SSSOM_PREFIXES,
    TARGET,
    UNSPECIFIED,
    Slot,
    cell_of,
    number,
)
from defgraph.namespaces import DATASET, GRAPH, ID, PREFIXES, RDFS

ALL: Final = GRAPH + "links"
"""The mapping set of all links of the dataset."""

_DCTERMS: Final = PREFIXES["dcterms"]
_UNSPECIFIED: Final = "https://w3id.org/sssom/license/unspecified"
_LEADING: Final = ("subject_id", "subject_label", "predicate_id", "object_id", "object_label")
_NAMED: Final = {
    "https://sws.geonames.org/": "geonames",
    "http://publications.europa.eu/resource/authority/country/": "eu-country",
    "https://www.omg.org/spec/LCC/Countries/ISO3166-1-CountryCodes/": "lcc-country",
    "https://orcid.org/": "orcid",
    GRAPH: "graph",
    GRAPH + "links/": "linkset",
    **{iri: name for name, iri in SSSOM_PREFIXES.items()},
}
_BUILT_IN: Final = frozenset({"owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd"})
_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[^\n\r\t:#\"'\\]|:(?=\S))*")
_ADDRESS: Final = re.compile(r"https?://[^\s#\"]+")

_Row = dict[str, list[str]]
_Said = dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]


def write(quads: Iterable[ox.Quad], graph: str | None = None) -> str:
    """Return the links among *quads* between a thing of ours and one of others' as SSSOM TSV.

    With *graph*, those of that graph alone, as the set that it is. The same links give the same
    text.
    """
    quads = list(quads)
    links = [
        each
        for each in links_in(quads, MAPPING)
        if each.subject.startswith(ID) != each.object.startswith(ID) and graph in {None, each.graph}
    ]
    said = _said(quads)
    graphs = sorted({each.graph for each in links if each.graph} | ({graph} if graph else set()))
    prefixes = _Prefixes()
    rows = _rows(links, said, _labels(quads), prefixes)
    licences = {each for name in graphs for each in _iris(said, name, _DCTERMS + "license")}
    if len(licences) > 1:
        for row, link in zip(rows, links, strict=True):
            own = row["license"] or _iris(said, link.graph, _DCTERMS + "license")[:1]
            row["license"] = own
    header = {
        "mapping_set_id": [graph or ALL],
        "mapping_set_title": _title(said, graph),
        "creator_id": [
            prefixes.curie(each)
            for each in sorted({x for g in graphs for x in _iris(said, g, _DCTERMS + "creator")})
        ],
        "license": sorted(licences) if len(licences) == 1 else _own_licence(quads),
        **_condensed(rows),
    }
    return _text(header, rows, prefixes)


def _own_licence(quads: Iterable[ox.Quad]) -> list[str]:
    """Return the licence that the dataset gives itself; SSSOM's word for none, if none."""
    whole = ox.NamedNode(DATASET)
    found = {
        quad.object.value
        for quad in quads
        if quad.subject == whole
        and quad.predicate.value == _DCTERMS + "license"
        and isinstance(quad.object, ox.NamedNode)
    }
    return sorted(found)[:1] or [_UNSPECIFIED]


def _rows(
    links: Sequence[Link], said: _Said, labels: Mapping[str, str], prefixes: _Prefixes
) -> list[_Row]:
    axioms = _axioms(said)
    rows = []
    for link in links:
        about = axioms.get((link.subject, link.property, link.object), {})
        row: _Row = defaultdict(list)
        for name, slot in OF_A_MAPPING.items():
            row[name] = sorted(
                _cell(each, slot, name, prefixes) for each in about.get(slot.property, ())
            )
        for name, each in zip(("subject_id", "predicate_id", "object_id"), link[:3], strict=True):
            row[name] = [prefixes.curie(each)]
        row["subject_label"] = row["subject_label"] or [labels.get(link.subject, "")]
        row["object_label"] = row["object_label"] or [labels.get(link.object, "")]
        row[JUSTIFICATION] = row[JUSTIFICATION] or [prefixes.curie(UNSPECIFIED)]
        row["mapping_date"] = row["mapping_date"] or _day(said, link.graph)
        row["mapping_source"] = [prefixes.curie(link.graph)] if link.graph else []
        rows.append(row)
    return rows


def _cell(value: ox.NamedNode | ox.Literal, slot: Slot, name: str, prefixes: _Prefixes) -> str:
    if slot.kind == "number":
        return number(value.value)
    if isinstance(value, ox.NamedNode):  # a licence and a provider are IRIs, all others CURIEs
        return (
            value.value if name in {"license", "mapping_provider"} else prefixes.curie(value.value)
        )
    return " ".join(value.value.split())


def _condensed(rows: Sequence[_Row]) -> _Row:
    """Take what every row says alike out of them; it stands above the table."""
    shared = {}
    for name in sorted(PROPAGATED):
        first = rows[0][name] if rows else []
        if first and all(row[name] == first for row in rows):
            shared[name] = first
            for row in rows:
                row[name] = []
    return shared


def _text(header: _Row, rows: Sequence[_Row], prefixes: _Prefixes) -> str:
    text = io.StringIO()
    text.write("#curie_map:\n")
    for name, iri in prefixes.declared():
        text.write(f'#  {name}: "{iri}"\n')
    for name, values in header.items():
        if name == "creator_id" and values:
            text.write("#creator_id:\n" + "".join(f"#  - {_yaml(each)}\n" for each in values))
        elif values:
            text.write(f"#{name}: {_yaml(values[0])}\n")
    order = dict.fromkeys((*_LEADING, *OF_A_MAPPING, "mapping_source"))
    required = {"subject_id", "predicate_id", "object_id", JUSTIFICATION}
    columns = [name for name in order if name in required or any(any(row[name]) for row in rows)]
    table = csv.writer(text, delimiter="\t", lineterminator="\n")
    table.writerow(columns)
    one = Slot("")
    table.writerows(
        [cell_of(row[name], OF_A_MAPPING.get(name, one)) for name in columns] for row in rows
    )
    return text.getvalue()


def _yaml(value: str) -> str:
    """Return a scalar as YAML has it, in quotes where it would be something else without."""
    if _PLAIN.fullmatch(value) or _ADDRESS.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(escaped.split())}"'


def _said(quads: Iterable[ox.Quad]) -> _Said:
    """Return what is said of graphs and of mappings, by subject and property."""
    wanted = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    found: _Said = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        about = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)
        if isinstance(quad.subject, ox.NamedNode) and about not in wanted:
            continue
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            found[about][quad.predicate.value].append(quad.object)
    return found


def _axioms(
    said: _Said,
) -> dict[tuple[str, str, str], dict[str, list[ox.NamedNode | ox.Literal]]]:
    return {
        (about[SOURCE][0].value, about[PROPERTY][0].value, about[TARGET][0].value): about
        for about in said.values()
        if SOURCE in about and PROPERTY in about and TARGET in about
    }


def _iris(said: _Said, about: str, property_: str) -> list[str]:
    values = said[about][property_] if about in said else []
    return sorted(each.value for each in values if isinstance(each, ox.NamedNode))


def _title(said: _Said, graph: str | None) -> list[str]:
    values = said[graph][_DCTERMS + "title"] if graph in said else []
    return sorted(each.value for each in values)[:1]


def _day(said: _Said, graph: str) -> list[str]:
    """Return when a graph was last changed or, where that is not said, made."""
    for name in ("modified", "created"):
        if graph in said and (values := said[graph][_DCTERMS + name]):
            return [values[0].value]
    return []


def _labels(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """Return an English label of each thing, the first in order where it has several."""
    found: dict[str, str] = {}
    for quad in quads:
        label = quad.object
        if quad.predicate.value != RDFS + "label" or not isinstance(label, ox.Literal):
            continue
        if label.language == "en" and isinstance(quad.subject, ox.NamedNode):
            text = " ".join(label.value.split())
            other = found.setdefault(quad.subject.value, text)
            found[quad.subject.value] = min(other, text)
    return found


class _Prefixes:
    """The names of namespaces, given as they are needed."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def curie(self, iri: str) -> str:
        """Return *iri* in short."""
        space, local = _split(iri)
        name = self._names.get(space)
        if name is None:
            unnamed = sum(each not in _NAMED for each in self._names)
            name = self._names[space] = _NAMED.get(space) or f"ns{unnamed + 1}"
        return f"{name}:{local}"

    def declared(self) -> list[tuple[str, str]]:
        """Return the names that a table has to declare, each with its IRI, in order."""
        pairs = ((name, iri) for iri, name in self._names.items() if name not in _BUILT_IN)
        return sorted(pairs)


def _split(iri: str) -> tuple[str, str]:
    """Part *iri* into its namespace and what is left, which is never empty: ``123/`` may be."""
    end = max(iri.rfind("/", 0, -1), iri.rfind("#", 0, -1), iri.find(":")) + 1
    return iri[:end], iri[end:]
