"""What one query or write may take: time, memory, and the length of what comes in and goes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from defgraph.errors import QuerySyntaxError, QueryTooLongError

MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of each query and each write on its own."""

    timeout_s: float = 10.0
    memory_mb: int = 1024
    max_query_bytes: int = 64 * 1024
    max_result_bytes: int = 64 * MIB
    max_upload_bytes: int = 64 * MIB
    # Of the dumps in one format.
    dump_timeout_s: float = 300.0
    dump_memory_mb: int = 4096
    max_dump_bytes: int = 16 * 1024 * MIB

    @property
    def of_dump(self) -> Limits:
        """The limits of whoever writes the dumps in one format."""
        return replace(self, timeout_s=self.dump_timeout_s, memory_mb=self.dump_memory_mb)

    @property
    def max_patch_bytes(self) -> int:
        """What a write changes is longer than what was sent, since nothing is abbreviated in it."""
        return 8 * self.max_upload_bytes

    def encoded(self, text: str) -> bytes:
        """Return the query *text* as UTF-8; raises QueryTooLongError and QuerySyntaxError."""
        try:
            encoded = text.encode()
        except UnicodeEncodeError as error:
            raise QuerySyntaxError("The query holds a lone surrogate; that is no text") from error
        if len(encoded) > self.max_query_bytes:
            raise QueryTooLongError(self.max_query_bytes)
        return encoded
