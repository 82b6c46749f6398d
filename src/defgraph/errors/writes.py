"""Writes that are not taken."""

from __future__ import annotations

from defgraph.errors.base import DefgraphError


class WriteError(DefgraphError):
    """A write that is not taken; nothing has changed."""


class ReadOnlyError(WriteError):
    """The store takes no writes."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing is written here: the server is read-only. "
            "Writing needs --store or --plain, and tokens: 'defgraph token add NAME --tokens FILE' "
            "makes one, 'serve --tokens FILE' takes them (or one in DEFGRAPH_TOKEN). "
            "A server that follows another (--follow) is written to there"
        )


class DataSyntaxError(WriteError):
    """The data that was sent is not of the format it is said to be. Lines count from 1."""

    def __init__(self, reason: str, *, line: int | None = None, column: int | None = None) -> None:
        where = f" (line {line}, column {column})" if line is not None else ""
        super().__init__(f"{reason}{where}")
        self.reason, self.line, self.column = reason, line, column


class PreconditionFailedError(WriteError):
    """The write was to be made in another state of the dataset; *generation* is which it has."""

    def __init__(self, reason: str, generation: int) -> None:
        super().__init__(
            f"{reason}; the dataset is of generation {generation}, and nothing has changed"
        )
        self.reason, self.generation = reason, generation


class InferredGraphError(WriteError):
    """A write to a graph that is computed from the others, or its removal."""

    def __init__(self, iri: str) -> None:
        super().__init__(
            f"The graph <{iri}> is computed from the others: nobody writes to it or removes it; "
            "change what it is computed from"
        )
        self.iri = iri
