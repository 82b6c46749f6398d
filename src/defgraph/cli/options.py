"""Options that several commands share, and the dataset that they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    import pyoxigraph as ox

    from defgraph.sources import SourceFile

Data: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        metavar="PATH",
        envvar="DEFGRAPH_DATA_PATHS",
        show_envvar=False,
        help="Use this Turtle (a file or a folder; repeatable) instead of the shipped data.",
    ),
]


class AnswerFormat(StrEnum):
    """What an answer to a query can be printed as."""

    TABLE = "table"
    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    PARQUET = "parquet"


Answer: TypeAlias = Annotated[
    AnswerFormat | None,
    typer.Option(
        "--format",
        "-f",
        help="table, json, xml, csv or tsv for SELECT and ASK (by default table); "
        "turtle, ntriples or jsonld for CONSTRUCT and DESCRIBE (by default turtle); "
        "parquet for SELECT, with --output.",
        show_choices=False,
        metavar="FORMAT",
    ),
]


class TextFormat(StrEnum):
    """What a listing can be printed as."""

    TEXT = "text"
    JSON = "json"


def data_files(data: Sequence[Path] | None) -> tuple[SourceFile, ...]:
    """Return the files that ``--data`` names, or the shipped ones. Raises a SourceError."""
    from defgraph import sources

    return sources.data_at(data) if data else sources.data_files()


def dataset(data: Sequence[Path] | None) -> ox.Store:
    """Load what ``--data`` names, or the shipped data. Raises a SourceError."""
    from defgraph import loading

    return loading.load(data_files(data) if data else None)
