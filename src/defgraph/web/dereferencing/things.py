"""Dereferencing things: ``id/...`` answers 303 to ``doc/...``, the document of the thing."""

# The path of a request is read as it was sent, with its escapes.
# ruff: noqa: FAST003

from __future__ import annotations

import asyncio
from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from defgraph import documents
from defgraph.documents.addresses import iri_of, split_extension, thing_iri
from defgraph.documents.colophon import Described
from defgraph.documents.description import describe
from defgraph.documents.reading import Document
from defgraph.documents.schema_org import as_script, schema_org
from defgraph.media_types import PAGE_FORMAT, Format
from defgraph.namespaces import BASE, DOC, ID
from defgraph.store.protocol import Store
from defgraph.web.dependencies import ApplicationStore, CurrentColophons, CurrentRepresentations
from defgraph.web.http.place import public_root_of, raw_path_of, root_of
from defgraph.web.representations import FORMS, Made, Place, link
from defgraph.web.templating import local, render

router = APIRouter()


@router.head("/id/{path:path}")
@router.get("/id/{path:path}")
async def thing(request: Request, store: ApplicationStore) -> Response:
    """See the document of a thing: what an IRI of ours names is not a document itself."""
    path, extension = split_extension(raw_path_of(request))
    iri = iri_of(path)
    await documents.check_known(store, iri)
    below = DOC.removeprefix(BASE) + iri.removeprefix(ID)
    document = Place(below, extension, 1, root_of(request), public_root_of(request))
    headers = {"Link": link(document.seen(), "describedby")}
    return RedirectResponse(document.seen(extension), HTTPStatus.SEE_OTHER, headers)


@router.head("/doc/{path:path}")
@router.get("/doc/{path:path}")
async def document(
    request: Request,
    store: ApplicationStore,
    kept: CurrentRepresentations,
    colophons: CurrentColophons,
) -> Response:
    """Tell what is known of a thing, in the form asked for by the path's ending or by Accept."""
    place = Place.of(request)
    iri = thing_iri(place.iri)

    async def make(form: Format) -> Made:
        found = await documents.read(store, iri, place.page)
        colophon = await colophons.now()
        found = replace(found, licences=colophon.licences_of(found.graphs))
        return await made(found, form, place, store, colophon.whole(place.public))

    return await kept.response(request, place, make, cite_as=iri, store=store)


async def made(
    document: Document, form: Format, place: Place, store: Store, whole: Described
) -> Made:
    """Return *document* as *form*, beside the event loop; it was read from *store*.

    *whole* is the dataset that it is a part of, as far as that describes itself.
    """
    if form is PAGE_FORMAT:
        body = await asyncio.to_thread(_page, document, place, whole)
    else:
        body = await documents.write(document, form, store)
    return Made(body, document.generation, document.has_next, document.licences)


def _page(document: Document, place: Place, whole: Described) -> bytes:
    described = describe(document)
    told = schema_org(document, place.canonical)
    text = render(
        "document.html",
        place.root,
        place=place,
        whole=whole,
        licences=document.licences,
        iri=document.iri,
        has_next=document.has_next,
        generation=document.generation,
        described=described,
        schema_org=None if told is None else Markup(as_script(told)),  # noqa: S704 - escaped there
        forms=FORMS,
        local=local(place.root),
    )
    return text.encode()
