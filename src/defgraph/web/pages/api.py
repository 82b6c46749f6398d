"""The description of the API: for programs, as a page to try it on, and what a problem means.

The page is Swagger UI from the package swagger-ui-bundle: nothing is loaded from another host, and
its start is a file beside it, so that no script stands in the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from swagger_ui_bundle import swagger_ui_path

from defgraph.errors import UnknownNameError
from defgraph.namespaces import BASE
from defgraph.negotiation import wants_page
from defgraph.web.http.headers import PAGE_POLICY, root_path_of
from defgraph.web.http.place import root_of
from defgraph.web.openapi import description, for_swagger_ui
from defgraph.web.problem_types import problem_types
from defgraph.web.templating import Page, render

SWAGGER_UI: Final = Path(swagger_ui_path)
"""The folder of its files, to be served at ``/static/swagger-ui``."""

# Its style has small pictures in it.
_POLICY: Final = f"{PAGE_POLICY}; img-src 'self' data:"

router = APIRouter()


@router.head("/openapi.json")
@router.get("/openapi.json")
async def api_description(request: Request, version: Literal["3.1", "3.0"] = "3.1") -> JSONResponse:
    """Describe the API (OpenAPI 3.1); *version* 3.0 is for tools that know no other."""
    described = description(root_path_of(request.scope))
    return JSONResponse(for_swagger_ui(described) if version == "3.0" else described)


@router.head("/docs")
@router.get("/docs")
async def api_page(request: Request) -> Page:
    """Show the description as a page."""
    return Page(render("api.html", root_of(request)), headers={"Content-Security-Policy": _POLICY})


@router.head("/problem/{title}")
@router.get("/problem/{title}")
async def problem_type(title: str, request: Request) -> Response:
    """Tell what the problems mean whose type this is; raises UnknownNameError."""
    found = {each.title: each for each in problem_types()}
    each = found.get(title)
    if each is None:
        raise UnknownNameError(title, f"There is no kind of problem '{title}'", found)
    if wants_page(request.headers.get("accept")):
        facts = {"status": each.status}
        root = root_of(request)
        return Page(
            render("problem.html", root, heading=each.title, detail=each.meaning, facts=facts)
        )
    told: dict[str, Any] = {"type": f"{BASE}problem/{title}", "title": title}
    told |= {"status": each.status, "description": each.meaning}
    return JSONResponse(told, headers={"Vary": "Accept"})
