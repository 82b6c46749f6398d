"""One question put to the graph from the first page, and what came of it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from http import HTTPStatus
from textwrap import shorten
from typing import Final

from defgraph.errors import DefgraphError, QuerySyntaxError, UnknownQuestionError
from defgraph.media_types import GRAPH_FORMATS, RESULT_FORMATS, Format
from defgraph.store.protocol import Store
from defgraph.tokens import lines_of, pointer
from defgraph.web.names import names_of
from defgraph.web.pages.overview import Overview
from defgraph.web.pages.tables import GraphText, View, view
from defgraph.web.problems import status_of
from defgraph.web.queries import QUERIES

_ANSWER: Final = "Answer"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What stands in the query box, and the answer or the error that it led to."""

    query: str
    title: str = _ANSWER
    japanese: str = ""
    identifier: str = ""  # of the shipped question that this is
    view: View | None = None
    error: DefgraphError | None = None

    @property
    def status(self) -> HTTPStatus:
        """The status of a page that shows this."""
        return status_of(self.error) if self.error else HTTPStatus.OK

    @property
    def heading(self) -> str:
        """What a page that shows this is called, among others in a list."""
        if self.error is not None:
            return "Not valid SPARQL" if self.place else "No answer"
        if self.title != _ANSWER:
            return self.title
        return f"{_ANSWER}: {shorten(' '.join(self.query.split()), 80, placeholder='…')}"

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats that the answer can be taken away in, the usual one first."""
        if self.view is None:
            return ()
        return GRAPH_FORMATS if isinstance(self.view, GraphText) else RESULT_FORMATS

    @property
    def place(self) -> Place | None:
        """Where the query is wrong, where that is known."""
        if isinstance(self.error, QuerySyntaxError):
            return _place(self.query, self.error.line, self.error.column)
        return None

    def curl(self, endpoint: str) -> str:
        """The command that asks *endpoint* the same from a shell."""
        query = shlex.quote(f"query={self.query}")
        accept = shlex.quote(f"Accept: {self.formats[0].media_type}") if self.formats else "''"
        return f"curl {shlex.quote(endpoint)} -H {accept} --data-urlencode {query}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a query; *wrong* is the character at which it is wrong, or empty."""

    number: int
    before: str
    wrong: str = ""
    after: str = ""
    is_wrong: bool = False

    @property
    def pointer(self) -> str:
        """What stands under it to point at the character at which it is wrong."""
        return pointer(self.before, len(self.before) + 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a query, with the lines around it."""

    line: int
    column: int
    lines: tuple[Line, ...]


CONTEXT_LINES: Final = 2


def of_text(query: str) -> Inquiry:
    """The inquiry that somebody wrote."""
    return Inquiry(query)


def of_question(identifier: str, held: Overview) -> Inquiry:
    """The inquiry of a shipped question; one that is unknown is an error on the page."""
    questions = held.questions
    known = {each.identifier: each for each in questions}
    found = known.get(identifier)
    if found is None:
        return Inquiry(of_nothing(held).query, error=UnknownQuestionError(identifier, known))
    return Inquiry(found.query, found.text, found.japanese, found.identifier)


async def of_thing(iri: str, store: Store, held: Overview) -> Inquiry:
    """The inquiry of what the graph says of one thing."""
    file = "anything_about" if held.is_foreign else "thing"
    query = QUERIES.about(file, [iri])
    name = (await names_of(store, [iri]))[iri]
    return Inquiry(query, f"What the graph says of {name.best}", name.japanese)


def of_nothing(held: Overview) -> Inquiry:
    """The inquiry to begin with: for agreements, or where there are none for some of the rest."""
    if held.is_foreign:
        return Inquiry(QUERIES.text("anything"), "Some of what is there")
    return Inquiry(QUERIES.text("first"), "Agreements, their parties and dates")


async def answered(inquiry: Inquiry, store: Store) -> Inquiry:
    """Ask *store* and return *inquiry* with its answer, or with the error that it led to."""
    if inquiry.error is not None:
        return inquiry
    try:
        return replace(inquiry, view=await view(store, inquiry.query))
    except DefgraphError as error:
        return replace(inquiry, error=error)


def _place(query: str, line: int | None, column: int | None) -> Place | None:
    if line is None or column is None:
        return None
    lines = lines_of(query)
    first = max(1, line - CONTEXT_LINES)
    last = min(len(lines), line + CONTEXT_LINES)
    return Place(
        line,
        column,
        tuple(_line(number, lines[number - 1], line, column) for number in range(first, last + 1)),
    )


def _line(number: int, text: str, wrong_line: int, column: int) -> Line:
    if number != wrong_line:
        return Line(number, text)
    at = column - 1
    return Line(number, text[:at], text[at : at + 1], text[at + 1 :], is_wrong=True)
