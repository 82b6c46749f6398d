"""``defgraph snapshot``, ``backup`` and ``restore``: a store as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from defgraph.cli.output import emit
from defgraph.cli.store_options import Store, counted


def snapshot(store: Store) -> None:
    """Write the newest generation as one file, from which the store is opened quickly.

    It is done now and then by itself. Older snapshots but for a few are removed; no generation is.
    """
    from defgraph import directory

    with directory.opened(store) as opened:
        emit(f"{opened.write_snapshot()}\n")


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.")],
    store: Store,
) -> None:
    """Copy a store, which may be in use, and check the copy.

    Exit 1 if a file of the store is damaged: all that is whole is copied.
    """
    _copy(store, folder)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a backup.")],
    store: Store,
) -> None:
    """Copy a backup to where a store is to be: a new or an empty folder; check the copy."""
    _copy(folder, store)


def _copy(source: Path, target: Path) -> None:
    from defgraph.log.history import copy_store

    copied = copy_store(source, target)
    generation = copied.generation
    quads = counted(generation.fingerprint.quads)
    emit(f"{target}: generation {generation.number}, {quads}, checked.\n")
    for damage in copied.damages:
        typer.echo(f"defgraph: {damage}", err=True)
    if copied.damages:
        raise typer.Exit(1)
