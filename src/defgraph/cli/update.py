"""``defgraph update``: a SPARQL update of a store."""

from __future__ import annotations

from typing import Annotated

import typer

from defgraph.cli.query import pointing, query_text
from defgraph.cli.store_options import Author, Message, Store, report


def update(
    update: Annotated[
        str,
        typer.Argument(
            metavar="TEXT|FILE|-", help="An update, a file with one, or - for standard input."
        ),
    ],
    store: Store,
    author: Author,
    message: Message = "",
) -> None:
    """Do a SPARQL update, as one generation. Our prefixes are known, but in a plain store.

    It addresses the default graph itself and the named graphs by their names: GRAPH, WITH, USING.
    Exit 1 if the shapes refuse what it makes of the dataset; then nothing has changed.
    """
    from defgraph import directory

    text, path = query_text(update)
    said = message or (f"Update by {path}" if path else "Update")
    with directory.opened(store) as opened, pointing(text, path):
        report(opened.update(text, author=author, message=said))
