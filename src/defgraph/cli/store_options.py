"""What the commands that work on a store in a folder have in common."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from defgraph.cli.output import emit

if TYPE_CHECKING:
    import pyoxigraph as ox

    from defgraph.engine.outcomes import Outcome


def _folder(given: Path) -> Path:
    if str(given).startswith(("http:", "https:")):
        raise typer.BadParameter("this needs a folder; the store of somebody else is only read")
    return given


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name
        return str(os.getuid())


Store: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--store",
        metavar="DIR",
        envvar="DEFGRAPH_STORE",
        show_envvar=False,
        callback=_folder,
        help="The folder of the store.",
    ),
]

KeptStore: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="The newest generation of the store in this folder; a server may run.",
    ),
]

Author: TypeAlias = Annotated[
    str,
    typer.Option(
        "--author",
        metavar="NAME",
        default_factory=_user,
        show_default="your name on this machine",
        help="Who the log says it was.",
    ),
]

Message: TypeAlias = Annotated[
    str, typer.Option("--message", "-m", metavar="TEXT", help="What the log says of it.")
]


def counted(quads: int) -> str:
    """``1 quad``, ``1,200 quads``."""
    return f"{quads:,} quad{'' if quads == 1 else 's'}"


def newest(folder: Path) -> ox.Store:
    """Return what the newest whole generation of a store holds, and say what is damaged of it.

    Raises NoStoreError and UnwritableFileError.
    """
    from defgraph.log import patches

    opened = patches.read(folder)
    for damage in opened.damages:
        typer.echo(f"defgraph: {damage}", err=True)
    return opened.dataset


def report(outcome: Outcome) -> None:
    """Say what came of a write; exit 1 if the shapes refused it."""
    from defgraph.engine.outcomes import Published, Refused, Unchanged

    match outcome:
        case Published(generation, added, deleted):
            emit(f"Generation {generation}: {counted(added)} added, {deleted:,} deleted.\n")
        case Unchanged(generation, None):
            emit(f"Nothing to change: generation {generation} is so already.\n")
        case Unchanged(hint=hint):
            emit(f"{hint}.\n")
        case Refused(text=text):
            emit(text)
            typer.echo("defgraph: the shapes refuse this; nothing has changed.", err=True)
            raise typer.Exit(1)
