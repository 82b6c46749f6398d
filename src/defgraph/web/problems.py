"""Errors as answers: one table from error class to status, and problem details (RFC 9457).

``title`` is the class of the error and ``detail`` its whole message; `defgraph.web.failures` gives
a browser the same as a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import JSONResponse

from defgraph import errors
from defgraph.namespaces import BASE
from defgraph.web import authorisation, readiness
from defgraph.web.http import bodies, departure, ranges, refusals

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[dict[type[errors.DefgraphError], HTTPStatus]] = {
    errors.DefgraphError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.QuerySyntaxError: HTTPStatus.BAD_REQUEST,
    errors.QueryRefusedError: HTTPStatus.FORBIDDEN,
    errors.QueryEvaluationError: HTTPStatus.BAD_REQUEST,
    errors.DeadlineExceededError: HTTPStatus.GATEWAY_TIMEOUT,
    errors.MemoryExceededError: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.QueryTooLongError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.ResultTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.StoreBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreFolderError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.EndpointError: HTTPStatus.BAD_GATEWAY,
    errors.ServiceFailedError: HTTPStatus.BAD_GATEWAY,
    errors.UploadTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.ReadOnlyError: HTTPStatus.FORBIDDEN,
    errors.DataSyntaxError: HTTPStatus.BAD_REQUEST,
    errors.InferredGraphError: HTTPStatus.CONFLICT,
    errors.PreconditionFailedError: HTTPStatus.PRECONDITION_FAILED,
    errors.UnwritableFileError: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    errors.InexpressibleError: HTTPStatus.NOT_ACCEPTABLE,
    errors.UnshowableError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnknownNameError: HTTPStatus.NOT_FOUND,
    errors.RemovedThingError: HTTPStatus.GONE,
    errors.IllFormedIriError: HTTPStatus.BAD_REQUEST,
    errors.UnknownFormatError: HTTPStatus.BAD_REQUEST,
    errors.DumpError: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.DumpPendingError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NoDumpsError: HTTPStatus.NOT_IMPLEMENTED,
    ranges.RangeNotSatisfiableError: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    readiness.EndingError: HTTPStatus.SERVICE_UNAVAILABLE,
    departure.ClientGoneError: HTTPStatus.REQUEST_TIMEOUT,
    authorisation.TokensUnreadableError: HTTPStatus.SERVICE_UNAVAILABLE,
    authorisation.AuthorisationError: HTTPStatus.UNAUTHORIZED,
    authorisation.TwoTokensError: HTTPStatus.BAD_REQUEST,
    refusals.BrokenRequestError: HTTPStatus.BAD_REQUEST,
    refusals.UnknownMethodError: HTTPStatus.NOT_IMPLEMENTED,
    refusals.UrlTooLongError: HTTPStatus.REQUEST_URI_TOO_LONG,
    refusals.HeaderTooLargeError: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    refusals.TooManyHeaderFieldsError: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    refusals.SlowHeaderError: HTTPStatus.REQUEST_TIMEOUT,
    refusals.SlowBodyError: HTTPStatus.REQUEST_TIMEOUT,
    refusals.TooManyConnectionsError: HTTPStatus.SERVICE_UNAVAILABLE,
    refusals.TooMuchInFlightError: HTTPStatus.SERVICE_UNAVAILABLE,
    refusals.NotTheOperatorError: HTTPStatus.FORBIDDEN,
    refusals.CrossOriginWriteError: HTTPStatus.FORBIDDEN,
    refusals.TooMuchProcessingError: HTTPStatus.TOO_MANY_REQUESTS,
    refusals.TooManyErrorsError: HTTPStatus.TOO_MANY_REQUESTS,
    bodies.BadRequestError: HTTPStatus.BAD_REQUEST,
    bodies.UnsupportedMediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    bodies.RequestTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    bodies.BatchTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
"""The status of each class of errors; a class that is not named has that of its nearest parent."""


_MEMBERS: Final = (
    *("line", "column", "expected", "limit", "value", "query_id"),
    *("known", "offered", "replaced_by", "generation"),
)


def status_of(error: errors.DefgraphError) -> HTTPStatus:
    """Return the status that *error* is answered with."""
    return status_of_class(type(error))


def status_of_class(error: type[errors.DefgraphError]) -> HTTPStatus:
    """Return the status that errors of a class are answered with."""
    return next(STATUS[each] for each in error.__mro__ if each in STATUS)


def problem(error: errors.DefgraphError) -> dict[str, Any]:
    """Return *error* as problem details, with what its class knows beyond the message."""
    title = type(error).__name__
    details: dict[str, Any] = {
        "type": f"{BASE}problem/{title}",
        "title": title,
        "status": int(status_of(error)),
        "detail": str(error),
    }
    for name in _MEMBERS:
        value = getattr(error, name, None)
        if value is not None and value != ():
            details[name] = value
    return details


def untyped(status: HTTPStatus, detail: str) -> dict[str, Any]:
    """Return a problem that says no more than its status does (RFC 9457, section 4.2.1)."""
    return {"title": status.phrase, "status": int(status), "detail": detail}


def headers_of(error: errors.DefgraphError) -> dict[str, str]:
    """Return the headers that belong to *error*."""
    headers = {}
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    if isinstance(error, ranges.RangeNotSatisfiableError):
        headers["Content-Range"] = f"bytes */{error.size}"
    if isinstance(error, authorisation.AuthorisationError):
        headers["WWW-Authenticate"] = error.challenge
    return headers


def response(error: errors.DefgraphError, request_id: str | None = None) -> JSONResponse:
    """Return *error* as a response to a program: problem details, and what belongs to it."""
    told = {"request_id": request_id} if request_id is not None else {}
    return as_json({**problem(error), **told}, headers_of(error))


def as_json(details: dict[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return problem details as they are."""
    common = {"Vary": "Accept", **(headers or {})}
    return JSONResponse(details, details["status"], common, MEDIA_TYPE)
