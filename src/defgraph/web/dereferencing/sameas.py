"""``/sameas?iri=``: all that is linked to what an IRI names, as JSON or RDF.

An IRI of another dataset leads to our things that are linked to it, and each of those to its own
links. They are told thing by thing: that two IRIs are linked to the same thing of ours makes them
the same only for who believes both links.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response

from defgraph import documents, export
from defgraph.documents.sameness import Link, links_of, things_of
from defgraph.errors import NotAcceptableError, UnknownThingError
from defgraph.media_types import RDF_FORMATS, Format
from defgraph.namespaces import ID
from defgraph.negotiation import best_format, format_named, parse_accept
from defgraph.web.dependencies import ApplicationStore
from defgraph.web.dereferencing.finding import iri_in
from defgraph.web.http.headers import GENERATION
from defgraph.web.http.parameters import Parameters
from defgraph.web.http.validators import etag_of, tags_in
from defgraph.web.replies import Wishes

router = APIRouter()

_JSON: Final = Format("json", "application/json", ".json", "results", "JSON")
FORMS: Final = (_JSON, *RDF_FORMATS)
"""What the links can be told in, the preferred one first."""


@router.head("/sameas")
@router.get("/sameas")
async def same(request: Request, store: ApplicationStore) -> Response:
    """Tell what is linked as the same to what *iri* names."""
    given = Parameters.of_query_string(request.scope["query_string"])
    iri = iri_in(given, "Say whose equivalents you look for: /sameas")
    form = _form(given, request)
    state, headers = store.state, {"Vary": "Accept"}
    if state is not None:
        tag = etag_of(state, f"sameas-{form.name}")
        headers |= {"ETag": tag, GENERATION: str(state.generation)}
        wanted = Wishes.of(request.scope).if_none_match
        if wanted is not None and tag in tags_in(wanted):
            return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    things = await things_of(store, iri)
    if not things:
        raise UnknownThingError(iri)
    if iri.startswith(ID):
        await documents.check_known(store, iri)
    found = {thing: await links_of(store, thing) for thing in things}
    body = await asyncio.to_thread(_written, iri, found, form)
    if state != store.state:  # a write came between
        headers = {"Vary": "Accept"}
    return Response(body, headers=headers, media_type=form.content_type)


def _form(given: Parameters, request: Request) -> Format:
    name = given.single("format")
    if name is not None:
        return format_named(name, FORMS)
    form = best_format(parse_accept(request.headers.get("accept")), FORMS)
    if form is None:
        raise NotAcceptableError([each.media_type for each in FORMS])
    return form


def _written(iri: str, found: dict[str, tuple[Link, ...]], form: Format) -> bytes:
    if form is _JSON:
        things = [
            {"iri": thing, "equivalents": [_told(each) for each in links]}
            for thing, links in found.items()
        ]
        return json.dumps({"iri": iri, "things": things}, ensure_ascii=False).encode()
    return export.serialise(_quads(found), form.name)


def _told(link: Link) -> dict[str, Any]:
    return {"iri": link.thing, "property": link.property, "graphs": link.graphs}


def _quads(found: dict[str, tuple[Link, ...]]) -> set[ox.Quad]:
    """Return the links as statements about our things, in the graphs that hold them."""
    return {
        ox.Quad(
            ox.NamedNode(thing),
            ox.NamedNode(link.property),
            ox.NamedNode(link.thing),
            ox.NamedNode(graph) if graph else ox.DefaultGraph(),
        )
        for thing, links in found.items()
        for link in links
        for graph in link.graphs or ("",)
    }
