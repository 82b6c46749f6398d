"""Tables as CSV (RFC 4180): read strictly, and written with columns of what the names mean."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from defgraph import files_of_others
from defgraph.errors import TableError, UnknownColumnError
from defgraph.reconciliation.folding import MAX_LENGTH
from defgraph.reconciliation.matching import Candidate, Matcher

ADDED: Final = ("iri", "label", "score", "match", "others")
"""The columns that are added; each with ``linked_`` before it where the table has one so called."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAX_BYTES: Final = 64 * 2**20
"""Of a table: what is longer is not held in memory."""

MAX_ROWS: Final = 1_000_000
MAX_CELLS: Final = 20_000_000
"""Of a table whose rows are all as long as the longest."""

_TOLD: Final = re.compile(r"sep=([,;\t|])\r?\n")
"""How a table for Excel tells, in a line before it, what parts its cells."""

_GZIP: Final = b"\x1f\x8b"
_LONGEST_CELL: Final = 2**31 - 1
_OTHERS: Final = 3


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and rows, which may be longer or shorter; *column* is the place of the names."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    column: int


def read_table(path: Path, column: str, encoding: str | None = None) -> Table:
    """Read the CSV at *path*, whose first row names the columns.

    Without *encoding* it is UTF-8, or UTF-16 with a byte order mark. Raises UnreadableFileError,
    TableError for what is no CSV, and UnknownColumnError.
    """
    text = _text(path, encoding)
    told = _TOLD.match(text)
    text = text[told.end() :] if told else text
    first = text.partition("\n")[0]
    delimiter = (
        told[1]
        if told
        else (max(",;\t", key=first.count) if column not in first.split(",") else ",")
    )
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    above = 1 if told else 0
    rows, read, width = [], above, 0
    try:
        for row in reader:
            read = above + reader.line_num
            if row:
                rows.append(tuple(row))
                width = max(width, len(row))
                _check_size(path, len(rows), width)
    except csv.Error as error:
        reason = f"the row that begins here is no CSV ({error}); is a quotation mark left open?"
        raise TableError(path, f"line {read + 1}: {reason}") from error
    if not rows:
        raise TableError(path, "the table is empty: its first row names the columns")
    heading, *others = rows
    names = [each.strip() for each in heading]
    if column not in names:
        raise UnknownColumnError(path, column, names)
    if names.count(column) > 1:
        raise TableError(path, f"several columns are named '{column}'; rename the others")
    return Table(heading, tuple(others), names.index(column))


def link(
    table: Table, matcher: Matcher, advance: Callable[[int], object]
) -> tuple[bytes, Counter[str]]:
    """Return *table* as CSV in UTF-8 with the columns ADDED, and how many rows matched how.

    A row is ``sure``, ``unsure`` or ``unmatched``; equal names are looked up once. *advance* is
    told the number of rows that are done.
    """
    counts: Counter[str] = Counter()
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    width = max([len(table.heading), *map(len, table.rows)])
    padding = ("",) * (width - len(table.heading))
    taken = {each.strip() for each in table.heading}
    added = [f"linked_{each}" if each in taken else each for each in ADDED]
    writer.writerow([*table.heading, *padding, *added])
    known: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        name = row[table.column] if len(row) > table.column else ""
        key = name[: MAX_LENGTH + 1]
        found = known.get(key)
        if found is None:
            too_long = len(name) > MAX_LENGTH
            found = known[key] = tuple(_cells(() if too_long else matcher.match(name)))
        counts[found[3]] += 1
        writer.writerow([*row, *("",) * (width - len(row)), *found])
        advance(1)
    return written.getvalue().encode(), counts


def _check_size(path: Path, rows: int, width: int) -> None:
    if rows > MAX_ROWS or rows * width > MAX_CELLS:
        reason = f"it has more than {MAX_ROWS:,} rows, or {MAX_CELLS:,} cells; divide it"
        raise TableError(path, reason)


def _cells(found: tuple[Candidate, ...]) -> Iterator[str]:
    if not found:
        yield from ("", "", "", "unmatched", "")
        return
    best, *others = found
    yield from (best.thing.iri, best.thing.name, f"{best.score:.1f}")
    yield "sure" if best.is_sure else "unsure"
    yield " | ".join(
        f"{each.thing.iri} {each.thing.name} {each.score:.1f}" for each in others[:_OTHERS]
    )


def _text(path: Path, encoding: str | None) -> str:
    content = files_of_others.read(path, MAX_BYTES)
    if content.startswith(_GZIP):
        raise TableError(path, "it is compressed with gzip; unpack it")
    named = encoding or next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        text = content.decode(named)
    except LookupError as error:
        raise TableError(path, f"there is no encoding '{named}'; try cp932 or latin-1") from error
    except UnicodeError as error:
        hint = (
            "say another with --encoding"
            if encoding
            else "say which it has with --encoding, such as cp932 (Japanese Excel) or cp1252"
        )
        place = f" (byte {error.start + 1:,})" if isinstance(error, UnicodeDecodeError) else ""
        raise TableError(path, f"this is not {named.upper()}{place}; {hint}") from error
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        hint = "; is it UTF-16 without a byte order mark? Say --encoding utf-16-le" * (not encoding)
        raise TableError(path, f"line {line:,}: it holds the character NUL{hint}")
    return text
