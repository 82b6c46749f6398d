"""Dumps that cannot be had."""

from __future__ import annotations

from collections.abc import Iterable

from defgraph.errors.base import DefgraphError, did_you_mean
from defgraph.errors.names import UnknownNameError


class DumpError(DefgraphError):
    """The dumps of the dataset could not be written: the disk is full, or its writer died."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The dumps could not be written: {reason}")
        self.reason = reason


class DumpPendingError(DefgraphError):
    """The dumps of this generation are being written; ask again after *retry_after_s* seconds."""

    retry_after_s = 5

    def __init__(self) -> None:
        super().__init__("The dumps of this generation are being written; ask again in a moment")


class NoDumpsError(DefgraphError):
    """The dataset is another endpoint's, and is not copied here."""

    def __init__(self) -> None:
        super().__init__(
            "There are no dumps here: the dataset is kept by another endpoint. Ask that one for "
            "its dumps, or ask this one by CONSTRUCT, with LIMIT and OFFSET"
        )


class UnknownDumpError(UnknownNameError):
    """No dump has this name, or its format cannot say what it would hold: *reason* tells."""

    def __init__(self, name: str, known: Iterable[str], reason: str | None = None) -> None:
        known = tuple(known)
        near = did_you_mean(name, known, "{}")
        message = f"There is no dump '{name}'.{near} All of them are listed at /dumps/"
        if reason is not None:
            message = f"The dump {name} was left out: {reason}"
        super().__init__(name, message)
        self.reason = reason
