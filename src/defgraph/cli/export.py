"""``defgraph export``: the dataset, or one graph of it, in any RDF format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from defgraph.cli.options import Data, dataset
from defgraph.cli.output import emit, write_file
from defgraph.errors import UnknownFormatError
from defgraph.media_types import RDF_FORMATS, by_extension
from defgraph.namespaces import expand


class ExportFormat(StrEnum):
    """What a dataset can be written in."""

    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


def export(
    form: Annotated[
        ExportFormat | None,
        typer.Option(
            "--format", "-f", help="By default what the name of the output file says, or turtle."
        ),
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option(
            "--graph", metavar="IRI", help="Only this named graph, such as graph:links/wikidata."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ] = None,
    data: Data = None,
) -> None:
    """Write the dataset in an RDF format: the same bytes each time.

    turtle, ntriples and rdfxml hold the union of the graphs; trig, nquads and jsonld the graphs.
    """
    from defgraph.export import export as exported

    name = form.value if form else _format_of(output)
    content = exported(dataset(data), name, expand(graph) if graph else None)
    if output is None or str(output) == "-":
        emit(content)
    else:
        write_file(output, content)


def _format_of(output: Path | None) -> str:
    try:
        return by_extension(output.suffix, RDF_FORMATS).name if output else "turtle"
    except UnknownFormatError:
        return "turtle"
