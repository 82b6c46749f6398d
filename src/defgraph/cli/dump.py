"""``defgraph dump``: the dataset and each graph of it in every format, with checksums."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from defgraph.cli.options import Data, dataset


def dump(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new or empty folder, or an earlier dump.")
    ],
    data: Data = None,
) -> None:
    """Write the dataset and each named graph into DIR, in every RDF format, also compressed.

    The same dataset gives the same bytes; SHA256SUMS is for `sha256sum --check`.
    """
    from defgraph.dumps import dump as dumped

    made = dumped(dataset(data), folder)
    for name, reason in made.left_out:
        typer.echo(f"defgraph: {name} was left out: {reason}.", err=True)
    typer.echo(f"{len(made.files)} files in {folder}")
