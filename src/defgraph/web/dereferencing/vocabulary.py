"""Dereferencing what is a document itself: the ontology and its terms, named graphs, shapes."""

# The path of a request is read as it was sent, with its escapes.
# ruff: noqa: FAST003

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Final

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from defgraph import documents, sources, turtle
from defgraph.documents.addresses import iri_of, split_extension
from defgraph.documents.asking import QUERIES, ask
from defgraph.documents.colophon import COMPUTED, Colophon, Described
from defgraph.documents.description import describe
from defgraph.documents.graphs import (
    check_graph,
    read_contents,
    read_description,
    read_graph,
    read_links,
)
from defgraph.documents.reading import Document
from defgraph.documents.vocabulary import read_vocabulary
from defgraph.errors import UnknownThingError
from defgraph.media_types import PAGE_FORMAT, Format, by_extension
from defgraph.namespaces import (
    DATASET,
    DEF,
    LICENSE,
    ONTOLOGY,
    ONTOLOGY_GRAPH,
    PREFIXES,
    SHAPE,
    VOID_GRAPH,
)
from defgraph.negotiation import wants_page
from defgraph.store.in_process import InProcessStore
from defgraph.store.protocol import Store
from defgraph.web.dataset import is_ours
from defgraph.web.dependencies import ApplicationStore, CurrentColophons, CurrentRepresentations
from defgraph.web.dereferencing.things import made
from defgraph.web.http.place import public_root_of, raw_path_of
from defgraph.web.near_names import close
from defgraph.web.queries import graph_exists
from defgraph.web.representations import FORMS, Made, Place, form_of, link
from defgraph.web.templating import local, render

router = APIRouter()

_STATUS: Final = PREFIXES["schema"] + "creativeWorkStatus"


@router.head("/def/{path:path}")
@router.get("/def/{path:path}")
async def term(request: Request, store: ApplicationStore) -> Response:
    """See the ontology, which defines the term; a browser is sent to where it stands there."""
    path, extension = split_extension(raw_path_of(request))
    iri = iri_of(path)
    await documents.check_known(store, iri)
    ontology = f"{public_root_of(request)}ontology{extension}"
    page = extension == PAGE_FORMAT.extension
    if page or (not extension and wants_page(request.headers.get("accept"))):
        ontology += f"#{iri.removeprefix(DEF)}"
    headers = {"Link": link(f"{public_root_of(request)}ontology", "describedby"), "Vary": "Accept"}
    return RedirectResponse(ontology, HTTPStatus.SEE_OTHER, headers)


@router.head("/ontology")
@router.get("/ontology")
@router.head("/ontology{extension}")
@router.get("/ontology{extension}")
@router.head("/ontology/{path:path}")
@router.get("/ontology/{path:path}")
async def ontology(
    request: Request,
    store: ApplicationStore,
    kept: CurrentRepresentations,
    colophons: CurrentColophons,
) -> Response:
    """Give the ontology, or a version of it that the dataset holds."""
    place = Place.of(request)

    async def make(form: Format) -> Made:
        if place.iri != ONTOLOGY:
            await _check_version(store, place.iri)
        licences = (await colophons.now()).licences_of([ONTOLOGY_GRAPH])
        if form is not PAGE_FORMAT:
            body, generation = await read_graph(store, ONTOLOGY_GRAPH, form)
            return Made(body, generation, licences=licences)
        vocabulary = await read_vocabulary(store)
        text = await asyncio.to_thread(
            _render,
            "ontology.html",
            place,
            vocabulary=vocabulary,
            iri=ONTOLOGY,
            licences=licences,
        )
        return Made(text, vocabulary.generation, licences=licences)

    return await kept.response(request, place, make, cite_as=place.iri, store=store)


@router.head("/graph/{path:path}")
@router.get("/graph/{path:path}")
async def graph(
    request: Request,
    store: ApplicationStore,
    kept: CurrentRepresentations,
    colophons: CurrentColophons,
) -> Response:
    """Give a named graph: all that it holds, or as a page what there is to say of it.

    The description of a dataset that is too large to have it as a graph is at its well-known place,
    and as a page what the dataset says of itself.
    """
    place = Place.of(request)
    is_elsewhere = (
        place.iri == VOID_GRAPH
        and not await graph_exists(store, place.iri)
        and await is_ours(store)
    )
    if is_elsewhere and form_of(request, place) is not PAGE_FORMAT:
        wanted = f"?format={by_extension(place.extension).name}" if place.extension else ""
        described = f"{public_root_of(request)}.well-known/void{wanted}"
        headers = {"Link": link(described, "describedby")}
        return RedirectResponse(described, HTTPStatus.SEE_OTHER, headers)

    async def make(form: Format) -> Made:
        colophon = await colophons.now()
        licences = _licences(colophon, place.iri)
        if is_elsewhere:
            found = replace(await documents.read(store, DATASET), licences=licences)
            return await made(found, form, place, store, colophon.whole(place.public))
        if form is not PAGE_FORMAT:
            body, generation = await read_graph(store, place.iri, form)
            return Made(body, generation, licences=licences)
        await check_graph(store, place.iri)
        contents, about, links = await asyncio.gather(
            read_contents(store, place.iri),
            read_description(store, place.iri),
            read_links(store, place.iri, place.page),
        )
        text = await asyncio.to_thread(
            _render,
            "graph.html",
            place,
            iri=place.iri,
            contents=contents,
            linked=links.links,
            status=_status(about),
            described=describe(about),
            schema_org=None,
            has_next=links.has_next,
            generation=about.generation,
            whole=colophon.whole(place.public),
            licences=licences,
        )
        return Made(text, about.generation, links.has_next, licences)

    return await kept.response(request, place, make, cite_as=place.iri, store=store)


@router.head("/shape/{path:path}")
@router.get("/shape/{path:path}")
async def shape(request: Request, kept: CurrentRepresentations) -> Response:
    """Give a SHACL shape by which writes are judged; they are those of this release."""
    place = Place.of(request)
    store = await asyncio.to_thread(_shapes)

    async def make(form: Format) -> Made:
        try:
            found = await documents.read(store, place.iri, place.page)
        except UnknownThingError as error:
            raise UnknownThingError(error.iri, close(error.iri, _shape_iris())) from None
        found = replace(found, licences=(LICENSE,))
        return await made(found, form, place, store, Described(place.iri))

    return await kept.response(request, place, make, cite_as=place.iri, store=store)


def _licences(colophon: Colophon, graph: str) -> tuple[str, ...]:
    """Return the licences of a graph; what is computed has those of what it is computed from."""
    return colophon.licences if graph in COMPUTED else colophon.licences_of([graph])


def _status(about: Document) -> str:
    """Return whether somebody has verified what the graph says, in its own words."""
    said = (quad.object for quad in about.own if quad.predicate.value == _STATUS)
    return next((each.value for each in said if isinstance(each, ox.Literal)), "")


async def _check_version(store: Store, iri: str) -> None:
    found = await ask(store, QUERIES.about("versions", [iri]))
    if not any(each["ontology"] == ox.NamedNode(ONTOLOGY) for each in found.bindings):
        raise UnknownThingError(iri)


@cache
def _shapes() -> Store:
    """The shapes as a dataset of their own: they are no part of the one that is served."""
    dataset = ox.Store()
    for path in (*sources.shape_files(), *sources.source_shape_files()):
        dataset.extend(turtle.parse(path))
    return InProcessStore(dataset)


@cache
def _shape_iris() -> frozenset[str]:
    return frozenset(
        quad.subject.value
        for path in sources.shape_files()
        for quad in turtle.parse(path)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(SHAPE)
    )


def _render(template: str, place: Place, **values: object) -> bytes:
    text = render(template, place.root, place=place, forms=FORMS, local=local(place.root), **values)
    return text.encode()
