"""What a reconciliation client asks: batches of queries and of extensions, read strictly.

Reconciliation Service API 0.2, sections 4 and 7. Whatever is not of that shape is an error that
names the place, as in ``queries.q0.limit``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request

from defgraph.engine.limits import MIB
from defgraph.errors.base import did_you_mean
from defgraph.namespaces import DEF, expand, shorten
from defgraph.reconciliation import Constraint
from defgraph.web.http.bodies import (
    BadRequestError,
    BatchTooLargeError,
    UnsupportedMediaTypeError,
    media_type_of,
    read_text,
)
from defgraph.web.http.parameters import Parameters, is_absolute_iri
from defgraph.web.known_names import Known
from defgraph.web.protocol import FORM

MAX_BATCH_BYTES: Final = 4 * MIB
MAX_QUERIES: Final = 2_000
MAX_IDS: Final = 2_000
MAX_PROPERTIES: Final = 50
MAX_VALUES: Final = 20
MAX_NAME: Final = 1_000
"""Of a name, in characters."""
MAX_CANDIDATES: Final = 100
CANDIDATES: Final = 5

_MEMBERS: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})
_STRICT: Final = ("any", "should", "all")


@dataclass(frozen=True, slots=True)
class NameQuery:
    """One name to match; *is_open*: where nothing of the types fits, others may."""

    name: str
    types: frozenset[str]
    every: bool
    is_open: bool
    constraints: tuple[Constraint, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Extension:
    """The properties, by what the client calls them, that are asked of things."""

    ids: tuple[str, ...]
    properties: Mapping[str, str]


async def parameters(request: Request) -> Parameters:
    """Return the parameters in the URL and, of a POST, in its form.

    Raises BadRequestError, UnsupportedMediaTypeError and BatchTooLargeError.
    """
    in_url = request.scope["query_string"]
    if request.method != "POST":
        return Parameters.of_query_string(in_url)
    given = media_type_of(request)
    if given != FORM:
        raise UnsupportedMediaTypeError(
            f"Reconciliation is asked by a form ({FORM}) with 'queries', 'query' or 'extend', "
            f"not by {given or 'a body without Content-Type'}"
        )
    return Parameters.of_query_string(
        in_url, form=await read_text(request, BatchTooLargeError(MAX_BATCH_BYTES))
    )


def read_queries(text: str, known: Known) -> dict[str, NameQuery]:
    """Read the parameter ``queries``; raises BadRequestError."""
    batch = _object(_parsed(text, "queries"), "queries")
    _at_most(MAX_QUERIES, batch, "queries")
    return {key: _query(each, f"queries.{key[:40]}", known) for key, each in batch.items()}


def read_query(text: str, known: Known) -> NameQuery:
    """Read the parameter ``query``: one query as JSON, or a bare name; raises BadRequestError."""
    if text.lstrip().startswith("{"):
        return _query(_parsed(text, "query"), "query", known)
    return _query({"query": text}, "query", known)


def read_extension(text: str, known: Known) -> Extension:
    """Read the parameter ``extend``; raises BadRequestError."""
    given = _object(_parsed(text, "extend"), "extend")
    ids = _list(given.get("ids"), "extend.ids")
    asked = _list(given.get("properties"), "extend.properties")
    _at_most(MAX_IDS, ids, "extend.ids")
    _at_most(MAX_PROPERTIES, asked, "extend.properties")
    properties = {}
    for number, each in enumerate(asked):
        where = f"extend.properties[{number}]"
        name = _text(_object(each, where).get("id"), f"{where}.id")
        properties[name] = known_property(name, known, f"{where}.id")
    return Extension(
        tuple(_text(each, f"extend.ids[{number}]") for number, each in enumerate(ids)), properties
    )


def read_iri(given: object, where: str) -> str:
    """Return the IRI of a thing, however short it is written; raises BadRequestError."""
    iri = expand(_text(given, where))
    if not is_absolute_iri(iri):
        raise BadRequestError(
            f"{where}: {iri[:80]!r} is no IRI; things go by IRIs, whole or short (state:nz)"
        )
    return iri


def known_type(name: str, known: Known, where: str) -> str:
    """Return the IRI of a class, however short it is written; raises BadRequestError."""
    return _known(name, known.types, where, "class")


def known_property(name: str, known: Known, where: str) -> str:
    """Return the IRI of a property, however short it is written; raises BadRequestError."""
    return _known(name, known.properties, where, "property")


def _known(name: str, there: Mapping[str, Any], where: str, kind: str) -> str:
    for iri in (name, DEF + name, expand(name)):
        if iri in there:
            return iri
    raise BadRequestError(
        f"{where}: there is no {kind} {name[:80]!r} that anything here has"
        f".{did_you_mean(name[:80], [shorten(each) for each in there], '{}')}"
    )


def _query(given: object, where: str, known: Known) -> NameQuery:
    query = _object(given, where)
    for name in query:
        if name not in _MEMBERS:
            raise BadRequestError(
                f"{where}: a query has no {name[:40]!r}; it has {', '.join(sorted(_MEMBERS))}"
            )
    name = _text(query.get("query", ""), f"{where}.query")
    constraints = tuple(
        _constraint(each, f"{where}.properties[{number}]", known)
        for number, each in enumerate(_list(query.get("properties", []), f"{where}.properties"))
    )
    _at_most(MAX_PROPERTIES, constraints, f"{where}.properties")
    if "query" not in query and not constraints:
        raise BadRequestError(f"{where}: a query needs 'query', a name, or 'properties'")
    types = query.get("type", [])
    types = [types] if isinstance(types, str) else _list(types, f"{where}.type")
    _at_most(MAX_VALUES, types, f"{where}.type")
    strict = query.get("type_strict", "any")
    if strict not in _STRICT:
        raise BadRequestError(f"{where}.type_strict: it is one of {', '.join(_STRICT)}")
    return NameQuery(
        name,
        frozenset(
            known_type(_text(each, f"{where}.type"), known, f"{where}.type")
            for each in types
            if each != ""
        ),
        every=strict == "all",
        is_open=strict == "should",
        constraints=constraints,
        limit=_limit(query.get("limit", CANDIDATES), f"{where}.limit"),
    )


def _constraint(given: object, where: str, known: Known) -> Constraint:
    pair = _object(given, where)
    if "v" not in pair:
        raise BadRequestError(f"{where}: the value 'v' is missing")
    values = pair["v"] if isinstance(pair["v"], list) else [pair["v"]]
    _at_most(MAX_VALUES, values, f"{where}.v")
    property_ = known_property(_text(pair.get("pid"), f"{where}.pid"), known, f"{where}.pid")
    things = [each for each in values if isinstance(each, dict) and "id" in each]
    texts = [_value(each, f"{where}.v") for each in values if each not in things]
    iris = [read_iri(each["id"], f"{where}.v.id") for each in things]
    iris += [expand(each) for each in texts if is_absolute_iri(each)]
    return Constraint(property_, tuple(texts), frozenset(iris))


def _value(given: object, where: str) -> str:
    if isinstance(given, dict):
        return _text(given.get("name"), where)
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, (int, float)):
        return str(given)
    return _text(given, where)


def _limit(given: object, where: str) -> int:
    if (
        isinstance(given, bool)
        or not isinstance(given, (int, float))
        or not math.isfinite(given)
        or given < 1
    ):
        raise BadRequestError(f"{where}: a limit is a number from 1")
    return int(min(given, MAX_CANDIDATES))


def _parsed(text: str, where: str) -> object:
    try:
        parsed: object = json.loads(text)
        json.dumps(parsed, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise BadRequestError(
            f"{where}: this is no JSON (line {error.lineno}, column {error.colno}: {error.msg})"
        ) from error
    except RecursionError as error:
        raise BadRequestError(f"{where}: this JSON is nested too deep") from error
    except UnicodeEncodeError as error:
        raise BadRequestError(
            f"{where}: it holds half a surrogate pair, which is no text"
        ) from error
    except ValueError as error:
        raise BadRequestError(f"{where}: this JSON holds a number that is too long") from error
    return parsed


def _object(given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadRequestError(f"{where}: a JSON object is expected here")
    return given


def _list(given: object, where: str) -> list[Any]:
    if not isinstance(given, list):
        raise BadRequestError(f"{where}: a JSON array is expected here")
    return given


def _text(given: object, where: str) -> str:
    if not isinstance(given, str):
        raise BadRequestError(f"{where}: text is expected here")
    if len(given) > MAX_NAME:
        raise BadRequestError(
            f"{where}: it has {len(given):,} characters, and {MAX_NAME:,} are the most"
        )
    return given


def _at_most(most: int, given: Any, where: str) -> None:  # noqa: ANN401 - anything with a length
    if len(given) > most:
        raise BadRequestError(
            f"{where}: there are {len(given):,}, and {most:,} are the most; send them in parts"
        )
