"""Where crawlers find the documents: ``robots.txt`` (RFC 9309) names ``sitemap.xml``.

A site map has no more than 50,000 pages (the protocol of sitemaps.org), so that what a larger
dataset holds beyond them is found by links only. It says of no page when it changed: no document
knows that of itself.
"""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Request, Response

from defgraph.namespaces import BASE, DOC, ID
from defgraph.web.dataset import dumps_of, has_dumps
from defgraph.web.dependencies import ApplicationStore
from defgraph.web.http.departure import StoreForRequest
from defgraph.web.http.place import base_of, root_of
from defgraph.web.queries import QUERIES, ask

router = APIRouter()


@router.head("/sitemap.xml")
@router.get("/sitemap.xml")
async def sitemap(request: Request, store: ApplicationStore) -> Response:
    """List the first page, the dumps and each thing's document; raises what `Store.query` does."""
    base = base_of(request)
    documents = base + DOC.removeprefix(BASE)
    found = await ask(StoreForRequest(store, request), QUERIES.text("documented"))
    dumps = [f"{base}dumps/", *dumps_of(store, base)] if has_dumps(store) else []
    pages = [base, *dumps, *(documents + each["thing"].removeprefix(ID) for each in found)]
    listed = "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
    return Response(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n',
        media_type="application/xml",
    )


@router.head("/robots.txt")
@router.get("/robots.txt")
async def robots(request: Request) -> Response:
    """Let crawlers read the documents, and spare them and us the answers to queries."""
    base = base_of(request)
    return Response(
        f"User-agent: *\nDisallow: {root_of(request)}sparql\nSitemap: {base}sitemap.xml\n",
        media_type="text/plain",
    )
