"""``defgraph export``: the dataset, or one graph of it, in any RDF format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defgraph.cli.options import Data, dataset
from defgraph.cli.output import emit, write_file
from defgraph.errors import UnknownFormatError
from defgraph.media_types import RDF_FORMATS, by_extension
from defgraph.namespaces import expand

if TYPE_CHECKING:
    import pyoxigraph as ox


class ExportFormat(StrEnum):
    """What a dataset can be written in."""

    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    GRAPHML = "graphml"
    GEOJSON = "geojson"


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
    """Write the dataset in an RDF format, or as a network or map: the same bytes each time.

    turtle, ntriples and rdfxml hold the union of the graphs; trig, nquads and jsonld the graphs.
    graphml is the network of agreements, geojson the states where their capitals are.
    """
    name = form.value if form else _format_of(output)
    content = _written(dataset(data), name, expand(graph) if graph else None)
    if output is None or str(output) == "-":
        emit(content)
    else:
        write_file(output, content)


def _written(found: ox.Store, name: str, graph: str | None) -> bytes:
    from defgraph.api import Defgraph
    from defgraph.export import export as exported

    if name not in {ExportFormat.GRAPHML, ExportFormat.GEOJSON}:
        return exported(found, name, graph)
    if graph:
        raise typer.BadParameter(f"{name} is of the whole dataset", param_hint="--graph")
    opened = Defgraph(found)
    return opened.graphml() if name == ExportFormat.GRAPHML else opened.geojson()


def _format_of(output: Path | None) -> str:
    if output and output.suffix in {".graphml", ".geojson"}:
        return output.suffix[1:]
    try:
        return by_extension(output.suffix, RDF_FORMATS).name if output else "turtle"
    except UnknownFormatError:
        return "turtle"
