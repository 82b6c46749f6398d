"""What can go wrong, one class for each thing that a caller may want to tell apart.

::

    DefgraphError
    ├── SourceError                 a file of Turtle cannot be taken
    │   ├── UnreadableFileError     missing, a folder, not permitted
    │   │   ├── EncodingError       not UTF-8; knows line and column
    │   │   └── TableError          no table that can be read
    │   ├── TurtleSyntaxError       read, but not Turtle; knows line and column
    │   ├── NoTurtleError           a folder that holds no .ttl file
    │   ├── MappingTableError       no table of SSSOM that can be taken; knows the line
    │   └── GraphNameClashError     two files that would become one named graph
    ├── UnwritableFileError         a file cannot be written
    ├── SettingsError               the environment gives a setting a value it cannot have
    ├── TokenFileError              the file of those who may write cannot be used
    ├── HolderNameError             a name that no token can be given to
    ├── QueryError                  a query or an update cannot be answered
    │   ├── QuerySyntaxError        not SPARQL 1.1; may know line and column
    │   ├── QueryRefusedError       asks for something that is not done here (SERVICE)
    │   ├── QueryEvaluationError    valid, but its evaluation failed
    │   ├── ServiceFailedError      an endpoint that it asks by SERVICE did not answer
    │   ├── ConnectionNeededError   it is to be asked where there is a network
    │   ├── QueryCrashedError       the engine crashed on it
    │   └── LimitError              needs more than one query may have
    │       ├── DeadlineExceededError
    │       ├── MemoryExceededError
    │       ├── QueryTooLongError
    │       ├── ResultTooLargeError
    │       └── UploadTooLargeError
    ├── WriteError                  a write is not taken, whatever state the dataset is in
    │   ├── ReadOnlyError           nothing is written here
    │   ├── DataSyntaxError         the data that was sent is not of its format; may know where
    │   ├── PreconditionFailedError it is for another state of the dataset
    │   └── InferredGraphError      a write to the graph of what follows from the others
    ├── NotAcceptableError          none of the wanted formats can be given
    ├── InexpressibleError          the chosen format has no way to say this RDF
    ├── UnshowableError             the answer is too long or too deep for a page
    ├── UnknownNameError            a name that stands for nothing here
    │   ├── UnknownFormatError
    │   ├── UnknownGraphError
    │   ├── UnknownThingError
    │   ├── RemovedThingError       it was there; may know what takes its place
    │   ├── UnknownSourceError
    │   ├── UnknownQuestionError
    │   ├── UnknownHolderError
    │   ├── UnknownColumnError
    │   ├── UnknownClassError
    │   └── UnknownGenerationError
    ├── IllFormedIriError           what is asked for is no IRI that anything of ours has
    ├── ShapeError                  a SHACL shape cannot be used
    ├── InferenceError              a rule cannot be used, or the rules come to no end
    └── StoreError                  the engine itself failed
        ├── StoreBusyError          more queries wait than it takes; try again shortly
        ├── EndpointError           the endpoint of a remote store does not answer as it should
        └── StoreFolderError        the folder that a store is kept in cannot be used
            ├── NoStoreError
            ├── StoreLockedError    another process writes to it
            └── StoreDamagedError   its files are not what was once written

``str(error)`` is a whole message to a person: what is wrong, where, and how to mend it. Nothing
here knows of HTTP or of exit codes; the edges decide those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar


class DefgraphError(Exception):
    """Anything that defgraph itself reports as wrong."""


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


class QueryError(DefgraphError):
    """A query cannot be answered."""


class QuerySyntaxError(QueryError):
    """The query text is not valid SPARQL 1.1. Line and column count from 1 in the user's text."""

    def __init__(self, reason: str, *, line: int | None = None, column: int | None = None) -> None:
        where = f" (line {line}, column {column})" if line is not None else ""
        super().__init__(f"{reason}{where}")
        self.reason, self.line, self.column = reason, line, column


class QueryRefusedError(QueryError):
    """The query may be valid SPARQL, but asks for something that is not done here."""

    def __init__(self, reason: str, *, line: int | None = None, column: int | None = None) -> None:
        where = f" (line {line}, column {column})" if line is not None else ""
        super().__init__(f"{reason}{where}")
        self.reason, self.line, self.column = reason, line, column


class QueryEvaluationError(QueryError):
    """The query is valid, but evaluating it failed."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The query could not be evaluated: {reason}")
        self.reason = reason


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

    def __init__(self, query_id: str) -> None:
        super().__init__(
            f"The engine crashed on this query, most likely since it is nested too deeply; "
            f"nothing else was harmed (the server's log has more under {query_id})"
        )
        self.query_id = query_id


class LimitError(QueryError):
    """The query needs more than one query may have; knows the limit's setting and value."""

    limit: ClassVar[str]

    def __init__(self, value: float, message: str) -> None:
        super().__init__(f"{message} ({self.limit}={value:g})")
        self.value = value


class DeadlineExceededError(LimitError):
    """The query was not answered within its time, and was stopped."""

    limit = "DEFGRAPH_QUERY_TIMEOUT_S"

    def __init__(self, value: float) -> None:
        super().__init__(
            value, f"The query was stopped after {value:g} s; narrow it down, or add a LIMIT"
        )


class MemoryExceededError(LimitError):
    """The query needed more memory than one query may take, and was stopped."""

    limit = "DEFGRAPH_QUERY_MEMORY_MB"

    def __init__(self, value: int) -> None:
        super().__init__(
            value,
            f"The query was stopped when it needed more than {value} MiB of memory; "
            "let it join, sort or group less at once",
        )


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
    """A write to the graph that holds what follows from the others."""

    def __init__(self, iri: str) -> None:
        super().__init__(
            f"The graph <{iri}> holds what follows from the others and is not written to; "
            "change what it follows from"
        )
        self.iri = iri


class NotAcceptableError(DefgraphError):
    """None of the formats that were asked for can express this answer."""

    def __init__(self, offered: Iterable[str]) -> None:
        self.offered = tuple(offered)
        super().__init__(
            f"This answer cannot be given in the format asked for; ask for {_either(self.offered)}"
        )


class InexpressibleError(DefgraphError):
    """The dataset holds something that the chosen format has no way to say."""

    def __init__(self, format_label: str, reason: str) -> None:
        super().__init__(
            f"This cannot be written as {format_label}: {reason}; "
            "N-Quads and N-Triples can say everything"
        )
        self.format_label, self.reason = format_label, reason


class UnshowableError(DefgraphError):
    """The answer is whole, but not made for a page."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"A page cannot show this answer: {reason}; take it away as JSON or CSV")


class UnknownNameError(DefgraphError):
    """A name that stands for nothing here; *known* are the names that would have done."""

    def __init__(self, name: str, message: str, known: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.name, self.known = name, tuple(known)


class UnknownFormatError(UnknownNameError):
    """No format has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known, shown = tuple(known), name if len(name) <= 80 else name[:80] + "…"
        super().__init__(name, f"There is no format '{shown}'; use {_either(known)}", known)


class UnknownGraphError(UnknownNameError):
    """The dataset has no graph of this name."""

    def __init__(self, iri: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            iri, f"The dataset has no graph <{iri}>.{did_you_mean(iri, known, '<{}>')}", known
        )
        self.iri = iri


class UnknownThingError(UnknownNameError):
    """The dataset says nothing about this IRI."""

    def __init__(self, iri: str) -> None:
        super().__init__(iri, f"The dataset says nothing about <{iri}>")


class RemovedThingError(UnknownNameError):
    """The thing or term was removed; *replaced_by* names what takes its place, if anything does."""

    def __init__(self, iri: str, replaced_by: Iterable[str] = ()) -> None:
        self.replaced_by = tuple(replaced_by)
        instead = f"; use <{'>, <'.join(self.replaced_by)}> instead" if self.replaced_by else ""
        super().__init__(iri, f"<{iri}> was removed from the dataset{instead}")
        self.iri = iri


class UnknownSourceError(UnknownNameError):
    """The dataset has no source of this name, or it has several and none was named."""

    def __init__(self, iri: str | None, known: Iterable[str]) -> None:
        known = tuple(known)
        if not known:
            message = "The dataset has no source, so there is nothing to check a text against"
        else:
            fault = f"<{iri}> is no source" if iri else "The text may belong to several sources"
            message = f"{fault}; name {_either([f'<{each}>' for each in sorted(known)])}"
        super().__init__(iri or "", message, known)


class UnknownQuestionError(UnknownNameError):
    """No question has this identifier."""

    def __init__(self, identifier: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            identifier,
            f"There is no question '{identifier}'.{did_you_mean(identifier, known, '{}')}",
            known,
        )


class UnknownHolderError(UnknownNameError):
    """Nobody of this name holds a token."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            name, f"Nobody named '{name}' holds a token.{did_you_mean(name, known, '{}')}", known
        )


class UnknownColumnError(UnknownNameError):
    """The table has no column of this name."""

    def __init__(self, path: Path | str, name: str, known: Iterable[str]) -> None:
        known = tuple(known)
        columns = ", ".join(repr(each[:60]) for each in known[:30]) or "none"
        near = did_you_mean(name, known, "'{}'") if len(known) > 5 else ""
        super().__init__(
            name, f"{path}: there is no column '{name}'; its columns are {columns}.{near}", known
        )


class UnknownClassError(UnknownNameError):
    """No thing of the dataset that has a name is of this class."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            name, f"Nothing here is of the class '{name}'.{did_you_mean(name, known, '{}')}", known
        )


class UnknownGenerationError(UnknownNameError):
    """The store's log has no generation of this number."""

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(
            str(number), f"The store has no generation {number}; its newest is {newest}"
        )


class InferenceError(DefgraphError):
    """A rule is not a CONSTRUCT query, or the rules do not reach a fixed point."""


class IllFormedIriError(DefgraphError):
    """What is asked for is no IRI, or none that anything of ours could have."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(f"{given!r} is not the address of anything here: {reason}")
        self.given = given


class ShapeError(DefgraphError):
    """A SHACL shape is not one that the engine can use."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"A shape cannot be used: {reason}")
        self.reason = reason


class StoreError(DefgraphError):
    """The engine that holds the dataset failed; the fault is neither the query's nor the data's."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The store failed: {reason}")
        self.reason = reason


class StoreBusyError(StoreError):
    """More queries wait than may wait, or for longer; ask again after *retry_after_s* seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("too many queries wait already; ask again in a moment")
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


def _either(names: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    if not names:
        return "nothing: no format can express it"
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def did_you_mean(name: str, known: Sequence[str], form: str) -> str:
    """Name what comes close, or all there is where that is little."""
    near = get_close_matches(name, known, n=3, cutoff=0.6)
    listed = near or (sorted(known) if len(known) <= 5 else [])
    if not listed:
        return ""
    return f" Did you mean {_either([form.format(each) for each in listed])}?"
