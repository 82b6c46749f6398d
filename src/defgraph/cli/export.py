"""``defgraph export``: the dataset, or one graph of it, in any RDF format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defgraph.cli.options import Data, dataset
from defgraph.cli.output import emit, make_folder, write_file
from defgraph.cli.store_options import KeptStore, newest
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
    *,
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
    tree: Annotated[
        Path | None,
        typer.Option(
            "--tree",
            metavar="DIR",
            help="Instead: write each graph to the file below this folder that it comes from, as "
            "in a checkout: data/, ontology/, and other.nq for what has no place there.",
        ),
    ] = None,
    store: KeptStore = None,
    data: Data = None,
) -> None:
    """Write the dataset in an RDF format, or as a network or map: the same bytes each time.

    turtle, ntriples and rdfxml hold the union of the graphs; trig, nquads and jsonld the graphs.
    graphml is the network of agreements, geojson the states where their capitals are.
    """
    if store and data:
        raise typer.BadParameter("a store has its own data; give one of the two")
    if tree and (form or graph or output):
        raise typer.BadParameter(
            "a tree says itself what is written and where to; give it no other option of these",
            param_hint="--format, --graph, --output",
        )
    found = newest(store) if store else dataset(data)
    if tree:
        _write_tree(found, tree)
        return
    name = form.value if form else _format_of(output)
    content = _written(found, name, expand(graph) if graph else None)
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


def _write_tree(found: ox.Store, folder: Path) -> None:
    from defgraph.trees import tree

    made = tree(found, folder)
    unchanged = 0
    for path, content in made.files.items():
        file = folder / path
        if file.is_file() and file.read_bytes() == content:
            unchanged += 1
            continue
        make_folder(file.parent)
        write_file(file, content)
        emit(f"Wrote {path}\n")
    for path in made.gone:
        emit(f"Not in the dataset any more, and not deleted: {path}\n")
    emit(f"{unchanged} file{'' if unchanged == 1 else 's'} left as they were.\n")


def _format_of(output: Path | None) -> str:
    if output and output.suffix in {".graphml", ".geojson"}:
        return output.suffix[1:]
    try:
        return by_extension(output.suffix, RDF_FORMATS).name if output else "turtle"
    except UnknownFormatError:
        return "turtle"
