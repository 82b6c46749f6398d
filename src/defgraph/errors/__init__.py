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
    ├── ExtraNeededError            a library is needed that is not installed
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
    │   ├── UnknownDumpError
    │   ├── UnknownGraphError
    │   ├── UnknownThingError
    │   ├── RemovedThingError       it was there; may know what takes its place
    │   ├── UnknownSourceError
    │   ├── UnknownQuestionError
    │   ├── UnknownHolderError
    │   ├── UnknownColumnError
    │   ├── UnknownClassError
    │   ├── UnknownTableError
    │   └── UnknownGenerationError
    ├── IllFormedIriError           what is asked for is no IRI that anything of ours has
    ├── DumpError                   the dumps could not be written
    ├── DumpPendingError            they are being written
    ├── NoDumpsError                there are none here
    ├── ShapeError                  a SHACL shape cannot be used
    ├── InferenceError              a rule cannot be used, or the rules come to no end
    └── StoreError                  the engine itself failed
        ├── StoreBusyError          more queries wait than it takes; try again shortly
        ├── EndpointError           the endpoint of a remote store does not answer as it should
        └── StoreFolderError        the folder that a store is kept in cannot be used
            ├── NoStoreError
            ├── PlainStoreError     it holds no shipped graph
            ├── StoreLockedError    another process writes to it
            └── StoreDamagedError   its files are not what was once written

``str(error)`` is a whole message to a person: what is wrong, where, and how to mend it. Nothing
here knows of HTTP or of exit codes; the edges decide those.
"""

from __future__ import annotations

from defgraph.errors.base import DefgraphError
from defgraph.errors.dumps import (
    DumpError,
    DumpPendingError,
    NoDumpsError,
    UnknownDumpError,
)
from defgraph.errors.files import (
    EncodingError,
    ExtraNeededError,
    GraphNameClashError,
    HolderNameError,
    MappingTableError,
    NoTurtleError,
    SettingsError,
    SourceError,
    TableError,
    TokenFileError,
    TurtleSyntaxError,
    UnreadableFileError,
    UnwritableFileError,
)
from defgraph.errors.formats import (
    InexpressibleError,
    NotAcceptableError,
    UnshowableError,
)
from defgraph.errors.knowledge import (
    InferenceError,
    ShapeError,
)
from defgraph.errors.names import (
    IllFormedIriError,
    RemovedThingError,
    UnknownClassError,
    UnknownColumnError,
    UnknownFormatError,
    UnknownGenerationError,
    UnknownGraphError,
    UnknownHolderError,
    UnknownNameError,
    UnknownQuestionError,
    UnknownSourceError,
    UnknownTableError,
    UnknownThingError,
)
from defgraph.errors.queries import (
    ConnectionNeededError,
    DeadlineExceededError,
    LimitError,
    MemoryExceededError,
    QueryCrashedError,
    QueryError,
    QueryEvaluationError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTooLongError,
    ResultTooLargeError,
    ServiceFailedError,
    UploadTooLargeError,
)
from defgraph.errors.stores import (
    EndpointError,
    NoStoreError,
    PlainStoreError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFolderError,
    StoreLockedError,
)
from defgraph.errors.writes import (
    DataSyntaxError,
    InferredGraphError,
    PreconditionFailedError,
    ReadOnlyError,
    WriteError,
)

__all__ = [
    "ConnectionNeededError",
    "DataSyntaxError",
    "DeadlineExceededError",
    "DefgraphError",
    "DumpError",
    "DumpPendingError",
    "EncodingError",
    "EndpointError",
    "ExtraNeededError",
    "GraphNameClashError",
    "HolderNameError",
    "IllFormedIriError",
    "InexpressibleError",
    "InferenceError",
    "InferredGraphError",
    "LimitError",
    "MappingTableError",
    "MemoryExceededError",
    "NoDumpsError",
    "NoStoreError",
    "NoTurtleError",
    "NotAcceptableError",
    "PlainStoreError",
    "PreconditionFailedError",
    "QueryCrashedError",
    "QueryError",
    "QueryEvaluationError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "QueryTooLongError",
    "ReadOnlyError",
    "RemovedThingError",
    "ResultTooLargeError",
    "ServiceFailedError",
    "SettingsError",
    "ShapeError",
    "SourceError",
    "StoreBusyError",
    "StoreDamagedError",
    "StoreError",
    "StoreFolderError",
    "StoreLockedError",
    "TableError",
    "TokenFileError",
    "TurtleSyntaxError",
    "UnknownClassError",
    "UnknownColumnError",
    "UnknownDumpError",
    "UnknownFormatError",
    "UnknownGenerationError",
    "UnknownGraphError",
    "UnknownHolderError",
    "UnknownNameError",
    "UnknownQuestionError",
    "UnknownSourceError",
    "UnknownTableError",
    "UnknownThingError",
    "UnreadableFileError",
    "UnshowableError",
    "UnwritableFileError",
    "UploadTooLargeError",
    "WriteError",
]
