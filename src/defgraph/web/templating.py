"""Pages of HTML from templates: nothing in them is taken for markup that was not meant as such."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

import defgraph
from defgraph.documents.addresses import local_path
from defgraph.web.http.headers import PAGE_POLICY
from defgraph.web.licences import licence_name

TEMPLATES: Final = Environment(
    loader=PackageLoader("defgraph.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals |= {"version": defgraph.__version__, "licence_name": licence_name}


def render(template: str, root: str, **values: object) -> str:
    """Return a page of the server whose first page is at the path *root*.

    *licences* are those of the data that it shows, as far as the data say.
    """
    return TEMPLATES.get_template(template).render({"base": root, "licences": (), **values})


def local(root: str) -> Callable[[str], str]:
    """Return what links to what an IRI names: on this server, below *root*, if it is ours."""

    def link_to(iri: str) -> str:
        path = local_path(iri)
        if path is not None:
            return root + quote(path, safe="/:@!$&'()*+,;=~#")
        return iri if iri.startswith(("https://", "http://")) else ""

    return link_to


class Page(HTMLResponse):
    """A page of ours, which may load what is ours."""

    def init_headers(self, headers: dict[str, str] | None = None) -> None:  # type: ignore[override]
        """Set the headers that every page has."""
        super().init_headers(
            {"Content-Security-Policy": PAGE_POLICY, "Vary": "Accept", **(headers or {})}
        )
