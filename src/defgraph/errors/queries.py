"""Queries and updates that cannot be answered, and the limits of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from defgraph.errors.base import DefgraphError


class QueryError(DefgraphError):
    """A query cannot be answered."""


class QuerySyntaxError(QueryError):
    """The query text is not valid SPARQL 1.1. Line and column count from 1 in the user's text.

    What might have stood there is *expected*, where that is known.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: int | None = None,
        expected: Sequence[str] = (),
    ) -> None:
        where = f" (line {line}, column {column})" if line is not None else ""
        super().__init__(f"{reason}{where}")
        self.reason, self.line, self.column = reason, line, column
        self.expected = tuple(expected)


class QueryRefusedError(QueryError):
    """The query may be valid SPARQL, but asks for something that is not done here."""

    def __init__(self, reason: str, *, line: int | None = None, column: int | None = None) -> None:
        where = f" (line {line}, column {column})" if line is not None else ""
        super().__init__(f"{reason}{where}")
        self.reason, self.line, self.column = reason, line, column


class QueryEvaluationError(QueryError):
    """The query is valid, but evaluating it failed."""

    def __init__(self, reason: str, what: str = "query") -> None:
        super().__init__(f"The {what} could not be evaluated: {reason}")
        self.reason, self.what = reason, what


class ServiceFailedError(QueryError):
    """A query asks another endpoint, and that did not answer as it should."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"An endpoint that the query asks by SERVICE did not answer: {reason}. "
            "With SERVICE SILENT the query goes on without it"
        )
        self.reason = reason


class ConnectionNeededError(QueryError):
    """A query asks another endpoint, and this process has no network; another one is to try."""

    def __init__(self) -> None:
        super().__init__("The query asks another endpoint, for which there is no network here")


class QueryCrashedError(QueryError):
    """The process that evaluated the query died of it; *query_id* stands in the server's log."""

    def __init__(self, query_id: str, what: str = "query") -> None:
        super().__init__(
            f"The engine crashed on this {what}, most likely since it is nested too deeply; "
            f"nothing else was harmed (the server's log has more under {query_id})"
        )
        self.query_id, self.what = query_id, what


class LimitError(QueryError):
    """The query needs more than one query may have; knows the limit's setting and value."""

    limit: ClassVar[str]
    unit: ClassVar[str] = "bytes"

    def __init__(self, value: float, message: str) -> None:
        super().__init__(f"{message} ({self.limit}={value:.15g})")
        self.value = value


class DeadlineExceededError(LimitError):
    """The query was not answered within its time, and was stopped."""

    limit = "DEFGRAPH_QUERY_TIMEOUT_S"
    unit = "s"

    def __init__(self, value: float, what: str = "query") -> None:
        mend = "narrow it down, or add a LIMIT" if what == "query" else "do less at once"
        super().__init__(value, f"The {what} was stopped after {value:g} s; {mend}")
        self.what = what


class MemoryExceededError(LimitError):
    """The query needed more memory than one query may take, and was stopped."""

    limit = "DEFGRAPH_QUERY_MEMORY_MB"
    unit = "MiB of memory"

    def __init__(self, value: int, what: str = "query") -> None:
        mend = "let it join, sort or group less at once" if what == "query" else "do less at once"
        super().__init__(
            value, f"The {what} was stopped when it needed more than {value} MiB of memory; {mend}"
        )
        self.what = what


class QueryTooLongError(LimitError):
    """The text of the query is longer than the server takes."""

    limit = "DEFGRAPH_MAX_QUERY_BYTES"

    def __init__(self, value: int) -> None:
        super().__init__(value, f"A query may have {value:,} bytes at most")


class ResultTooLargeError(LimitError):
    """The answer is longer than the server gives in one piece."""

    limit = "DEFGRAPH_MAX_RESULT_BYTES"

    def __init__(self, value: int) -> None:
        super().__init__(
            value,
            f"The answer is longer than {value:,} bytes; take it in parts, with LIMIT and OFFSET",
        )


class UploadTooLargeError(LimitError):
    """The data or the update that was sent, or what it changes, is longer than the server takes."""

    limit = "DEFGRAPH_MAX_UPLOAD_BYTES"

    def __init__(self, value: int) -> None:
        super().__init__(value, f"A write may have {value:,} bytes at most; send it in parts")
