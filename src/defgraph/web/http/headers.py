"""Headers that every answer carries: what a browser may do with it, and who may read it."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
"""What a page of ours may do: load what is ours, but run no script and use no style within it."""

COMMON_HEADERS: Final = {
    # Answers hold text that strangers wrote: nothing in them may run, load, be sniffed or framed.
    # Pages of ours bring a policy of their own.
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # An answer may be kept, but not shown again without asking: the dataset may have changed.
    "Cache-Control": "no-cache",
}

GENERATION: Final = "Generation"
"""The header that tells which state of the dataset an answer is from, or a write made."""

_FOR_ANY_PAGE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Query, Accept-Ranges, Allow, Content-Range, ETag, Generation, Link, Repr-Digest, "
        "Retry-After, X-Request-Id"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""The data are public and no answer depends on who asks: any page may read them. None may write."""

_HEADERS_OF_READING: Final = {**COMMON_HEADERS, **_FOR_ANY_PAGE}


def _raw(headers: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


READING_HEADERS: Final = _raw(_HEADERS_OF_READING)
"""The headers of an answer to a query, as ASGI wants them."""

_OTHER_HEADERS: Final = _raw(COMMON_HEADERS)
_READING_METHODS: Final = ("GET", "HEAD")
_QUERY_METHODS: Final = ("POST", "QUERY")
_QUERY_PATH: Final = "/sparql"
_RECONCILIATION_PATH: Final = "/reconcile"


def only_reads(method: str, path: str) -> bool:
    """Whether a request of *method* for *path*, which is below no root path, can change nothing."""
    return (
        method in _READING_METHODS
        or (path == _QUERY_PATH and method in _QUERY_METHODS)
        or (path == _RECONCILIATION_PATH and method == "POST")
    )


def path_in(scope: Scope) -> str:
    """Return the path that a request is for, without the root path of the deployment."""
    return str(scope["path"]).removeprefix(root_path_of(scope))


def root_path_of(scope: Scope) -> str:
    """Return the path below which the deployment is shown, wherever the request has got to."""
    return str(scope.get("app_root_path", scope.get("root_path", "")))


def headers_for(scope: Scope) -> dict[str, str]:
    """Return the headers that the answer to a request carries."""
    reads = only_reads(scope["method"], path_in(scope))
    return _HEADERS_OF_READING if reads else COMMON_HEADERS


class HeadersMiddleware:
    """Adds these headers where the application has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reads = only_reads(scope["method"], path_in(scope))
        common = READING_HEADERS if reads else _OTHER_HEADERS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                there = {name for name, _ in own}
                own += [field for field in common if field[0] not in there]
                message["headers"] = own
            await send(message)

        await self._app(scope, receive, send_with_headers)
