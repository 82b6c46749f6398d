"""``defgraph format``: files of Turtle in their canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from defgraph.cli.options import Data
from defgraph.cli.output import emit, write_file
from defgraph.errors import DefgraphError, NoTurtleError


def format_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILES...", help="Files or folders of Turtle, or --data."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; list what is not in canonical form.")
    ] = False,
    data: Data = None,
) -> None:
    """Write Turtle in canonical form: the same graph, the same text. Prints what it changed.

    Exit 1 with --check if a file differs; 2 if one could not be read, which is left as it is.
    """
    if not (chosen := files or data):
        raise typer.BadParameter("name the files or folders to format")
    differs = broken = False
    for path in _each(chosen):
        try:
            content = _canonical(path)
            if content is not None:
                differs = True
                if not check:
                    write_file(path, content)
                emit(f"{path}\n")
        except DefgraphError as error:
            broken = True
            typer.echo(f"defgraph: {error}", err=True)
    if broken or (check and differs):
        raise typer.Exit(2 if broken else 1)


def _each(paths: Iterable[Path]) -> Iterator[Path]:
    """The files, and every one that ends in ``.ttl`` below the folders."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        below = sorted(each for each in path.rglob("*.ttl") if each.is_file())
        if not below:
            raise NoTurtleError(path)
        yield from below


def _canonical(path: Path) -> bytes | None:
    """What *path* should hold; None if it does."""
    from defgraph import turtle

    content = turtle.canonical(turtle.text_of(path), path).encode()
    return None if content == path.read_bytes() else content
