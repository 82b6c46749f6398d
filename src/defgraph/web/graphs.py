"""Whole graphs: the SPARQL 1.1 Graph Store HTTP Protocol at ``/graphs``."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from defgraph.errors import (
    NotAcceptableError,
    UnknownFormatError,
    UnknownGraphError,
    UploadTooLargeError,
)
from defgraph.media_types import GRAPH_FORMATS, by_media_type
from defgraph.negotiation import FormatChoice, choose
from defgraph.settings import Settings
from defgraph.store.protocol import Answer, Store, WritableStore
from defgraph.web import answers, outcomes
from defgraph.web.authorisation import Author
from defgraph.web.bodies import (
    BadRequestError,
    UnsupportedMediaTypeError,
    media_type_of,
    read_body,
)
from defgraph.web.departure import while_present
from defgraph.web.dependencies import ApplicationStore, CurrentSettings, CurrentWritableStore
from defgraph.web.parameters import Parameters
from defgraph.web.queries import RESULTS_AS_JSON

router = APIRouter()

_HOW: Final = "name one graph: /graphs?default, or /graphs?graph=IRI"


@router.head("/graphs")
@router.get("/graphs")
async def read(request: Request, store: ApplicationStore) -> Response:
    """Answer with the triples of a graph (section 5.2)."""
    graph = _graph(request)
    name = Parameters.of_query_string(request.scope["query_string"]).single("format")
    media_type = choose(request.headers.get("accept"), name).graph
    if media_type is None:
        raise NotAcceptableError(each.media_type for each in GRAPH_FORMATS)
    found = await while_present(request.receive, _read(store, graph, media_type))
    return answers.response(found)


@router.put("/graphs")
async def replace(
    request: Request, author: Author, store: CurrentWritableStore, settings: CurrentSettings
) -> Response:
    """Let a graph hold the triples that are sent, and no others (section 5.3)."""
    graph, media_type = _graph(request), _rdf_type(request)
    body = await _upload(request, settings)
    done = await _status(store, graph)
    outcome = await store.replace_graph(graph, body, media_type, author=author)
    return outcomes.acknowledgement(outcome, request, done)


@router.post("/graphs")
async def add(
    request: Request, author: Author, store: CurrentWritableStore, settings: CurrentSettings
) -> Response:
    """Add the triples that are sent to a graph (section 5.5)."""
    graph, media_type = _graph(request), _rdf_type(request)
    body = await _upload(request, settings)
    done = await _status(store, graph)
    outcome = await store.add_to_graph(graph, body, media_type, author=author)
    return outcomes.acknowledgement(outcome, request, done)


@router.delete("/graphs")
async def delete(request: Request, author: Author, store: CurrentWritableStore) -> Response:
    """Remove a graph (section 5.4); the default graph is emptied."""
    outcome = await store.delete_graph(_graph(request), author=author)
    return outcomes.acknowledgement(outcome, request, HTTPStatus.NO_CONTENT)


async def _read(store: Store, graph: str | None, media_type: str) -> Answer:
    if isinstance(store, WritableStore):
        return await store.read_graph(graph, media_type=media_type)
    if graph is not None and not await _exists(store, graph):
        raise UnknownGraphError(graph, ())
    return await store.query(
        "CONSTRUCT WHERE { ?s ?p ?o }",
        accept=FormatChoice(results=None, graph=media_type),
        default_graphs=None if graph is None else [graph],
    )


def _graph(request: Request) -> str | None:
    """Return the IRI of the graph that is meant, None for the default graph (section 4.2)."""
    values = Parameters.of_query_string(request.scope["query_string"])
    is_default = "default" in values
    if is_default == ("graph" in values):
        said = "says two graphs" if is_default else "says no graph"
        raise BadRequestError(f"The request {said}; {_HOW}")
    if is_default and values.single("default"):
        raise BadRequestError(f"The parameter 'default' has no value; {_HOW}")
    return values.iri("graph")


def _rdf_type(request: Request) -> str:
    given = media_type_of(request)
    try:
        return by_media_type(given, GRAPH_FORMATS).media_type
    except UnknownFormatError as exc:
        said = f"'{given}'" if given else "no Content-Type"
        taken = ", ".join(each.media_type for each in GRAPH_FORMATS)
        raise UnsupportedMediaTypeError(
            f"No graph can be read from a body with {said}; send one of {taken}"
        ) from exc


async def _upload(request: Request, settings: Settings) -> bytes:
    return await read_body(request, UploadTooLargeError(settings.max_upload_bytes))


async def _status(store: Store, graph: str | None) -> HTTPStatus:
    """Say what to answer when *graph* is written: whether it is one that was not there before."""
    if graph is None or await _exists(store, graph):
        return HTTPStatus.NO_CONTENT
    return HTTPStatus.CREATED


async def _exists(store: Store, graph: str) -> bool:
    found = await store.query("ASK { ?s ?p ?o }", accept=RESULTS_AS_JSON, default_graphs=[graph])
    return json.loads(found.body)["boolean"] is True
