"""Reconciliation Service API 0.2: which things the names in somebody's table mean (OpenRefine).

Things, classes and properties go by their whole IRIs. Pages of any origin may ask (CORS), and those
of older clients by a script (JSONP).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from defgraph.documents.addresses import local_path
from defgraph.documents.names import Name
from defgraph.errors import ResultTooLargeError, UnknownThingError
from defgraph.namespaces import DEF, ID, ONTOLOGY
from defgraph.reconciliation import Candidate, Thing
from defgraph.reconciliation.folding import fold
from defgraph.web.dataset import is_ours
from defgraph.web.dependencies import ApplicationStore, CurrentColophons, CurrentSettings
from defgraph.web.http.bodies import BadRequestError
from defgraph.web.http.parameters import Parameters
from defgraph.web.http.place import base_of, root_of
from defgraph.web.known_names import Known, KnownNames
from defgraph.web.reconciliation.extension import extended
from defgraph.web.reconciliation.jsonp import answer, as_text, written
from defgraph.web.reconciliation.requests import (
    MAX_NAME,
    NameQuery,
    known_type,
    parameters,
    read_extension,
    read_iri,
    read_queries,
    read_query,
)
from defgraph.web.templating import TEMPLATES

router = APIRouter()

VERSION: Final = "0.2"
PREVIEW_SIZE: Final = (400, 160)
"""Of a preview, in pixels: its width and height."""

_FRAMED: Final = {"Content-Security-Policy": "default-src 'none'; frame-ancestors *"}
_SUGGESTED: Final = 10
_FURTHEST: Final = 10_000
_DEFAULT_TYPES: Final = ("State", "Person", "Organisation", "ArmedForce", "Agreement", "Place")


async def _known_names(request: Request) -> KnownNames:
    return cast(KnownNames, request.app.state.names)


Names = Annotated[KnownNames, Depends(_known_names)]


@router.head("/reconcile")
@router.get("/reconcile")
@router.post("/reconcile")
async def reconcile(
    request: Request,
    store: ApplicationStore,
    names: Names,
    settings: CurrentSettings,
    colophons: CurrentColophons,
) -> Response:
    """Describe the service, match a batch of names, or tell properties of things."""
    given = await parameters(request)
    queries, query, extend = (given.single(each) for each in ("queries", "query", "extend"))
    if sum(each is not None for each in (queries, query, extend)) > 1:
        raise BadRequestError("Send one of 'queries', 'query' and 'extend' at a time")
    known, limit = await names.now(), settings.max_result_bytes
    if extend is not None:
        return answer(given, await extended(store, known, read_extension(extend, known)))
    if queries is not None:
        batch = await asyncio.to_thread(read_queries, queries, known)
        works = (partial(_told, known, key, each) for key, each in batch.items())
        told = await _within(limit, names.each(works))
        return written(given, "{" + ",".join(told) + "}")
    if query is not None:
        one = read_query(query, known)
        return answer(given, await names.run(partial(_matched, known, one)))
    if request.method == "POST":
        raise BadRequestError("Send a form with 'queries', 'query' or 'extend'")
    base, colophon = base_of(request), await colophons.now()
    spaces = (ID, ONTOLOGY) if await is_ours(store) else (base, base)
    return answer(given, _manifest(base, known, colophon.whole(base).title, spaces))


@router.head("/reconcile/suggest/entity")
@router.get("/reconcile/suggest/entity")
async def suggest_entity(request: Request, names: Names) -> Response:
    """Suggest things whose name begins as the prefix does, then those that resemble it."""
    given = Parameters.of_query_string(request.scope["query_string"])
    prefix, cursor = _asked(given)
    known = await names.now()
    kind = given.single("type")
    types = frozenset({known_type(kind, known, "type")} if kind else ())
    found = await names.run(partial(_beginning, known, types, prefix))
    shown = found[cursor : cursor + _SUGGESTED]
    result = [
        {
            "id": each.iri,
            "name": each.name,
            "description": each.description,
            "notable": _types(each, known),
        }
        for each in shown
    ]
    return answer(given, {"result": result})


@router.head("/reconcile/suggest/type")
@router.get("/reconcile/suggest/type")
async def suggest_type(request: Request, names: Names) -> Response:
    """Suggest classes whose name holds the prefix."""
    return _suggested(request, (await names.now()).types)


@router.head("/reconcile/suggest/property")
@router.get("/reconcile/suggest/property")
async def suggest_property(request: Request, names: Names) -> Response:
    """Suggest properties whose name holds the prefix."""
    return _suggested(request, (await names.now()).properties)


@router.head("/reconcile/properties")
@router.get("/reconcile/properties")
async def propose_properties(request: Request, names: Names) -> Response:
    """Propose properties that things of a class have, for data extension."""
    given = Parameters.of_query_string(request.scope["query_string"])
    known = await names.now()
    kind = given.single("type")
    iri = known_type(kind, known, "type") if kind else None
    limit = _number(given, "limit", len(known.properties))
    there = known.properties if iri is None else known.properties_of[iri]
    proposed = [_entry(each) for name, each in known.properties.items() if name in there]
    told: dict[str, Any] = {"properties": proposed[:limit], "limit": limit}
    return answer(given, told if iri is None else {**told, "type": iri})


@router.head("/reconcile/preview")
@router.get("/reconcile/preview")
async def preview(request: Request, names: Names) -> Response:
    """Show a thing in a few lines, for a frame of the client."""
    given = Parameters.of_query_string(request.scope["query_string"]).single("id")
    if given is None:
        raise BadRequestError("Say which thing to show: /reconcile/preview?id=IRI")
    iri = read_iri(given, "id")
    known = await names.now()
    thing = known.index.things.get(iri)
    if thing is None:
        raise UnknownThingError(iri[:MAX_NAME])
    path = local_path(iri)
    page = TEMPLATES.get_template("preview.html").render(
        thing=thing,
        types=[known.types[each].best for each in thing.types],
        address=root_of(request) + path if path else "",
    )
    return HTMLResponse(page, headers=_FRAMED)


def _manifest(base: str, known: Known, title: str, spaces: tuple[str, str]) -> dict[str, Any]:
    """Describe the service; *spaces* are what its identifiers and its classes are of."""
    service = base.rstrip("/")
    kinds = [known.types[DEF + each] for each in _DEFAULT_TYPES if DEF + each in known.types]
    suggest = {
        each: {"service_url": service, "service_path": f"/reconcile/suggest/{each}"}
        for each in ("entity", "property", "type")
    }
    width, height = PREVIEW_SIZE
    return {
        "versions": [VERSION],
        "name": title or "defgraph",
        "identifierSpace": spaces[0],
        "schemaSpace": spaces[1],
        "documentation": f"{base}docs",
        "defaultTypes": [_entry(each) for each in kinds],
        "view": {"url": f"{base}doc?iri={{{{id}}}}"},
        "preview": {
            "url": f"{base}reconcile/preview?id={{{{id}}}}",
            "width": width,
            "height": height,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {
                "service_url": service,
                "service_path": "/reconcile/properties",
            },
            "property_settings": [],
        },
    }


async def _within(limit: int, told: AsyncIterator[str]) -> list[str]:
    """Return the parts of an answer; raises ResultTooLargeError where they are too long."""
    parts, size = [], 0
    async for each in told:
        parts.append(each)
        size += len(each.encode())
        if size > limit:
            raise ResultTooLargeError(limit)
    return parts


def _told(known: Known, key: str, query: NameQuery) -> str:
    return f"{as_text(key)}:{as_text(_matched(known, query))}"


def _matched(known: Known, query: NameQuery) -> dict[str, Any]:
    return {"result": [_candidate(found, known) for found in _candidates(known, query)]}


def _candidates(known: Known, query: NameQuery) -> tuple[Candidate, ...]:
    matcher = known.matcher(query.types, every=query.every)
    found = matcher.match(query.name, query.constraints, limit=query.limit)
    if found or not query.is_open:
        return found
    others = known.matcher(frozenset()).match(query.name, query.constraints, limit=query.limit)
    return tuple(Candidate(each.thing, each.score) for each in others)


def _candidate(found: Candidate, known: Known) -> dict[str, Any]:
    thing = found.thing
    return {
        "id": thing.iri,
        "name": thing.name,
        "description": thing.description,
        "score": round(found.score, 2),
        "match": found.is_sure,
        "type": _types(thing, known),
    }


def _types(thing: Thing, known: Known) -> list[dict[str, str]]:
    return [_entry(known.types[each]) for each in thing.types]


def _entry(name: Name) -> dict[str, str]:
    return {"id": name.iri, "name": name.best, "description": name.short}


def _beginning(known: Known, types: frozenset[str], prefix: str) -> list[Thing]:
    folded = fold(prefix)
    there = known.index.keys
    found = {
        key.thing.iri: key.thing
        for key in there
        if key.text.startswith(folded) and (not types or not types.isdisjoint(key.thing.types))
    }
    begin = sorted(found.values(), key=lambda each: each.rank)
    alike = known.matcher(types).match(prefix, limit=_SUGGESTED) if folded else ()
    sure = [each.thing for each in alike if each.is_sure]
    return list({each.iri: each for each in (*sure, *begin, *(x.thing for x in alike))}.values())


def _suggested(request: Request, there: Any) -> Response:  # noqa: ANN401 - a mapping of names
    given = Parameters.of_query_string(request.scope["query_string"])
    prefix, cursor = _asked(given)
    wanted = prefix.casefold()
    found = [each for each in there.values() if any(wanted in name for name in _names(each))]
    found.sort(key=lambda each: (not _begins(each, wanted), each.best, each.iri))
    shown = found[cursor : cursor + _SUGGESTED]
    return answer(given, {"result": [_entry(each) for each in shown]})


def _names(name: Name) -> tuple[str, str, str]:
    return name.best.casefold(), name.japanese, name.short.casefold()


def _begins(name: Name, wanted: str) -> bool:
    return name.best.casefold().startswith(wanted) or name.japanese.startswith(wanted)


def _asked(given: Parameters) -> tuple[str, int]:
    prefix = given.single("prefix")
    if prefix is None:
        raise BadRequestError("Say how it begins: ?prefix=...")
    if len(prefix) > MAX_NAME:
        raise BadRequestError(f"prefix: {MAX_NAME:,} characters are the most")
    return prefix, _number(given, "cursor", 0, least=0)


def _number(given: Parameters, name: str, default: int, *, least: int = 1) -> int:
    text = given.single(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) >= least):
        raise BadRequestError(f"{name}: a whole number from {least} is expected here")
    return min(int(text), _FURTHEST)
