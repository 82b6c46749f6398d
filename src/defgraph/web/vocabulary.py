"""Dereferencing what is a document itself: the ontology and its terms, named graphs, shapes."""

# The path of a request is read as it was sent, with its escapes.
# ruff: noqa: FAST003

from __future__ import annotations

import asyncio
from functools import cache
from http import HTTPStatus

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

import defgraph
from defgraph import documents, sources, turtle
from defgraph.documents.addresses import iri_of, split_extension
from defgraph.documents.asking import ask, text_about
from defgraph.documents.description import describe
from defgraph.documents.graphs import check_graph, read_contents, read_description, read_graph
from defgraph.documents.vocabulary import read_vocabulary
from defgraph.errors import UnknownThingError
from defgraph.media_types import PAGE_FORMAT, Format
from defgraph.namespaces import DEF, ONTOLOGY, ONTOLOGY_GRAPH
from defgraph.negotiation import wants_page
from defgraph.store.in_process import InProcessStore
from defgraph.store.protocol import Store
from defgraph.web.dependencies import ApplicationStore, CurrentRepresentations
from defgraph.web.documents import made
from defgraph.web.place import public_root_of, raw_path_of
from defgraph.web.representations import FORMS, Made, Place, link
from defgraph.web.templating import TEMPLATES, local

router = APIRouter()


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
    request: Request, store: ApplicationStore, kept: CurrentRepresentations
) -> Response:
    """Give the ontology, or a version of it that the dataset holds."""
    place = Place.of(request)

    async def make(form: Format) -> Made:
        if place.iri != ONTOLOGY:
            await _check_version(store, place.iri)
        if form is not PAGE_FORMAT:
            return Made(*await read_graph(store, ONTOLOGY_GRAPH, form))
        vocabulary = await read_vocabulary(store)
        text = await asyncio.to_thread(
            _render, "ontology.html", place, vocabulary=vocabulary, iri=ONTOLOGY
        )
        return Made(text, vocabulary.generation)

    return await kept.response(request, place, make, cite_as=place.iri, store=store)


@router.head("/graph/{path:path}")
@router.get("/graph/{path:path}")
async def graph(
    request: Request, store: ApplicationStore, kept: CurrentRepresentations
) -> Response:
    """Give a named graph: all that it holds, or as a page what there is to say of it."""
    place = Place.of(request)

    async def make(form: Format) -> Made:
        if form is not PAGE_FORMAT:
            return Made(*await read_graph(store, place.iri, form))
        await check_graph(store, place.iri)
        contents, about = await asyncio.gather(
            read_contents(store, place.iri), read_description(store, place.iri)
        )
        text = await asyncio.to_thread(
            _render,
            "graph.html",
            place,
            iri=place.iri,
            contents=contents,
            described=describe(about),
            schema_org=None,
            has_next=False,
            generation=about.generation,
        )
        return Made(text, about.generation)

    return await kept.response(request, place, make, cite_as=place.iri, store=store)


@router.head("/shape/{path:path}")
@router.get("/shape/{path:path}")
async def shape(request: Request, kept: CurrentRepresentations) -> Response:
    """Give a SHACL shape by which writes are judged; they are those of this release."""
    place = Place.of(request)
    store = await asyncio.to_thread(_shapes)

    async def make(form: Format) -> Made:
        return await made(await documents.read(store, place.iri, place.page), form, place, store)

    return await kept.response(request, place, make, cite_as=place.iri, store=store)


async def _check_version(store: Store, iri: str) -> None:
    found = await ask(store, text_about("versions", [iri]))
    if not any(each["ontology"] == ox.NamedNode(ONTOLOGY) for each in found.bindings):
        raise UnknownThingError(iri)


@cache
def _shapes() -> Store:
    """The shapes as a dataset of their own: they are no part of the one that is served."""
    dataset = ox.Store()
    for path in (*sources.shape_files(), *sources.source_shape_files()):
        dataset.extend(turtle.parse(path))
    return InProcessStore(dataset)


def _render(template: str, place: Place, **values: object) -> bytes:
    text = TEMPLATES.get_template(template).render(
        base=place.root,
        place=place,
        forms=FORMS,
        local=local(place.root),
        version=defgraph.__version__,
        **values,
    )
    return text.encode()
