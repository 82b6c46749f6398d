"""``defgraph link``: links to other datasets, checked, written as SSSOM and taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from defgraph.cli import link_table
from defgraph.cli.options import Data, data_files
from defgraph.cli.output import emit, write_file

app = typer.Typer(
    help="Check links to other datasets, give and take them; link tables to the dataset.",
    no_args_is_help=True,
)
app.command("table")(link_table.table)


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]...", help="RDF of your own, judged with the dataset."),
    ] = None,
    data: Data = None,
) -> None:
    """Check identifiers, and that no links together make one thing of two; exit 1 if some do.

    A line for each fault: its kind, what is wrong, and which graphs say so.
    """
    from defgraph.linking import checking, links

    judged_with = data_files(data)
    held = {each.path.resolve() for each in judged_with}
    quads = [
        *links.quads_of(judged_with),
        *links.quads_at(each for each in files or () if each.resolve() not in held),
        *links.differences(),
    ]
    found = checking.check(quads)
    emit("".join(f"{each.kind}: {each.message}\n" for each in found))
    judged = len(links.links_in(quads, links.SAME))
    typer.echo(f"defgraph: {judged} links, {len(found)} faults.", err=True)
    if found:
        raise typer.Exit(1)


@app.command()
def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option("--graph", metavar="NAME", help="Those of one linkset, such as wikidata."),
    ] = None,
    data: Data = None,
) -> None:
    """Write links to other datasets as a table of SSSOM (a Simple Standard for Mappings).

    All of them make one set, whose lines name their graphs; or those of one graph, with who made
    it and its licence.
    """
    from defgraph.errors import UnknownGraphError
    from defgraph.linking import links, sssom
    from defgraph.namespaces import LINKS_GRAPHS

    quads = links.quads_of(data_files(data))
    held = {each.graph for each in links.links_in(quads, links.MAPPING) if each.graph}
    if graph is not None and LINKS_GRAPHS + graph not in held:
        raise UnknownGraphError(graph, [each.removeprefix(LINKS_GRAPHS) for each in held])
    written = sssom.write(quads, None if graph is None else LINKS_GRAPHS + graph)
    if output is None:
        emit(written)
    else:
        write_file(output, written.encode())


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table of SSSOM, as TSV.")],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="The graph becomes graph/links/NAME.")
    ],
    creator: Annotated[
        str | None,
        typer.Option("--creator", metavar="IRI", help="Who made it, if the table does not say."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")
    ] = None,
    data: Data = None,
) -> None:
    """Make a linkset of Turtle, with the status "unreviewed", of a table of SSSOM.

    Nothing is written if one line of the table cannot be taken.
    """
    from defgraph.linking import links, linkset, sssom_reading
    from defgraph.namespaces import expand

    known = links.things_in(links.quads_of(data_files(data)))
    mappings = sssom_reading.read(file, known)
    written = linkset.write(mappings, name, expand(creator) if creator else None, file)
    if output is None:
        emit(written)
    else:
        write_file(output, written.encode())
