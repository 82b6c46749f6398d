"""``defgraph token``: who may write over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from defgraph.cli.options import TextFormat
from defgraph.cli.output import emit, emit_table

app = typer.Typer(
    help="Say who may write to a server: add, list and revoke tokens.", no_args_is_help=True
)

Tokens: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--tokens",
        metavar="FILE",
        envvar="DEFGRAPH_TOKENS",
        show_envvar=False,
        help="The file of the tokens' hashes.",
    ),
]

Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="The author in the log.")]


@app.command()
def add(name: Name, tokens: Tokens) -> None:
    """Make a token for NAME and print it, this once: the file keeps only its hash.

    A server that was started with this file takes it from now on.
    """
    from defgraph import credentials

    emit(credentials.add(tokens, name) + "\n")
    typer.echo(
        f"defgraph: this is the token of {name}; it is not shown again. "
        "It goes into the header 'Authorization: Bearer TOKEN'.",
        err=True,
    )


@app.command("list")
def list_holders(
    tokens: Tokens,
    form: Annotated[TextFormat, typer.Option("--format", "-f")] = TextFormat.TEXT,
) -> None:
    """List who holds a token, and since when."""
    from defgraph import credentials

    told = [
        {"name": each.name, "created": each.created.isoformat()}
        for each in credentials.holders(tokens)
    ]
    if form is TextFormat.JSON:
        emit(json.dumps(told, indent=2) + "\n")
    else:
        emit_table(("name", "created"), ((each["name"], each["created"]) for each in told))


@app.command()
def revoke(name: Name, tokens: Tokens) -> None:
    """Take the token of NAME away; a running server refuses it from now on."""
    from defgraph import credentials

    credentials.revoke(tokens, name)
    typer.echo(f"defgraph: {name} holds no token any more.", err=True)
