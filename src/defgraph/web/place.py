"""By what address a client sees the server, as its request says it, or the proxy in between."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from defgraph.web.bodies import BadRequestError
from defgraph.web.parameters import is_absolute_iri

_USUAL_PORT: Final = {"http": ":80", "https": ":443"}


def base_of(request: Request) -> str:
    """Return the IRI of the server's first page, which ends in a slash; raises BadRequestError.

    One server has one, however its name is spelt: in lower case, without the usual port.
    """
    base = request.base_url
    host = base.netloc.lower().removesuffix(_USUAL_PORT.get(base.scheme, ""))
    iri = f"{base.scheme}://{host}{base.path}"
    if not is_absolute_iri(iri):
        raise BadRequestError(f"The header Host is no name of a server: {host[:80]!r}")
    return iri
