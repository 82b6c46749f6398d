"""defgraph: the knowledge graph of defence cooperation.

>>> import defgraph
>>> g = defgraph.open()
>>> g.query("ASK { ?agreement a def:Agreement }")
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defgraph.errors import DefgraphError

if TYPE_CHECKING:
    from defgraph.api import Defgraph, open
    from defgraph.results import IRI, LangString, Literal

__version__ = "0.1.0"

__all__ = ["IRI", "Defgraph", "DefgraphError", "LangString", "Literal", "__version__", "open"]


def __getattr__(name: str) -> object:
    """Import what is asked for, when it is asked for: ``import defgraph`` stays quick."""
    if name in {"Defgraph", "open"}:
        from defgraph import api

        return getattr(api, name)
    if name in {"IRI", "LangString", "Literal"}:
        from defgraph import results

        return getattr(results, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
