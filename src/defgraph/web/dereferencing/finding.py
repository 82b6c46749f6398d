"""Finding our thing by an IRI, which may be another dataset's: ``/doc?iri=`` leads to its document.

One thing is answered with 303; several that are linked to the same IRI with 300 and a list of them
(RFC 9110, section 15.4.1).
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from defgraph import documents
from defgraph.documents.addresses import MAX_LENGTH, document_iri, iri_of
from defgraph.documents.sameness import things_of
from defgraph.errors import IllFormedIriError, UnknownThingError
from defgraph.namespaces import BASE, ID, expand
from defgraph.negotiation import wants_page
from defgraph.store.protocol import Store
from defgraph.web.dependencies import ApplicationStore
from defgraph.web.http.bodies import BadRequestError
from defgraph.web.http.parameters import Parameters
from defgraph.web.http.place import public_root_of, root_of
from defgraph.web.names import names_of
from defgraph.web.representations import SAFE_IN_PATH, link
from defgraph.web.templating import Page, local, render

router = APIRouter()


@router.head("/doc")
@router.get("/doc")
async def find(request: Request, store: ApplicationStore) -> Response:
    """See the document of what *iri* names: a thing of ours, or one that is linked to it."""
    given = Parameters.of_query_string(request.scope["query_string"])
    iri = iri_in(given, "Say which thing you look for: /doc")
    if iri.startswith(BASE) and not iri.startswith(ID):
        document = iri_of(quote(iri.removeprefix(BASE), safe=SAFE_IN_PATH))
        return RedirectResponse(_address(request, document), HTTPStatus.SEE_OTHER)
    found = await things_of(store, iri)
    if not found:
        raise UnknownThingError(iri)
    addresses = [_address(request, document_iri(each)) for each in found]
    headers = {"Link": ", ".join(link(each, "describedby") for each in addresses)}
    if len(found) == 1:
        await documents.check_known(store, found[0])
        return RedirectResponse(addresses[0], HTTPStatus.SEE_OTHER, headers)
    headers["Vary"] = "Accept"
    if wants_page(request.headers.get("accept")):
        return await _page(request, store, iri, found, headers)
    things = [
        {"iri": thing, "document": address} for thing, address in zip(found, addresses, strict=True)
    ]
    return JSONResponse({"iri": iri, "things": things}, HTTPStatus.MULTIPLE_CHOICES, headers)


def iri_in(given: Parameters, mend: str) -> str:
    """Return the IRI whose thing is asked for, which may be shortened: ``state:nz``, ``wd:Q664``.

    Raises BadRequestError, which says with *mend* what is missing, and IllFormedIriError.
    """
    asked = given.iri("iri")
    if asked is None:
        raise BadRequestError(f"{mend}?iri=http://www.wikidata.org/entity/Q664")
    iri = expand(asked)
    if len(iri) > MAX_LENGTH:
        raise IllFormedIriError(iri[:80] + "…", f"it is longer than {MAX_LENGTH} characters")
    return iri


async def _page(
    request: Request, store: Store, iri: str, found: tuple[str, ...], headers: dict[str, str]
) -> Page:
    names = await names_of(store, found)
    page = render(
        "choices.html",
        root_of(request),
        iri=iri,
        found=[names[each] for each in found],
        local=local(root_of(request)),
    )
    return Page(page, HTTPStatus.MULTIPLE_CHOICES, headers)


def _address(request: Request, document: str) -> str:
    return public_root_of(request) + quote(document.removeprefix(BASE), safe=SAFE_IN_PATH)
