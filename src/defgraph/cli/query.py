"""``defgraph query``: a SPARQL query, answered without a server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from defgraph.cli.options import Answer, AnswerFormat, Data, dataset
from defgraph.cli.output import emit, emit_table, plain_table, write_file
from defgraph.errors import NotAcceptableError, QuerySyntaxError, UnreadableFileError
from defgraph.tokens import lines_of, pointer

if TYPE_CHECKING:
    import pyoxigraph as ox

    from defgraph.results import Solutions

_OF_SOLUTIONS: Final = ("table", "json", "xml", "csv", "tsv")
_BEGINNINGS: Final = {
    *("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"),
    *("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"),
}
_SHOWN: Final = 60  # characters on either side of the place, of a line that is longer
_OF_GRAPHS: Final = ("turtle", "ntriples", "jsonld")


def query(
    query: Annotated[
        str, typer.Argument(metavar="TEXT|FILE|-", help="A query, a file with one, or - for stdin.")
    ],
    form: Answer = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ] = None,
    data: Data = None,
) -> None:
    """Answer a SPARQL query. Our prefixes are known.

    The default graph is the union of all named graphs. In a pipe a table is plain text, one
    solution a line; csv, tsv and json are for programs.
    """
    text, path = query_text(query)
    with pointing(text, path):
        print_answer(dataset(data), text, form, output)


@contextmanager
def pointing(text: str, path: Path | None) -> Iterator[None]:
    """Let syntax errors show the place in the text, and name the file that it is from."""
    try:
        yield
    except QuerySyntaxError as error:
        if error.line is not None and error.column is not None:
            typer.echo(_excerpt(lines_of(text)[error.line - 1], error.column), err=True)
        if path is None:
            raise
        reason = f"{path}: {error.reason}"
        raise QuerySyntaxError(
            reason, line=error.line, column=error.column, expected=error.expected
        ) from error


def query_text(given: str) -> tuple[str, Path | None]:
    """Return the query or update that *given* is or names, and the file that it stands in.

    What names a file is one; ``-`` is standard input; what has a brace or more than one word is
    SPARQL, and so is one that begins it. Anything else was meant to be a file: raises
    UnreadableFileError.
    """
    from defgraph.turtle import text_of

    if given == "-":
        return sys.stdin.read(), None
    path = Path(given)
    if _names_a_file(path):
        return text_of(path), path
    is_file_name = path.suffix.lower() in {".rq", ".ru", ".sparql"} and "{" not in given
    is_begun = given.strip().upper() in _BEGINNINGS
    if "{" in given or is_begun or (len(given.split()) > 1 and not is_file_name):
        return given, None
    raise UnreadableFileError.missing(path, "file, and as a query it is not SPARQL")


def print_answer(
    store: ox.Store, text: str, form: AnswerFormat | None, output: Path | None = None
) -> None:
    """Evaluate *text* and print the answer, or write it to a file.

    Raises a QueryError, NotAcceptableError, ExtraNeededError, or UnwritableFileError.
    """
    from defgraph.results import Solutions, cells

    if form is AnswerFormat.PARQUET:
        _write_parquet(store, text, output)
        return
    found = _answer(store, text, form)
    if output is None and isinstance(found, Solutions):
        emit_table(found.variables, cells(found))
        return
    content = found if isinstance(found, bytes) else _plain(found)
    if output is None:
        emit(content)
    else:
        write_file(output, content)


def _plain(found: Solutions | bool) -> bytes:
    from defgraph.results import cells

    if isinstance(found, bool):
        return b"true\n" if found else b"false\n"
    return plain_table(found.variables, cells(found)).encode()


def _write_parquet(store: ox.Store, text: str, output: Path | None) -> None:
    from io import BytesIO

    from defgraph.api import Defgraph

    if output is None:
        raise typer.BadParameter("Parquet is for a file; name one", param_hint="--output")
    content = BytesIO()
    Defgraph(store).frame(text).write_parquet(content)
    write_file(output, content.getvalue())


def _answer(store: ox.Store, text: str, form: AnswerFormat | None) -> bytes | Solutions | bool:
    """Return the bytes of the answer, or what is to be a table."""
    import pyoxigraph as ox

    from defgraph.engine.evaluation import evaluate, serialize
    from defgraph.media_types import by_name
    from defgraph.negotiation import FormatChoice
    from defgraph.results import decode

    results = evaluate(store, text)
    of_graph = isinstance(results, ox.QueryTriples)
    name = form.value if form else ("turtle" if of_graph else "table")
    if name not in (fitting := _OF_GRAPHS if of_graph else _OF_SOLUTIONS):
        raise NotAcceptableError(fitting)
    media_type = by_name("json" if name == "table" else name).media_type
    accept = FormatChoice(results=media_type, graph="application/n-triples")
    _, body = serialize(results, accept, max_bytes=sys.maxsize)  # one's own query, one's own memory
    if of_graph:
        return _graph(body, name)
    if name != "table":
        return body if body.endswith(b"\n") else body + b"\n"
    return decode(body, media_type)


def _excerpt(line: str, column: int) -> str:
    """Return a line with a mark below the column, cut where it is long."""
    cut = max(0, column - 1 - _SHOWN)
    shown = line[cut : column - 1 + _SHOWN]
    return f"{shown}\n{pointer(shown, column - cut)}"


def _graph(ntriples: bytes, name: str) -> bytes:
    import pyoxigraph as ox

    from defgraph.export import serialise

    return serialise(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES), name)


def _names_a_file(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False
