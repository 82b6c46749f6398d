"""What a store is asked to do: a query, an update, or something with a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from defgraph.negotiation import FormatChoice

NO_FORMAT: Final = FormatChoice(results=None, graph=None)


class Upload(NamedTuple):
    """Triples as they were sent: a document, and the media type that it is said to be of."""

    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do; all of it but the *kind* is a stranger's."""

    kind: Literal["query", "update", "read", "exists", "write", "replace", "add", "delete", "patch"]
    body: bytes = b""  # the text, or N-Triples to write anew
    uploads: Sequence[Upload] = ()  # whose triples the graph gets, all together
    graph: str | None = None  # or the thing that is written about
    accept: FormatChoice = NO_FORMAT  # of a query, and of a graph that is read
    # The dataset of a query, or of each WHERE of an update, where the request describes it.
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None

    @property
    def is_write(self) -> bool:
        """Tell whether it may change the dataset."""
        return self.kind not in {"query", "read", "exists", "write"}

    @property
    def size(self) -> int:
        """The bytes of what was sent."""
        return len(self.body) + sum(len(each.body) for each in self.uploads)

    @property
    def describes_dataset(self) -> bool:
        """Tell whether the request says which graphs are asked, whatever the text says."""
        return self.default_graphs is not None or self.named_graphs is not None
