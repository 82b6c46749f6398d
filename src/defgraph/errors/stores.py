"""Stores that failed, or that cannot be opened."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from defgraph.errors.base import DefgraphError


class StoreError(DefgraphError):
    """The engine that holds the dataset failed; the fault is neither the query's nor the data's."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The store failed: {reason}")
        self.reason = reason


class StoreBusyError(StoreError):
    """More waits than may wait, or for longer than it may; try *retry_after_s* seconds later."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("too many queries or writes wait already; try again in a moment")
        self.retry_after_s = retry_after_s


class EndpointError(StoreError):
    """The endpoint that a remote store asks cannot be reached, or does not speak SPARQL 1.1."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"its endpoint {fault}")
        self.fault = fault


class StoreFolderError(StoreError):
    """The folder that a store is kept in cannot be used."""

    def __init__(self, folder: Path | str, message: str) -> None:
        DefgraphError.__init__(self, message)
        self.folder, self.reason = Path(folder), message


class NoStoreError(StoreFolderError):
    """The folder holds no store, and none is to be made there now."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(folder, f"{folder} holds no store; the first write makes one")


class PlainStoreError(StoreFolderError):
    """A plain store is asked for something that only one with our ontology has."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(
            folder,
            f"{folder} is a plain store, which holds no shipped graph to bring up to date; "
            "to have the shipped dataset, make a new store without --plain",
        )


class StoreLockedError(StoreFolderError):
    """Another process writes to this store; *holder* is what it says of itself."""

    def __init__(self, folder: Path | str, holder: str) -> None:
        super().__init__(
            folder,
            f"{folder} is written to by another process ({holder}). If that is a server, send "
            "the write to it over HTTP (POST /update, PUT /graphs), or stop it first; "
            "to serve the store as well, reading only, use 'serve --follow'",
        )
        self.holder = holder


class StoreDamagedError(StoreFolderError):
    """Files of a store are damaged; *damages* says of each what is wrong and what to do."""

    def __init__(self, folder: Path | str, damages: Iterable[object]) -> None:
        self.damages = tuple(damages)
        super().__init__(folder, f"{folder} is damaged. " + " ".join(map(str, self.damages)))
