"""Every request that fails is answered with its problem.

A program gets it as JSON, a browser as a page. That goes for our own errors, for what the
framework refuses, and for faults of ours.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from defgraph.errors import DefgraphError, UnknownGraphError, UnknownThingError
from defgraph.negotiation import wants_page
from defgraph.web import problems, protocol
from defgraph.web.http.departure import ClientGoneError
from defgraph.web.http.headers import headers_for, path_in, root_path_of
from defgraph.web.http.routes import HTTP_METHODS, methods_at
from defgraph.web.near_names import with_near, with_near_graphs
from defgraph.web.telemetry.journal import note_of
from defgraph.web.templating import Page, render

_log = logging.getLogger(__name__)

_SHOWN: Final = ("type", "title", "status", "detail")  # with names of their own, or not worth one


def install(app: FastAPI) -> None:
    """Make *app* answer every error with its problem."""
    app.exception_handler(DefgraphError)(_answer_error)
    app.exception_handler(ClientDisconnect)(_answer_nobody)
    app.exception_handler(HTTPException)(_answer_refusal)
    app.exception_handler(RequestValidationError)(_answer_invalid)
    app.exception_handler(Exception)(_answer_fault)


def failure(error: DefgraphError, scope: Scope) -> Response:
    """Return *error* as the answer to a request."""
    return _answer(problems.problem(error), problems.headers_of(error), scope)


async def _answer_error(request: Request, error: DefgraphError) -> Response:
    if isinstance(error, UnknownThingError):
        error = await with_near(error, request.app.state.names)
    elif isinstance(error, UnknownGraphError) and not error.known:
        error = await with_near_graphs(error, request.app.state.colophons)
    return failure(error, request.scope)


async def _answer_nobody(request: Request, _error: ClientDisconnect) -> Response:
    """Answer one who went away within the body, which is no fault of ours to have in the log."""
    return failure(ClientGoneError(), request.scope)


async def _answer_refusal(request: Request, error: HTTPException) -> Response:
    """Answer what the framework refuses: an unknown path, a method that a path does not have.

    OPTIONS is what every path has (RFC 9110, section 9.3.7).
    """
    status, headers = HTTPStatus(error.status_code), dict(error.headers or {})
    said = f"{request.method} {path_in(request.scope)}"
    detail = f"{status.phrase}: {said}"
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        methods = methods_at(request.app, request.scope)
        headers = {"Allow": ", ".join(methods)}
        if "QUERY" in methods:
            headers["Accept-Query"] = protocol.ACCEPT_QUERY
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        detail = f"There is no {said}; that path takes {', '.join(methods)}"
    elif request.method == "OPTIONS" and path_in(request.scope) == "*":  # of the server itself
        headers = {"Allow": ", ".join(HTTP_METHODS)}
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    elif status is HTTPStatus.NOT_FOUND:
        detail = f"There is nothing at {path_in(request.scope)}; the API is described at /docs"
    return _answer(problems.untyped(status, detail), headers, request.scope)


async def _answer_invalid(request: Request, error: RequestValidationError) -> Response:
    """Answer a parameter that is not what it should be."""
    faults = [f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in error.errors()]
    details = problems.untyped(HTTPStatus.BAD_REQUEST, "; ".join(faults))
    return _answer(details, {}, request.scope)


async def _answer_fault(request: Request, error: Exception) -> Response:
    return fault(error, request.scope)


def fault(error: Exception, scope: Scope) -> Response:
    """Answer a fault of ours: the server's log has the traceback, the answer has its number.

    This answer is made outside of all middleware, so it brings the common headers itself.
    """
    request_id = note_of(scope).id
    _log.error("Request %s failed with %s", request_id, type(error).__name__)
    detail = f"The server made a mistake; its log says which under {request_id}"
    details = problems.untyped(HTTPStatus.INTERNAL_SERVER_ERROR, detail)
    answer = _answer({**details, "request_id": request_id}, {}, scope)
    for name, value in headers_for(scope).items():
        answer.headers.setdefault(name, value)
    return answer


def _answer(details: dict[str, Any], headers: Mapping[str, str], scope: Scope) -> Response:
    note = note_of(scope)
    note.outcome = note.outcome or details["title"]
    details.setdefault("request_id", note.id)
    if not wants_page(", ".join(Headers(scope=scope).getlist("accept"))):
        return problems.as_json(details, headers)
    status = HTTPStatus(details["status"])
    page = render(
        "problem.html",
        f"{root_path_of(scope)}/",
        heading=status.phrase,
        detail=details["detail"],
        facts={name: value for name, value in details.items() if name not in _SHOWN and value},
    )
    return Page(page, status, dict(headers))
