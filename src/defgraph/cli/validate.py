"""``defgraph validate``: do the data conform to the shapes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from defgraph.cli.options import Data, data_files
from defgraph.cli.output import emit
from defgraph.cli.store_options import KeptStore, newest


class ReportFormat(StrEnum):
    """What a report can be printed as."""

    TEXT = "text"
    JSON = "json"
    TURTLE = "turtle"


def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]...", help="Files or folders of Turtle to judge."),
    ] = None,
    form: Annotated[ReportFormat, typer.Option("--format", "-f")] = ReportFormat.TEXT,
    store: KeptStore = None,
    data: Data = None,
) -> None:
    """Check the data against the shapes; exit 1 if something is violated.

    Without FILES the whole dataset, or that of a store. With FILES these, together with the shipped
    reference data (or what --data names); a file that is another version of a reference file takes
    its place.
    """
    if store and (files or data):
        raise typer.BadParameter("a store has its own data; give one of the two")
    from defgraph import loading, sources
    from defgraph import validation as shacl

    judged = data_files(data)
    if files:
        judged = shacl.with_reference(sources.data_at(files), judged if data else None)
    found = newest(store) if store else loading.load(judged)
    report = shacl.validate(found, files=() if store else judged)
    render = {
        ReportFormat.TEXT: shacl.as_text,
        ReportFormat.JSON: shacl.as_json,
        ReportFormat.TURTLE: shacl.as_turtle,
    }
    emit(render[form](report))
    if not report.conforms:
        raise typer.Exit(1)
