"""Pages of HTML from templates: nothing in them is taken for markup that was not meant as such."""

from __future__ import annotations

from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from defgraph.web.headers import PAGE_POLICY

TEMPLATES: Final = Environment(
    loader=PackageLoader("defgraph.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Page(HTMLResponse):
    """A page of ours, which may load what is ours."""

    def init_headers(self, headers: dict[str, str] | None = None) -> None:  # type: ignore[override]
        """Set the headers that every page has."""
        super().init_headers(
            {"Content-Security-Policy": PAGE_POLICY, "Vary": "Accept", **(headers or {})}
        )
