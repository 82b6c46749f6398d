"""Printing: to a terminal for a person, to a pipe for the next program."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from defgraph.errors import UnwritableFileError

_WIDEST: Final = 80  # to which a column of a plain table is filled up


class ReaderGoneError(Exception):
    """Whoever read our output has gone: ``defgraph query ... | head``."""


def emit(content: str | bytes) -> None:
    """Write *content* to standard output, in UTF-8 whatever the locale says.

    Raises ReaderGoneError.
    """
    rest = memoryview(content.encode() if isinstance(content, str) else content)
    try:
        sys.stdout.flush()
        while rest:  # with PYTHONUNBUFFERED a write may take a part only
            rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error


def emit_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: fitted and ruled on a terminal; in a pipe plain, one row a line, uncut."""
    if sys.stdout.isatty():
        _emit_ruled(headings, rows)
    else:
        emit(plain_table(headings, rows))


def plain_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in aligned columns, two spaces apart; line ends in a cell become spaces.

    A cell is never cut; one that is wider than most columns pushes its own line only.
    """
    from rich.cells import cell_len  # Japanese takes two columns a character

    lines = [list(headings), *([" ".join(cell.split("\n")) for cell in row] for row in rows)]
    widths = [min(max(map(cell_len, column)), _WIDEST) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def _emit_ruled(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))  # Text: brackets in data are no markup
    Console().print(table)


def write_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old content or the new one, never half of it.

    Raises UnwritableFileError.
    """
    target = path.resolve()  # a link stays a link
    try:
        if target.exists() and not target.is_file():  # a device or a pipe: there is nothing to swap
            target.write_bytes(content)
            return
        mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UnwritableFileError(path, error.strerror or str(error)) from error


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there; raises UnwritableFileError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableFileError(path, error.strerror or str(error)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
