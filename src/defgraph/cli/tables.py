"""``defgraph tables``: a CSV table for each class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from defgraph.cli.options import Data, dataset
from defgraph.cli.output import emit, make_folder, write_file


def tables(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write them.")],
    data: Data = None,
) -> None:
    """Write a CSV table for each class: a row a thing, a column a property.

    Files of these names are replaced, others left alone. docs/analysts.md says what is in a column.
    """
    from defgraph.api import Defgraph

    made = Defgraph(dataset(data)).tables()
    make_folder(folder)
    for name, content in made.items():
        write_file(folder / f"{name}.csv", content)
    emit(f"{len(made)} tables in {folder}\n")
