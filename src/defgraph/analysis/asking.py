"""The queries of this package, one a file beside it, and whoever answers them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final, TypeAlias

from defgraph.results import Solutions

Ask: TypeAlias = Callable[[str], Solutions]
"""Whoever answers a SELECT query: for one's own use a dataset, in a server a store."""

_NO_VALUES: Final = "{ }"


@cache
def text(name: str) -> str:
    """Return the query in ``queries/<name>.rq``."""
    return (resources.files(__package__) / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def text_about(name: str, iri: str) -> str:
    """Return the query with an IRI, which the dataset gave us, in its empty ``VALUES`` block."""
    return text(name).replace(_NO_VALUES, f"{{ <{iri}> }}", 1)
