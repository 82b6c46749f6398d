"""The program: its commands, and what becomes of errors."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from defgraph import __version__
from defgraph.cli import (
    copies,
    dump,
    evidence,
    export,
    formatting,
    history,
    link,
    load,
    query,
    questions,
    serve,
    stats,
    tables,
    token,
    update,
    validate,
)
from defgraph.cli.output import ReaderGoneError
from defgraph.errors import DefgraphError

COULD_NOT_RUN = 2
_A_STORE = "A store in a folder"

app = typer.Typer(
    name="defgraph",
    help="Ask, check and export the knowledge graph of defence cooperation.",
    epilog="Exit codes: 0 fine, 1 something was found, 2 it could not run.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve.serve)
app.command()(query.query)
app.command()(questions.questions)
app.command()(evidence.evidence)
app.command()(export.export)
app.command()(dump.dump)
app.command()(tables.tables)
app.command()(validate.validate)
app.command("format")(formatting.format_files)
app.command()(stats.stats)
app.add_typer(link.app, name="link")
app.command(rich_help_panel=_A_STORE)(load.load)
app.command(rich_help_panel=_A_STORE)(update.update)
app.command(rich_help_panel=_A_STORE)(history.log)
app.command(rich_help_panel=_A_STORE)(history.diff)
app.command(rich_help_panel=_A_STORE)(history.rollback)
app.command(rich_help_panel=_A_STORE)(copies.snapshot)
app.command(rich_help_panel=_A_STORE)(copies.backup)
app.command(rich_help_panel=_A_STORE)(copies.restore)
app.add_typer(token.app, name="token", rich_help_panel=_A_STORE)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"defgraph {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the code an error happened.")
    ] = False,
) -> None:
    """Ask, check and export the knowledge graph of defence cooperation."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``defgraph`` with *arguments*, by default those of the process, and exit.

    No traceback reaches a user, unless asked for by ``--debug`` or ``DEFGRAPH_DEBUG=1``.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app(arguments, prog_name="defgraph")
    except DefgraphError as error:
        _explain(str(error), arguments)
    except ReaderGoneError:
        _leave_quietly()
    except Exception as error:  # noqa: BLE001  the last resort of a program that people use
        _explain(
            f"unexpected {type(error).__name__}: {error}\n"
            "This is a fault of defgraph, not of yours. Please report it, with the command and what"
            " DEFGRAPH_DEBUG=1 shows when you run it again",
            arguments,
        )


def _explain(message: str, arguments: Sequence[str]) -> None:
    if "--debug" in arguments or os.environ.get("DEFGRAPH_DEBUG", "0") not in {"", "0"}:
        traceback.print_exc()
    end = "" if message.endswith("?") else "."
    typer.echo(f"defgraph: {message.rstrip('.')}{end}", err=True)
    sys.exit(COULD_NOT_RUN)


def _leave_quietly() -> None:
    """Say nothing, and exit as a program does that SIGPIPE ends."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    sys.exit(128 + 13)
