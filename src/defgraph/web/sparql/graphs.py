"""Whole graphs: the SPARQL 1.1 Graph Store HTTP Protocol at ``/graphs``.

A graph is named by a parameter (section 4.2), or it is the one whose IRI is that of the request
(4.1): ``/graphs/notes`` on https://graph.example is ``<https://graph.example/graphs/notes>``.
"""

# The path of a request is read as it was sent, with its escapes.

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from sys import getsizeof
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from defgraph.engine import tasks
from defgraph.engine.outcomes import Outcome, Published
from defgraph.errors import (
    NotAcceptableError,
    UnknownFormatError,
    UnknownGraphError,
    UploadTooLargeError,
)
from defgraph.media_types import GRAPH_FORMATS
from defgraph.negotiation import FormatChoice, choose
from defgraph.store.protocol import Answer, OwnStore, Store
from defgraph.web.authorisation import Author
from defgraph.web.dependencies import CurrentSettings, CurrentWritableStore, Replies
from defgraph.web.http.bodies import (
    BadRequestError,
    UnsupportedMediaTypeError,
    media_type_of,
    read_text,
)
from defgraph.web.http.encodings import choose_encoding
from defgraph.web.http.parameters import Parameters, is_absolute_iri
from defgraph.web.http.place import base_of, raw_path_of
from defgraph.web.protocol import UPDATE
from defgraph.web.queries import graph_exists
from defgraph.web.replies import Wanted, Wishes
from defgraph.web.sparql import outcomes
from defgraph.web.sparql.conditions import Preconditions
from defgraph.web.sparql.uploads import read_uploads
from defgraph.web.telemetry.journal import note_of

router = APIRouter()

PATH: Final = "/graphs"
PATH_BELOW: Final = "/graphs/{path:path}"

_HOW: Final = "name one graph: /graphs?default, /graphs?graph=IRI, or /graphs/NAME"


@dataclass(frozen=True, slots=True)
class GraphAsked:
    """A whole graph, to be answered in a media type."""

    graph: str | None
    accept: FormatChoice
    may_vary: bool = False

    @property
    def size(self) -> int:
        """The bytes of its name."""
        return getsizeof(self.graph)

    async def put_to(self, store: Store) -> Answer:
        """Return the graph; raises UnknownGraphError and what a query raises."""
        media_type = self.accept.graph or ""
        if isinstance(store, OwnStore):
            return await store.ask(tasks.read_graph(self.graph, media_type))
        if self.graph is not None and not await graph_exists(store, self.graph):
            raise UnknownGraphError(self.graph, ())
        return await store.query(
            "CONSTRUCT WHERE { ?s ?p ?o }",
            accept=self.accept,
            default_graphs=None if self.graph is None else [self.graph],
        )


@router.head(PATH_BELOW)
@router.get(PATH_BELOW)
@router.head(PATH)
@router.get(PATH)
async def read(request: Request, replies: Replies) -> Response:
    """Answer with the triples of a graph (section 5.2)."""
    graph = _graph(request)
    wishes = Wishes.of(request.scope)
    name = Parameters.of_query_string(request.scope["query_string"]).single("format")
    try:
        media_type = choose(wishes.accept, name).graph
    except UnknownFormatError as error:  # which names those of results, too
        raise UnknownFormatError(error.name, [each.name for each in GRAPH_FORMATS]) from error
    if media_type is None:
        raise NotAcceptableError(each.media_type for each in GRAPH_FORMATS)
    asked = GraphAsked(graph, FormatChoice(results=None, graph=media_type))
    want = Wanted(asked, choose_encoding(wishes.accept_encoding))
    note = note_of(request.scope)
    return (await replies.reply(want, wishes.if_none_match, request.receive, note)).response()


@router.put(PATH_BELOW)
@router.put(PATH)
async def replace(
    request: Request, author: Author, store: CurrentWritableStore, settings: CurrentSettings
) -> Response:
    """Let a graph hold the triples that are sent, and no others (section 5.3)."""
    graph, condition = _graph(request), Preconditions.of(request)
    uploads = await read_uploads(request, settings)
    outcome = await store.write(
        tasks.replace_graph(graph, *uploads), author=author, condition=condition
    )
    return outcomes.acknowledgement(outcome, request, _status(outcome))


@router.post(PATH_BELOW)
@router.post(PATH)
async def add(
    request: Request, author: Author, store: CurrentWritableStore, settings: CurrentSettings
) -> Response:
    """Add the triples that are sent to a graph, or to one that gets a name here (section 5.5)."""
    condition = Preconditions.of(request)
    made = f"{base_of(request)}graphs/{uuid4()}" if _is_of_the_store(request) else None
    graph = made or _graph(request)
    uploads = await read_uploads(request, settings)
    outcome = await store.write(
        tasks.add_to_graph(graph, *uploads), author=author, condition=condition
    )
    answer = outcomes.acknowledgement(outcome, request, _status(outcome))
    if made is not None and answer.status_code == HTTPStatus.CREATED:
        answer.headers["Location"] = made
    return answer


@router.patch(PATH_BELOW)
@router.patch(PATH)
async def patch(
    request: Request, author: Author, store: CurrentWritableStore, settings: CurrentSettings
) -> Response:
    """Do an update to one graph, which is its default graph and its only one (section 5.7)."""
    graph, condition = _graph(request), Preconditions.of(request)
    if (given := media_type_of(request)) != UPDATE:
        said = f"'{given}'" if given else "no Content-Type"
        raise UnsupportedMediaTypeError(f"No graph is patched by a body with {said}; send {UPDATE}")
    text = await read_text(request, UploadTooLargeError(settings.max_upload_bytes))
    outcome = await store.write(tasks.patch_graph(graph, text), author=author, condition=condition)
    return outcomes.acknowledgement(outcome, request, _status(outcome))


@router.delete(PATH_BELOW)
@router.delete(PATH)
async def delete(request: Request, author: Author, store: CurrentWritableStore) -> Response:
    """Remove a graph (section 5.4); the default graph is emptied."""
    graph, condition = _graph(request), Preconditions.of(request)
    outcome = await store.write(tasks.delete_graph(graph), author=author, condition=condition)
    return outcomes.acknowledgement(outcome, request, HTTPStatus.NO_CONTENT)


def _status(outcome: Outcome) -> HTTPStatus:
    is_new = isinstance(outcome, Published) and outcome.is_new
    return HTTPStatus.CREATED if is_new else HTTPStatus.NO_CONTENT


def _is_of_the_store(request: Request) -> bool:
    """Tell whether the request is for the graph store itself, and names no graph of it."""
    names = Parameters.of_query_string(request.scope["query_string"]).names
    return not _name_below(request) and not names & {"default", "graph"}


def _graph(request: Request) -> str | None:
    """Return the IRI of the graph that is meant, None for the default graph (4.1 and 4.2)."""
    values = Parameters.of_query_string(request.scope["query_string"])
    is_default, below = "default" in values, _name_below(request)
    named = is_default + ("graph" in values) + bool(below)
    if named != 1:
        raise BadRequestError(f"The request says {'two graphs' if named else 'no graph'}; {_HOW}")
    if is_default and values.single("default"):
        raise BadRequestError(f"The parameter 'default' has no value; {_HOW}")
    if not below:
        return values.iri("graph")
    iri = f"{base_of(request)}graphs/{below}"
    if not is_absolute_iri(iri):
        raise BadRequestError(f"The request is for what is no IRI: {iri!r}")
    return iri


def _name_below(request: Request) -> str:
    return raw_path_of(request).removeprefix("graphs").removeprefix("/")
