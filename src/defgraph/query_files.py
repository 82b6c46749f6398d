"""Queries that are kept in files, ``queries/<name>.rq`` beside the modules that ask them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

_NO_VALUES: Final = re.compile(r"(VALUES \?\w+) \{ \}")
_NO_PART: Final = "LIMIT 0 OFFSET 0"
_IRI: Final = re.compile(r"[^\x00-\x20<>\"{}|\\^`]+")


class Part(NamedTuple):
    """Some of many solutions: *size* of them, from number *start*, which counts from 0."""

    start: int
    size: int


class QueryFiles(NamedTuple):
    """The queries of one *package*. Each runs anywhere: it declares the prefixes that it uses."""

    package: str

    def text(self, name: str) -> str:
        """Return the query in ``queries/<name>.rq``."""
        return _read(self.package, name)

    def about(self, name: str, iris: Iterable[str], part: Part | None = None) -> str:
        """Return the query in ``queries/<name>.rq`` with *iris* in each empty ``VALUES`` block.

        What is no IRI is left out, so that nothing but IRIs can get into the query. With *part*,
        its ``LIMIT 0 OFFSET 0`` becomes that part of the solutions.
        """
        values = " ".join(f"<{iri}>" for iri in iris if is_iri(iri))
        query = _NO_VALUES.sub(lambda block: f"{block[1]} {{ {values} }}", self.text(name))
        if part is not None:
            query = query.replace(_NO_PART, f"LIMIT {part.size} OFFSET {part.start}")
        return query


def is_iri(given: str) -> bool:
    """Whether *given* has none of the characters that no IRI has (SPARQL 1.1, rule IRIREF)."""
    return _IRI.fullmatch(given) is not None


@cache
def _read(package: str, name: str) -> str:
    return (resources.files(package) / "queries" / f"{name}.rq").read_text(encoding="utf-8")
