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
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            metavar="DIR",
            help="The newest generation of this store, which may be in use, and nothing else.",
        ),
    ] = None,
) -> None:
    """Write the dataset and each named graph into DIR, in every RDF format, also compressed.

    The same dataset gives the same bytes; SHA256SUMS is for `sha256sum --check`.
    """
    from defgraph.dumps import dump as dumped
    from defgraph.log import history, patches

    if store is None:
        found = dataset(data)
    elif data:
        raise typer.BadParameter("a store has its own data, so --data cannot be given with --store")
    else:
        found = history.dataset_at(store, patches.last_number(store))
    made = dumped(found, folder)
    for name, reason in made.left_out:
        typer.echo(f"defgraph: {name} was left out: {reason}.", err=True)
    typer.echo(f"{len(made.files)} files in {folder}")
