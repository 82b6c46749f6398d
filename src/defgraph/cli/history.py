"""``defgraph log``, ``diff`` and ``rollback``: the past of a store."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defgraph.cli.options import TextFormat
from defgraph.cli.output import emit, emit_table
from defgraph.cli.store_options import Author, Message, Store, counted, report

if TYPE_CHECKING:
    from defgraph.log.generations import Generation

_HEADINGS = ("generation", "time", "author", "added", "deleted", "quads", "message")


def log(
    store: Store,
    number: Annotated[
        int | None, typer.Option("--number", "-n", min=1, help="Only so many, the newest.")
    ] = None,
    form: Annotated[TextFormat, typer.Option("--format", "-f")] = TextFormat.TEXT,
) -> None:
    """List the generations of a store, the newest first; a server may run.

    Exit 1 if a file of the store is damaged, which is said on standard error.
    """
    from defgraph.log import history
    from defgraph.log.generations import Generation

    found = list(islice(history.generations(store), number))
    generations = [each for each in found if isinstance(each, Generation)]
    if form is TextFormat.JSON:
        told = [_facts(each) for each in generations]
        emit(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        emit_table(
            _HEADINGS, ([str(fact) for fact in _facts(each).values()] for each in generations)
        )
    damages = [each for each in found if not isinstance(each, Generation)]
    for each in damages:
        typer.echo(f"defgraph: {each}", err=True)
    if damages:
        raise typer.Exit(1)


def diff(
    store: Store,
    start: Annotated[int, typer.Argument(metavar="A", min=0, help="A generation; 0: nothing.")],
    end: Annotated[int, typer.Argument(metavar="B", min=0, help="Another; it may be older.")],
    counts: Annotated[
        bool, typer.Option("--counts", help="Say only how many quads are added and deleted.")
    ] = False,
) -> None:
    """Print what leads from generation A to generation B, as an RDF Patch; a server may run."""
    from defgraph.log import history
    from defgraph.log.generations import patch

    changes = history.difference(store, start, end)
    added, deleted = len(changes.added), len(changes.deleted)
    if counts:
        emit(f"{counted(added)} added, {deleted:,} deleted\n")
        return
    header = {"from": start, "to": end, "added": added, "deleted": deleted}
    emit("".join(f'H {name} "{value}" .\n' for name, value in header.items()))
    emit(patch(changes))


def rollback(
    number: Annotated[int, typer.Argument(metavar="N", min=0, help="The generation to be again.")],
    store: Store,
    author: Author,
    message: Message = "",
) -> None:
    """Let the next generation hold what generation N held. The past stays as it was."""
    from defgraph import directory

    with directory.opened(store) as opened:
        said = message or f"Roll back to generation {number}"
        report(opened.roll_back(number, author=author, message=said))


def _facts(generation: Generation) -> dict[str, Any]:
    values = (
        generation.number,
        generation.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        generation.author,
        generation.added,
        generation.deleted,
        generation.fingerprint.quads,
        generation.message,
    )
    return dict(zip(_HEADINGS, values, strict=True))
