"""A dump as a folder: whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph.dumps.plan import SUMS, LeftOut, contents, sums
from defgraph.errors import UnwritableFileError
from defgraph.media_types import RDF_FORMATS

_MODE: Final = 0o755


@dataclass(frozen=True, slots=True)
class Dump:
    """What was written: names of files, and why others were not."""

    files: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]  # name and reason


def dump(store: ox.Store, folder: Path) -> Dump:
    """Write the files into *folder*, whole or not at all; the same dataset gives the same bytes.

    A dump that is there is replaced. A file is left out where its format has no way to say what
    it would hold. Raises UnwritableFileError where nothing can be written, and for a folder that
    holds anything else than a dump.
    """
    target = folder.resolve()
    _check_replaceable(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        try:
            new = scratch / "new"
            new.mkdir()
            made = _fill(store, new)
            new.chmod(_MODE)
            if target.exists():
                target.rename(scratch / "old")
            new.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise UnwritableFileError(folder, error.strerror or str(error)) from error
    return made


def _fill(store: ox.Store, folder: Path) -> Dump:
    found: dict[str, str] = {}
    left_out: list[tuple[str, str]] = []
    for form in RDF_FORMATS:
        for each in contents(store, form):
            if isinstance(each, LeftOut):
                left_out.append(each)
                continue
            (folder / each.name).write_bytes(each.content)
            found[each.name] = hashlib.sha256(each.content).hexdigest()
    (folder / SUMS).write_bytes(sums(found))
    return Dump((*sorted(found), SUMS), tuple(left_out))


def _check_replaceable(folder: Path) -> None:
    """Raise UnwritableFileError where *folder* holds what a dump would not have written."""
    try:
        there = {each.name for each in folder.iterdir()}
        if not there:
            return
        sums = (folder / SUMS).read_text(encoding="utf-8") if SUMS in there else ""
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its SHA256SUMS is not text"
        raise UnwritableFileError(folder, reason or str(error)) from error
    others = there - {SUMS} - {line.partition("  ")[2] for line in sums.splitlines()}
    if others:
        raise UnwritableFileError(
            folder, f"it holds {min(others)}, which is no part of a dump; name an empty folder"
        )
