"""What a store is asked to do: a query, an update, or something with a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from defgraph.negotiation import FormatChoice

NO_FORMAT: Final = FormatChoice(results=None, graph=None)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do; all of it but the *kind* is a stranger's."""

    kind: Literal["query", "update", "read", "replace", "add", "delete"]
    body: bytes = b""  # the text, or the triples in *media_type*
    graph: str | None = None
    media_type: str = ""
    accept: FormatChoice = NO_FORMAT  # of a query, and of a graph that is read
    # The dataset of a query, or of each WHERE of an update, where the request describes it.
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None

    @property
    def is_write(self) -> bool:
        """Tell whether it may change the dataset."""
        return self.kind not in {"query", "read"}

    @property
    def describes_dataset(self) -> bool:
        """Tell whether the request says which graphs are asked, whatever the text says."""
        return self.default_graphs is not None or self.named_graphs is not None
