"""The list of the dumps: for people a page, for programs JSON or DCAT."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response

from defgraph.documents.distributions import SPDX, Catalogued, Distribution, described
from defgraph.dumps import SUMS
from defgraph.dumps.plan import COMPRESSED
from defgraph.engine.evaluation import write_graph
from defgraph.engine.profile import Profile
from defgraph.errors import NotAcceptableError
from defgraph.jsonld.answers import WRITERS
from defgraph.media_types import PAGE_FORMAT, RDF_FORMATS, RESULT_FORMATS, Format, by_name
from defgraph.namespaces import PREFIXES
from defgraph.negotiation import best_format, parse_accept, wants_page
from defgraph.store.protocol import Store
from defgraph.web.dataset import dataset_at
from defgraph.web.dumps.sets import DumpFile, DumpSet
from defgraph.web.http.headers import GENERATION
from defgraph.web.http.parameters import Parameters
from defgraph.web.http.place import base_of, root_of
from defgraph.web.http.validators import etag, tags_in
from defgraph.web.replies import Wishes
from defgraph.web.representations import link
from defgraph.web.templating import Page, render

JSON_FORMAT: Final = Format("json", "application/json", ".json", "results", "JSON")
FORMS: Final = (RDF_FORMATS[0], JSON_FORMAT, *RDF_FORMATS[1:])  # JSON-LD has its name, too

_MOST_KEPT: Final = 32
_MAX_BYTES: Final = 64 * 1024 * 1024
_JSON_MEDIA_TYPE: Final = RESULT_FORMATS[0].media_type
_WRITTEN: Final = Profile(
    prefixes={
        "spdx": SPDX,
        **{name: PREFIXES[name] for name in ("dcat", "dcterms", "graph", "rdf", "void", "xsd")},
    },
    writers=WRITERS,
)


def form_for(request: Request) -> Format:
    """Return the form that a request wants; raises NotAcceptableError and UnknownFormatError."""
    name = Parameters.of_query_string(request.scope["query_string"]).single("format")
    if name is not None:
        return by_name(name, FORMS)
    accept = Wishes.of(request.scope).accept
    if wants_page(accept):
        return PAGE_FORMAT
    ranges = parse_accept(accept)
    found = best_format(ranges, FORMS) or best_format(ranges, (PAGE_FORMAT,))
    if found is None:
        raise NotAcceptableError(each.media_type for each in (*FORMS, PAGE_FORMAT))
    return found


async def response(request: Request, store: Store, dumps: DumpSet, form: Format) -> Response:
    """Return the list in *form*, or say that the client has it."""
    media_type = _JSON_MEDIA_TYPE if form is JSON_FORMAT else form.media_type
    tag = etag(dumps.state, media_type)
    base = base_of(request)
    headers = {
        "ETag": tag,
        GENERATION: str(dumps.state.generation),
        "Vary": "Accept",
        "Link": link(f"{base}.well-known/void", "describedby"),
    }
    if_none_match = Wishes.of(request.scope).if_none_match
    if if_none_match is not None and tags_in(if_none_match) & {"*", tag}:
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    body = dumps.lists.get((form.name, base))
    if body is None:
        body = await _written(request, store, dumps, form)
        if len(dumps.lists) >= _MOST_KEPT:  # a server has few names, but a client may make some up
            dumps.lists.clear()
        dumps.lists[form.name, base] = body
    if form is PAGE_FORMAT:
        return Page(body, headers=headers)
    return Response(body, headers={**headers, "Content-Type": form.content_type})


async def _written(request: Request, store: Store, dumps: DumpSet, form: Format) -> bytes:
    base = base_of(request)
    if form is PAGE_FORMAT:
        return (await _page(request, dumps)).encode()
    if form is JSON_FORMAT:
        return json.dumps(_as_json(dumps, base), ensure_ascii=False, indent=1).encode()
    catalogued = Catalogued(
        dataset=await dataset_at(store, base),
        base=base,
        colophon=await request.app.state.colophons.now(),
        distributions=tuple(_distributions(dumps)),
    )
    return await asyncio.to_thread(
        write_graph, described(catalogued), form.media_type, _MAX_BYTES, _WRITTEN
    )


def _as_json(dumps: DumpSet, base: str) -> dict[str, Any]:
    return {
        "generation": dumps.state.generation,
        "files": [
            {
                "name": each.name,
                "url": f"{base}dumps/{each.name}",
                "mediaType": each.content_type,
                "format": each.form.name if each.form is not None else None,
                "graph": each.graph,
                "bytes": each.size,
                "sha256": each.sha256,
            }
            for each in dumps.files.values()
        ],
        "leftOut": [
            {"name": name, "reason": reason} for name, reason in sorted(dumps.left_out.items())
        ],
    }


def _distributions(dumps: DumpSet) -> list[Distribution]:
    return [
        Distribution(each.name, each.form, each.graph, each.size, each.sha256, each.is_compressed)
        for each in dumps.files.values()
        if each.form is not None
    ]


async def _page(request: Request, dumps: DumpSet) -> str:
    base = base_of(request)
    colophon = await request.app.state.colophons.now()
    by_graph: dict[str | None, list[tuple[DumpFile, DumpFile]]] = {None: []}
    for each in dumps.files.values():
        if each.form is not None and not each.is_compressed:
            smaller = dumps.files[each.name + COMPRESSED]
            by_graph.setdefault(each.graph, []).append((each, smaller))
    return render(
        "dumps.html",
        root_of(request),
        address=f"{base}dumps/",
        dumps=dumps,
        groups=by_graph,
        sums=dumps.files[SUMS],
        whole=colophon.whole(base),
        licences=colophon.licences,
    )
