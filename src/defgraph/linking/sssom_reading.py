"""Reading a table of SSSOM TSV that others made: every line is taken, or none is.

Of the YAML above the table that part is understood which SSSOM/TSV uses: ``name: value``, and below
``curie_map:`` one prefix a line; lists, but for creators, and other nested values are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from defgraph import turtle
from defgraph.errors import MappingTableError
from defgraph.linking.authorities import fault_in
from defgraph.linking.links import MAPPING
from defgraph.linking.slots import (
    JUSTIFICATION,
    OF_A_MAPPING,
    OF_A_SET,
    PROPAGATED,
    SEMAPV,
    SSSOM,
    Slot,
    literal,
    values_in,
)
from defgraph.linking.trying import try_to_read
from defgraph.namespaces import ID, PREFIXES, shorten

_REQUIRED_ABOVE: Final = ("mapping_set_id", "license")
_REQUIRED_COLUMNS: Final = ("subject_id", "predicate_id", "object_id", JUSTIFICATION)
_BUILT_IN: Final = {
    **{name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos")},
    "semapv": SEMAPV,
    "sssom": SSSOM,
}
_CURIE: Final = re.compile(r"([A-Za-z_][\w.-]*):(\S+)")
_LONGEST_CELL: Final = 10_000
_MAX_BYTES: Final = 64 * 1024 * 1024
_SHOWN: Final = 80


Value: TypeAlias = ox.NamedNode | ox.Literal


class Mapped(NamedTuple):
    """One line of a table, its IRIs in full: what is related, and what is *said* of that."""

    subject: str
    property: str
    object: str
    said: tuple[tuple[str, Value], ...] = ()  # by slot


class MappingSet(NamedTuple):
    """A table: what stands above it, with IRIs in full, and its lines in order, each once."""

    iri: str
    license: str
    title: str | None
    creators: tuple[str, ...]
    said: tuple[tuple[str, Value], ...]  # by slot
    mappings: tuple[Mapped, ...]


def read(path: Path, known: Collection[str]) -> MappingSet:
    """Return the mapping set in *path*; *known* are the things of ours that may be linked.

    Raises UnreadableFileError, EncodingError, and MappingTableError with the line of what is wrong.
    """
    text = turtle.text_of(path, _MAX_BYTES)
    try_to_read(path, lambda: _taken(path, text, known))
    return _taken(path, text, known)


def _taken(path: Path, text: str, known: Collection[str]) -> MappingSet:
    lines = list(io.StringIO(text, newline=""))
    above = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header, curie_map, creators, at = _header(path, lines[:above])
    for name in _REQUIRED_ABOVE:
        if not header.get(name):
            reason = f"'{name}' is missing above the table; add '#{name}: https://...'"
            raise MappingTableError(path, reason, line=1)
    prefixes = {**_BUILT_IN, **curie_map}
    shared = {name: value for name, value in header.items() if name in PROPAGATED}
    rows = _rows(lines[above:], above, _Taking(path, prefixes, known, shared))
    of_set = _said(path, header, OF_A_SET, prefixes, at)
    return MappingSet(
        _iri(path, header["mapping_set_id"], prefixes, at["mapping_set_id"]),
        _iri(path, header["license"], prefixes, at["license"]),
        header.get("mapping_set_title"),
        tuple(_iri(path, each, prefixes, at["creator_id"]) for each in creators),
        of_set,
        tuple(dict.fromkeys(rows)),
    )


def _header(
    path: Path, lines: list[str]
) -> tuple[dict[str, str], dict[str, str], list[str], dict[str, int]]:
    """Return the values above the table, the prefixes, the creators, and the line of each name."""
    header: dict[str, str] = {}
    curie_map: dict[str, str] = {}
    creators: list[str] = []
    at: dict[str, int] = {}
    within = ""
    for number, line in enumerate(lines, 1):
        text = line[1:].rstrip()
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        entry = text.strip()
        is_nested = text.startswith(("  ", "\t")) or entry.startswith("- ")
        if is_nested and within == "creator_id" and entry.startswith("- "):
            creators.append(_unquoted(entry[2:]))
            continue
        if is_nested and within and within != "curie_map":
            continue
        name, colon, value = entry.partition(":")
        if not colon:
            raise MappingTableError(
                path, f"expected 'name: value', found '{entry[:_SHOWN]}'", line=number
            )
        if is_nested and within == "curie_map":
            iri = _unquoted(value)
            if ":" not in iri:
                reason = f"the prefix '{name[:_SHOWN]}' stands for no IRI"
                raise MappingTableError(path, reason, line=number)
            curie_map[_unquoted(name)] = iri
            continue
        within = name.strip()
        _check(path, within, value, number, at)
        at[within] = number
        if value.strip():
            header[within] = _unquoted(value)
            if within == "creator_id":
                creators.append(header[within])
    return header, curie_map, creators, at


def _check(path: Path, name: str, value: str, line: int, at: Mapping[str, int]) -> None:
    """Raise MappingTableError where what stands above the table has stood there, or is too long."""
    shown = name[:_SHOWN]
    if name in at:
        reason = f"'{shown}' stands above the table twice, first in line {at[name]}"
        raise MappingTableError(path, reason, line=line)
    if len(value) > _LONGEST_CELL:
        reason = f"'{shown}' is longer than {_LONGEST_CELL} characters"
        raise MappingTableError(path, reason, line=line)


class _Taking(NamedTuple):
    """What every line of a table is read with."""

    path: Path
    prefixes: Mapping[str, str]
    known: Collection[str]
    shared: Mapping[str, str]


def _rows(lines: list[str], above: int, taking: _Taking) -> Iterator[Mapped]:
    path, line = taking.path, above + 1
    table = csv.reader(lines, delimiter="\t", strict=True)
    try:
        columns = next(table, [])
        for name in _REQUIRED_COLUMNS:
            if name not in columns:
                reason = f"the column '{name}' is missing; the columns are parted by tabs"
                raise MappingTableError(path, reason, line=above + 1)
        if len(set(columns)) < len(columns):
            raise MappingTableError(path, "two columns have one name", line=above + 1)
        of_all = {name: value for name, value in taking.shared.items() if name not in columns}
        for cells in table:
            line = above + table.line_num
            if not cells:
                continue
            if len(cells) != len(columns):
                reason = f"expected {len(columns)} cells, found {len(cells)}"
                raise MappingTableError(path, reason, line=line)
            yield _mapping({**of_all, **dict(zip(columns, cells, strict=True))}, line, taking)
    except csv.Error as error:
        reason = f"the row that begins here is no TSV ({error}); is a quotation mark left open?"
        raise MappingTableError(path, reason, line=line + 1) from error


def _mapping(row: Mapping[str, str], line: int, taking: _Taking) -> Mapped:
    path, prefixes = taking.path, taking.prefixes
    for name, cell in row.items():
        if len(cell) > _LONGEST_CELL:
            reason = f"'{name}' is longer than {_LONGEST_CELL} characters"
            raise MappingTableError(path, reason, line=line)
    for name in _REQUIRED_COLUMNS:
        if not row[name].strip():
            raise MappingTableError(path, f"'{name}' is empty", line=line)
    if row.get("predicate_modifier", "").strip():
        reason = "a mapping that is denied ('predicate_modifier') cannot be kept; leave it out"
        raise MappingTableError(path, reason, line=line)
    subject, property_, object_ = (
        _iri(path, row[name], prefixes, line) for name in _REQUIRED_COLUMNS[:3]
    )
    if property_ not in MAPPING:
        allowed = ", ".join(map(shorten, MAPPING))
        reason = f"'{row['predicate_id'][:_SHOWN]}' is no property of a link; expected {allowed}"
        raise MappingTableError(path, reason, line=line)
    ours = [each for each in (subject, object_) if each.startswith(ID)]
    if len(ours) != 1:
        reason = f"expected one thing of ours ({ID}...) and one of others', found {len(ours)}"
        raise MappingTableError(path, reason, line=line)
    if ours[0] not in taking.known:
        reason = f"the dataset says nothing of {shorten(ours[0])[:_SHOWN]}"
        raise MappingTableError(path, reason, line=line)
    said = _said(path, row, OF_A_MAPPING, prefixes, dict.fromkeys(row, line))
    return Mapped(subject, property_, object_, said)


def _said(
    path: Path,
    given: Mapping[str, str],
    slots: Mapping[str, Slot],
    prefixes: Mapping[str, str],
    lines: Mapping[str, int],
) -> tuple[tuple[str, Value], ...]:
    """Return the values of *slots* that are *given*, each at one of *lines*."""
    found: list[tuple[str, Value]] = []
    for name, slot in slots.items():
        for each in values_in(given.get(name, ""), slot):
            value: Value | None = (
                ox.NamedNode(_iri(path, each, prefixes, lines[name]))
                if slot.kind == "iri"
                else literal(each, slot.kind)
            )
            if value is None:
                expected = "a day, as 2026-11-26" if slot.kind == "date" else "a number from 0 to 1"
                reason = f"'{name}' is '{each[:_SHOWN]}'; expected {expected}"
                raise MappingTableError(path, reason, line=lines[name])
            found.append((name, value))
    return tuple(found)


def _iri(path: Path, given: str, prefixes: Mapping[str, str], line: int) -> str:
    given = given.strip()
    iri = given
    if not given.startswith(("http://", "https://")):
        parts = _CURIE.fullmatch(given)
        if parts is None:
            reason = f"'{given[:_SHOWN]}' is neither an IRI nor a CURIE (prefix:name)"
            raise MappingTableError(path, reason, line=line)
        if parts[1] not in prefixes:
            reason = f"the prefix '{parts[1][:_SHOWN]}' is not in the curie_map above the table"
            raise MappingTableError(path, reason, line=line)
        iri = prefixes[parts[1]] + parts[2]
    if fault := fault_in(iri):
        raise MappingTableError(path, f"<{iri[:_SHOWN]}> {fault}", line=line)
    return iri


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
