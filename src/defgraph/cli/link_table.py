"""``defgraph link table``: which things the names in a column of a CSV mean."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from defgraph.cli.options import Data, dataset
from defgraph.cli.output import emit, write_file
from defgraph.errors import UnknownClassError, UnwritableFileError
from defgraph.namespaces import DEF, expand, shorten


def table(  # noqa: PLR0917 - as many options as it has
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table as CSV.")],
    column: Annotated[
        str, typer.Option("--column", "-c", metavar="NAME", help="The column of the names.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write the linked table."),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="CLASS",
            help="What the names are names of, such as State (repeatable); by default def:Agent: "
            "states, persons, organisations.",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", help="By default UTF-8, or UTF-16 with a byte order mark."),
    ] = None,
    data: Data = None,
) -> None:
    """Add to a table what the names in a column mean: IRI, label, score, how sure, and others.

    Reports how many rows are sure, unsure (look at them) and unmatched. FILE is never overwritten.
    """
    from defgraph.engine.profile import Profile
    from defgraph.reconciliation import Matcher, read_index, tables
    from defgraph.store.in_process import InProcessStore

    if output is not None and output.exists() and output.resolve() == file.resolve():
        raise UnwritableFileError(output, "it is the table itself; give another name")
    read = tables.read_table(file, column, encoding)
    index = asyncio.run(read_index(InProcessStore(dataset(data), profile=Profile())))
    wanted = [_class(each, index.by_type) for each in types or ()]
    if not wanted and DEF + "Agent" in index.by_type:
        wanted = [DEF + "Agent"]
    with _progress(len(read.rows)) as advance:
        linked, counts = tables.link(read, Matcher(index, wanted), advance)
    if output is None or str(output) == "-":
        emit(linked)
    else:
        write_file(output, linked)
    told = ", ".join(f"{counts[each]:,} {each}" for each in ("sure", "unsure", "unmatched"))
    typer.echo(f"defgraph: {len(read.rows):,} rows: {told}.", err=True)


def _class(name: str, known: Any) -> str:  # noqa: ANN401 - whatever has IRIs
    for iri in (name, DEF + name, expand(name)):
        if iri in known:
            return iri
    raise UnknownClassError(name, [shorten(each) for each in known])


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], Any]]:
    """Show how many rows are linked, if somebody looks."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        linking = progress.add_task("Linking", total=rows)
        yield lambda done: progress.advance(linking, done)
