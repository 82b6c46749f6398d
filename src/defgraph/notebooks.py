"""An RDFLib graph that a notebook shows."""

from __future__ import annotations

import html
from typing import Final

import rdflib

_MOST_CHARACTERS: Final = 20_000


class ShownGraph(rdflib.Graph):
    """A graph that a notebook shows as Turtle, or the beginning of that."""

    def _repr_html_(self) -> str:
        turtle = self.serialize(format="turtle").strip()
        cut = turtle[:_MOST_CHARACTERS]
        rest = f"<p>and more, of {len(self):,} triples</p>" if len(turtle) > len(cut) else ""
        return f"<pre>{html.escape(cut)}</pre>{rest}"
