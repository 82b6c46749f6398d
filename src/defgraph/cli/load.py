"""``defgraph load``: files of RDF into a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defgraph.cli.output import emit
from defgraph.cli.store_options import Author, Message, Store, counted, report
from defgraph.namespaces import expand, shorten

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
        list[Path] | None,
        typer.Argument(
            metavar="FILES...",
            help="Files of RDF, which may end in .gz, or folders.",
            show_default=False,
        ),
    ] = None,
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
    shipped: Annotated[
        bool,
        typer.Option(
            "--shipped",
            help="Instead of FILES: let the graphs that defgraph ships hold what this version of "
            "it ships, and leave all others as they are.",
        ),
    ] = False,
    message: Message = "",
) -> None:
    """Load RDF into a store, as one generation. A new store is made with the shipped dataset.

    In a plain store triples without a graph go to the default graph. Exit 1 if the shapes refuse
    what is loaded; then nothing has changed.
    """
    if shipped:
        if files or graph or replace or plain:
            raise typer.BadParameter(
                "it says itself what is loaded and where to, so give it neither FILES nor "
                "--graph, --replace or --plain",
                param_hint="--shipped",
            )
        _load_shipped(store, author, message)
        return
    if not files:
        raise typer.BadParameter("name a file or a folder, or give --shipped", param_hint="FILES")
    from defgraph import directory, rdf_files

    rdf_files.files_at(files, graph=graph)  # are there, or no store is made for them
    with directory.opened_or_made(store, author=author, plain=plain) as opened:
        found = rdf_files.files_at(files, graph=graph, default_graph=opened.is_plain)
        said = message or f"Load {', '.join(map(str, files))}"
        report(opened.load(_read(found), replacing=replace, author=author, message=said))


def _load_shipped(store: Path, author: str, message: str) -> None:
    import defgraph
    from defgraph import directory
    from defgraph.engine.outcomes import Published
    from defgraph.log import history

    with directory.opened(store) as opened:
        before = opened.log.head.number
        said = message or f"The graphs that defgraph {defgraph.__version__} ships"
        outcome = opened.load_shipped(author=author, message=said)
    report(outcome)
    if isinstance(outcome, Published):
        changes = history.difference(store, before, outcome.generation)
        for name, (added, deleted) in changes.by_graph().items():
            emit(f"  {shorten(name.strip('<>'))}: {counted(added)} added, {deleted:,} deleted\n")


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
