"""Pages of HTML from templates: nothing in them is taken for markup that was not meant as such."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from defgraph.documents.addresses import local_path
from defgraph.web.headers import PAGE_POLICY

TEMPLATES: Final = Environment(
    loader=PackageLoader("defgraph.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


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
