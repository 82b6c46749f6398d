"""What a store does, whichever engine holds the dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from defgraph.negotiation import FormatChoice

__all__ = ["Answer", "FormatChoice", "Store"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one query: bytes that are ready to send."""

    media_type: str
    body: bytes
    generation: int  # which immutable state of the dataset was asked


class Store(Protocol):
    """An RDF dataset that answers SPARQL queries, from its start until it is closed."""

    async def start(self) -> None:
        """Get ready to answer, in the event loop that runs, if it is not yet; raises StoreError."""
        ...

    async def close(self) -> None:
        """Give back whatever it holds; queries that are not answered yet fail."""
        ...

    async def query(
        self,
        text: str,
        *,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Evaluate a SPARQL query and serialise its result in a media type of *accept*.

        The default graph is the union of the named graphs. Where *default_graphs* or
        *named_graphs* is given, the two describe the dataset instead, whatever FROM and FROM NAMED
        say (SPARQL 1.1 Protocol 2.1.4); a graph that the store does not hold is an empty one.

        Raises QuerySyntaxError for text that is not SPARQL, QueryRefusedError for SERVICE,
        QueryEvaluationError when the evaluation fails, NotAcceptableError when *accept* has
        nothing for this query form, a LimitError when the query takes too much, StoreError when
        the engine fails. There is the whole answer or an error, never a part of it.
        """
        ...
