"""What a store is asked to do: a query, an update, or something with a graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from defgraph.errors import QuerySyntaxError
from defgraph.negotiation import FormatChoice

NO_FORMAT: Final = FormatChoice(results=None, graph=None)


class Upload(NamedTuple):
    """Triples as they were sent: a document, and the media type that it is said to be of."""

    body: bytes
    media_type: str


_WORDS: Final = {
    "query": "query",
    "update": "update",
    "patch": "update",
    "replace": "upload",
    "add": "upload",
    "delete": "deletion",
}


class Task(NamedTuple):
    """One thing to do; all of it but the *kind* is a stranger's.

    A graph is named by its IRI; None is the default graph itself, which is not the union that
    queries see. A graph that holds no triple does not exist.
    """

    kind: Literal[
        "query", "read", "exists", "write", "dump", "update", "replace", "add", "delete", "patch"
    ]
    body: bytes = b""  # the text, or N-Triples to write anew
    uploads: Sequence[Upload] = ()  # whose triples the graph gets, all together
    graph: str | None = None  # or the thing that is written about
    accept: FormatChoice = NO_FORMAT  # of a query, and of what is read
    # The dataset of a query, or of each WHERE of an update, where the request describes it.
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None

    @property
    def is_write(self) -> bool:
        """Tell whether it may change the dataset."""
        return self.kind not in {"query", "read", "exists", "write", "dump"}

    @property
    def what(self) -> str:
        """The word for it, to those who sent it."""
        return _WORDS.get(self.kind, "request")

    @property
    def title(self) -> str:
        """What a log says of it where its author says nothing."""
        graph = "the default graph" if self.graph is None else f"<{self.graph}>"
        titles = {"replace": "Replace", "add": "Add to", "patch": "Patch", "delete": "Delete"}
        return f"{titles[self.kind]} {graph}" if self.kind in titles else self.kind.capitalize()

    @property
    def size(self) -> int:
        """The bytes of what was sent."""
        return len(self.body) + sum(len(each.body) for each in self.uploads)

    @property
    def describes_dataset(self) -> bool:
        """Tell whether the request says which graphs are asked, whatever the text says."""
        return self.default_graphs is not None or self.named_graphs is not None


def read_graph(graph: str | None, media_type: str) -> Task:
    """The task to write a graph in one of the RDF media types; raises UnknownGraphError."""
    return Task("read", graph=graph, accept=FormatChoice(results=None, graph=media_type))


def write_about(thing: str, ntriples: bytes, media_type: str) -> Task:
    """The task to write a graph about *thing* in a media type that the profile has a writer for.

    Within the limits of a query: raises what a query raises, and InexpressibleError.
    """
    accept = FormatChoice(results=None, graph=media_type)
    return Task("write", ntriples, graph=thing, accept=accept)


def dump(media_type: str) -> Task:
    """The task to write the dumps in one of the RDF media types, as the profile's dumper does.

    Into a file that goes with the task. Raises NoDumpsError where there is no dumper, DumpError
    where there is no room, and ResultTooLargeError.
    """
    return Task("dump", accept=FormatChoice(results=None, graph=media_type))


def update(
    text: str,
    using_graphs: Sequence[str] | None = None,
    using_named_graphs: Sequence[str] | None = None,
) -> Task:
    """The task to do a SPARQL update; the two describe the dataset of each WHERE, as USING does.

    Raises QuerySyntaxError, QueryRefusedError for LOAD and SERVICE or for a USING or WITH in
    the text beside *using_graphs* (SPARQL 1.1 Protocol 2.2.3), and QueryEvaluationError.
    """
    return Task(
        "update",
        _encoded(text),
        default_graphs=using_graphs,
        named_graphs=using_named_graphs,
    )


def replace_graph(graph: str | None, *uploads: Upload) -> Task:
    """The task to make the triples of *uploads* the graph's only ones; raises DataSyntaxError."""
    return Task("replace", uploads=uploads, graph=graph)


def add_to_graph(graph: str | None, *uploads: Upload) -> Task:
    """The task to add the triples of *uploads* to a graph, maybe new; raises DataSyntaxError."""
    return Task("add", uploads=uploads, graph=graph)


def patch_graph(graph: str | None, text: str) -> Task:
    """The task to do an update for which the graph is the default graph, and the only one.

    Raises what :func:`update` raises, and QueryRefusedError for what names other graphs.
    """
    return Task("patch", _encoded(text), graph=graph)


def delete_graph(graph: str | None) -> Task:
    """The task to delete all triples of a graph; raises UnknownGraphError if that is not there."""
    return Task("delete", graph=graph)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise QuerySyntaxError("The update holds a lone surrogate; that is no text") from error
