"""What JSON-LD of ours is read with: the context, and a JSON Schema for some classes of things.

Both are of the release, not of the dataset: their entity tags are of their bytes.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response

from defgraph import sources, turtle
from defgraph.errors import UnknownNameError
from defgraph.jsonld import context
from defgraph.jsonld.context import written
from defgraph.jsonld.schemas import NAMES, schema
from defgraph.media_types import by_name
from defgraph.namespaces import ONTOLOGY, OWL
from defgraph.web.http.validators import tags_in
from defgraph.web.replies import Wishes

router = APIRouter()

_JSON_LD: Final = by_name("jsonld").media_type
_SCHEMA_TYPE: Final = "application/schema+json"
_FOR_A_WHILE: Final = "public, max-age=3600"
_FOR_LONG: Final = "public, max-age=86400"


@router.head("/context.jsonld")
@router.get("/context.jsonld")
async def newest_context(request: Request) -> Response:
    """Give the context of this release."""
    return _answer(request, _context(), _JSON_LD, {"Cache-Control": _FOR_A_WHILE})


@router.head("/context/{version}.jsonld")
@router.get("/context/{version}.jsonld")
async def versioned_context(version: str, request: Request) -> Response:
    """Give the context of a version of the ontology, which is that of this release only."""
    if version != _version():
        raise UnknownNameError(version, f"There is no context '{version}'", [_version()])
    return _answer(request, _context(), _JSON_LD, {"Cache-Control": _FOR_LONG})


@router.head("/schema/{name}.json")
@router.get("/schema/{name}.json")
async def json_schema(name: str, request: Request) -> Response:
    """Give the JSON Schema that every JSON-LD document of a class fulfils."""
    found = schema(name)
    if found is None:
        raise UnknownNameError(name, f"There is no schema '{name}'", NAMES)
    return _answer(request, _bytes_of(found), _SCHEMA_TYPE, {"Cache-Control": _FOR_A_WHILE})


def _answer(request: Request, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {**headers, "ETag": tag}
    wanted = Wishes.of(request.scope).if_none_match
    if wanted is not None and tag in tags_in(wanted):
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return Response(body, HTTPStatus.OK, {**headers, "Content-Type": media_type})


@cache
def _context() -> bytes:
    return written(context()).encode()


def _bytes_of(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


@cache
def _version() -> str:
    """The version of the ontology that the context is of."""
    dataset = ox.Dataset(
        quad for file in sources.ontology_files() for quad in turtle.parse(file.path)
    )
    said = dataset.quads_for_subject(ox.NamedNode(ONTOLOGY))
    versions = [quad.object for quad in said if quad.predicate.value == OWL + "versionInfo"]
    return next(each.value for each in versions if isinstance(each, ox.Literal))
