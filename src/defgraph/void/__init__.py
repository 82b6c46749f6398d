"""What a dataset holds, in the words of VoID, as a graph of it: so that SPARQL finds it.

The store calls this by its name, for each generation that is served: see
:class:`defgraph.engine.profile.Describer`. The graph is in memory alone. Kept in the log it would
add a dozen counts to what every write changes, and computed when somebody asks it would be no
graph.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import pyoxigraph as ox

DESCRIBER: Final = __name__
"""For a profile: have the dataset described here."""


def describe(dataset: ox.Store) -> bytes:
    """Return the description of *dataset*, which does not hold it, as N-Triples.

    It has no blank nodes. Tools find classes and properties by `void:propertyPartition`.
    """
    triples = dataset.query(_text(), use_default_graph_as_union=True)
    assert isinstance(triples, ox.QueryTriples)  # noqa: S101 - it is a CONSTRUCT
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def prepare() -> None:
    """Read the query, since later no file may be opened."""
    _text()


@cache
def _text() -> str:
    return (resources.files(__package__) / "void.rq").read_text(encoding="utf-8")
