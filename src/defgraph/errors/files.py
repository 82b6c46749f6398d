"""Files that cannot be read, taken or written, and settings that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Self

from defgraph.errors.base import DefgraphError

_ADDRESS: Final = re.compile(r"(?:https?|ftp):/", re.IGNORECASE)  # in a path two strokes are one


class SourceError(DefgraphError):
    """A file of Turtle cannot be taken into the dataset."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(message)
        self.path = Path(path)


class UnreadableFileError(SourceError):
    """The file cannot be read as text."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(path, f"{path}: {reason}")
        self.reason = reason

    @classmethod
    def missing(cls, path: Path | str, what: str = "file") -> Self:
        """Return the error of a path where nothing is, which may have been meant as an address."""
        reason = f"there is no such {what}"
        if _ADDRESS.match(str(path)):
            reason += "; nothing is fetched from an address, so download it and name the file"
        return cls(path, reason)


class TableError(UnreadableFileError):
    """The file is text, but no table that can be read."""


class EncodingError(UnreadableFileError):
    """The file is not in UTF-8. Line and column count characters from 1, up to the wrong byte."""

    def __init__(self, path: Path | str, reason: str, *, line: int, column: int) -> None:
        super().__init__(path, f"line {line}, column {column}: {reason}")
        self.line, self.column = line, column


class TurtleSyntaxError(SourceError):
    """The file is text, but not Turtle. Line and column count characters from 1."""

    def __init__(self, path: Path | str, reason: str, *, line: int, column: int) -> None:
        super().__init__(path, f"{path}, line {line}, column {column}: {reason}")
        self.reason, self.line, self.column = reason, line, column


class MappingTableError(SourceError):
    """The file is text, but no table of mappings (SSSOM) that can be taken. Lines count from 1."""

    def __init__(self, path: Path | str, reason: str, *, line: int) -> None:
        super().__init__(path, f"{path}, line {line}: {reason}")
        self.reason, self.line = reason, line


class NoTurtleError(SourceError):
    """The folder holds no file whose name ends in ``.ttl``, at any depth."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            path, f"{path}: this folder holds no Turtle; put files that end in .ttl into it"
        )


class GraphNameClashError(SourceError):
    """Two files would become the same named graph."""

    def __init__(self, graph_name: str, first: Path | str, second: Path | str) -> None:
        super().__init__(
            second,
            f"{first} and {second} would both become the graph <{graph_name}>; "
            "rename one of them, or leave one out",
        )
        self.graph_name = graph_name


class UnwritableFileError(DefgraphError):
    """A file cannot be written; what was there before is untouched."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: it cannot be written ({reason})")
        self.path, self.reason = Path(path), reason


class SettingsError(DefgraphError):
    """A setting has a value that it cannot have; *faults* are pairs of a setting and a reason."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        named = "; ".join(f"DEFGRAPH_{name.upper()}: {reason}" for name, reason in faults)
        super().__init__(f"These settings cannot be used: {named}")


class TokenFileError(DefgraphError):
    """The file of tokens cannot be used; as long as that is so, nobody's token is taken."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(
            f"The file of tokens {path} cannot be used, so nobody may write: {reason}. "
            "Restore it, or move it away and make another: "
            f"defgraph token add NAME --tokens {path}"
        )
        self.path, self.reason = Path(path), reason


class HolderNameError(DefgraphError):
    """A name that no token can be given to, or not now."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The name {name!r} {reason}")
        self.name, self.reason = name, reason


class ExtraNeededError(DefgraphError):
    """A library is needed that is not installed; *extra* is the extra of ours that has it."""

    def __init__(self, library: str, extra: str | None) -> None:
        package = f"'defgraph[{extra}]'" if extra else library
        super().__init__(f"This needs {library}, which is not installed: pip install {package}")
        self.library, self.extra = library, extra
