"""``defgraph load``: files of RDF into a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defgraph.cli.store_options import Author, Message, Store, report
from defgraph.namespaces import expand

if TYPE_CHECKING:
    import pyoxigraph as ox

    from defgraph.rdf_files import RdfFile


def _graph_name(given: str | None) -> str | None:
    import pyoxigraph as ox

    if given is None:
        return None
    try:
        return ox.NamedNode(expand(given)).value
    except ValueError as error:
        raise typer.BadParameter(f"'{given}' is no IRI") from error


def load(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="Files of RDF, which may end in .gz, or folders."),
    ],
    *,
    store: Store,
    author: Author,
    graph: Annotated[
        str | None,
        typer.Option(
            "--graph",
            metavar="IRI",
            callback=_graph_name,
            help="The graph for all of it; by default one a file, named after its path.",
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let the graphs hold these triples and no others.")
    ] = False,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", help="Make a new store empty, and one that no shapes judge; see serve."
        ),
    ] = False,
    message: Message = "",
) -> None:
    """Load RDF into a store, as one generation. A new store is made with the shipped dataset.

    In a plain store triples without a graph go to the default graph. Exit 1 if the shapes refuse
    what is loaded; then nothing has changed.
    """
    from defgraph import directory, rdf_files

    with directory.opened_or_made(store, author=author, plain=plain) as opened:
        found = rdf_files.files_at(files, graph=graph, default_graph=opened.is_plain)
        said = message or f"Load {', '.join(map(str, files))}"
        report(opened.load(_read(found), replacing=replace, author=author, message=said))


def _read(files: tuple[RdfFile, ...]) -> ox.Store:
    import pyoxigraph as ox

    from defgraph.rdf_files import quads_in

    incoming = ox.Store()
    with _progress(sum(each.bytes for each in files)) as advance:
        for each in files:
            incoming.bulk_extend(quads_in(each, advance))
    return incoming


@contextmanager
def _progress(total_bytes: int) -> Iterator[Callable[[int], Any]]:
    """Show how much is read, how fast, and how long it will take, if somebody looks."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as progress:
        reading = progress.add_task("Reading", total=total_bytes)
        yield lambda size: progress.advance(reading, size)
