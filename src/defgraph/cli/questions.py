"""``defgraph questions``: the questions that the dataset ships with, listed or answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defgraph.cli.options import Answer, AnswerFormat, Data, data_files
from defgraph.cli.output import emit, emit_table
from defgraph.cli.query import print_answer
from defgraph.errors import NotAcceptableError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from defgraph.questions import Question


def questions(
    identifier: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The question to answer, such as V01.")
    ] = None,
    form: Answer = None,
    sparql: Annotated[
        bool, typer.Option("--sparql", help="Print the query instead of its answer.")
    ] = False,
    data: Data = None,
) -> None:
    """List the questions that come with the data, or answer one."""
    from defgraph import questions as shipped

    store = _dataset(data)
    if identifier is None:
        _list(shipped.questions(store), form)
        return
    question = shipped.question(store, identifier)
    if sparql:
        emit(f"# {question.text}\n{question.sparql}")
    else:
        print_answer(store, question.sparql, form)


def _list(found: Sequence[Question], form: AnswerFormat | None) -> None:
    if form is AnswerFormat.JSON:
        listed = [{"id": each.identifier, "question": each.text} for each in found]
        emit(json.dumps(listed, ensure_ascii=False, indent=2) + "\n")
    elif form in {None, AnswerFormat.TABLE}:
        emit_table(("id", "question"), ((each.identifier, each.text) for each in found))
    else:
        raise NotAcceptableError(("table", "json"))


def _dataset(data: Sequence[Path] | None) -> ox.Store:
    """The dataset, with the shipped questions where ``--data`` brings none of its own."""
    from defgraph import loading, sources
    from defgraph.namespaces import QUESTIONS_GRAPH

    files = data_files(data)
    if not any(file.graph_name == QUESTIONS_GRAPH for file in files):
        shipped = sources.data_files()
        files += tuple(file for file in shipped if file.graph_name == QUESTIONS_GRAPH)
    return loading.load(files)
