"""By what address clients see the server: its public one, else as their requests say it."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi import Request

from defgraph.web.http.bodies import BadRequestError
from defgraph.web.http.headers import root_path_of
from defgraph.web.http.parameters import is_absolute_iri

_USUAL_PORT: Final = {"http": ":80", "https": ":443"}


def base_of(request: Request) -> str:
    """Return the IRI of the server's first page, which ends in a slash; raises BadRequestError.

    One server has one, however its name is spelt: in lower case, without the usual port. Where the
    operator says what it is, the request is not asked.
    """
    if request.app.state.settings.public_url:
        return public_root_of(request)
    base = request.base_url
    host = base.netloc.lower().removesuffix(_USUAL_PORT.get(base.scheme, ""))
    iri = f"{base.scheme}://{host}{base.path}"
    if not is_absolute_iri(iri):
        raise BadRequestError(f"The header Host is no name of a server: {host[:80]!r}")
    return iri


def root_of(request: Request) -> str:
    """Return the path of the first page, which ends in a slash: pages link by it."""
    return f"{root_path_of(request.scope)}/"


def public_root_of(request: Request) -> str:
    """Return what ``Location`` and ``Link`` begin with: the public address, else `root_of`."""
    public = request.app.state.settings.public_url
    return f"{public}/" if public else root_of(request)


def raw_path_of(request: Request) -> str:
    """Return the path of a request as it was sent, below the root path and without its slash."""
    sent = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    path: str = sent.partition(b"?")[0].decode("latin-1")
    return path.removeprefix(quote(root_path_of(request.scope))).removeprefix("/")
