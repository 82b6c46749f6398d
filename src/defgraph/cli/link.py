"""``defgraph link``: links to the things of the dataset."""

from __future__ import annotations

import typer

from defgraph.cli import link_table

app = typer.Typer(help="Link tables to the dataset.", no_args_is_help=True)
app.command("table")(link_table.table)


@app.callback()
def _links() -> None:
    """Link tables to the dataset."""
