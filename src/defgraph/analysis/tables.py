"""A CSV table (RFC 4180) for each class: a row a thing, a column a property.

===================  =============================================================================
column               what is in it
===================  =============================================================================
``iri``              the thing
``rdfs:label@en``    text in a language: a column for each
``isoAlpha2``        other values as they are written in RDF; our own properties need no prefix
``hasCapital``       things: their IRIs, and beside them ``hasCapital label``, their names
===================  =============================================================================

Several values of a property stand in one cell with `` | `` between them, in a stable order; in the
two columns of things in the same one. Values are not changed: one that begins with ``=`` or ``-``
does so here, whatever a spreadsheet makes of it. Blank nodes have no names and are left out.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from defgraph.namespaces import DEF, shorten
from defgraph.results import IRI, LangString, Solutions, Value, written

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
BETWEEN: Final = " | "

_LABEL: Final = "rdfs:label"


def names(classes: Solutions) -> dict[str, str]:
    """Return the class of each table by its name: those of the ontology that something is of.

    Things of the ontology itself and of other vocabularies have no tables.
    """
    found = (str(each["class"]) for each in classes)
    return {iri.removeprefix(DEF): iri for iri in found if iri.startswith(DEF)}


def table(things: Solutions) -> bytes:
    """Write what the query ``things`` found of a class; the same gives the same bytes."""
    rows: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    with_labels = set()
    for each in things:
        thing, value = str(each["thing"]), each["value"]
        if value is None:
            continue
        column = _column(str(each["property"]), value)
        rows[thing][column].append((written(value), str(each["label"] or "")))
        if isinstance(value, IRI):
            with_labels.add(column)
    columns = sorted({name for row in rows.values() for name in row}, key=_place)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["iri", *_headings(columns, with_labels)])
    for thing in sorted(rows):
        writer.writerow([thing, *_cells(rows[thing], columns, with_labels)])
    return out.getvalue().encode()


def _headings(columns: list[str], with_labels: set[str]) -> Iterator[str]:
    for name in columns:
        yield name
        if name in with_labels:
            yield f"{name} label"


def _cells(
    row: dict[str, list[tuple[str, str]]], columns: list[str], with_labels: set[str]
) -> Iterator[str]:
    for name in columns:
        values = sorted(row.get(name, ()))
        yield BETWEEN.join(value for value, _ in values)
        if name in with_labels:
            yield BETWEEN.join(label for _, label in values)


def _column(property_: str, value: Value) -> str:
    name = property_.removeprefix(DEF) if property_.startswith(DEF) else shorten(property_)
    return f"{name}@{value.language}" if isinstance(value, LangString) else name


def _place(column: str) -> tuple[bool, str]:
    """Names stand first."""
    return not column.startswith(_LABEL), column
