"""One query, from its text to the bytes of its answer: what every store of our own does.

Imports pyoxigraph and the standard library alone, since worker processes run it; what else writes
a graph, the profile names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from defgraph.engine.aggregates import refuse_misplaced
from defgraph.engine.diagnosis import PADDING, explained
from defgraph.engine.functions import with_unknown_functions
from defgraph.engine.profile import Profile, writer_called
from defgraph.engine.respelling import respelt
from defgraph.errors import (
    ConnectionNeededError,
    InexpressibleError,
    NotAcceptableError,
    QueryEvaluationError,
    ResultTooLargeError,
)
from defgraph.guard import refuse_network
from defgraph.media_types import GRAPH_FORMATS, RESULT_FORMATS, by_media_type
from defgraph.namespaces import PREFIXES
from defgraph.negotiation import FormatChoice
from defgraph.tokens import tokens

if TYPE_CHECKING:
    from typing_extensions import Buffer

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

MAX_TERM_BYTES: Final = 2**24
"""Of a term as N-Quads writes it, with quotation marks and escapes: longer ones are not read."""

_OURS: Final = Profile()
_N_TRIPLES: Final = ox.RdfFormat.N_TRIPLES
_EVALUATION_ERRORS = (RuntimeError, ValueError, OSError)


def evaluate(  # noqa: PLR0913 - each has its default
    dataset: ox.Store,
    text: str,
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    default_graph_is_union: bool = True,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
    base_iri: str | None = None,
    services: Sequence[str] = (),
    may_connect: bool = False,
) -> Results:
    """Begin to evaluate a query; the results come as they are asked for, and so may an error.

    Where the query says nothing else, its default graph is the union of all graphs, or else the
    dataset's own, as *default_graph_is_union* has it. Of *services* it may ask what it has in a
    SERVICE clause, where this process *may_connect*. Raises QueryRefusedError, QuerySyntaxError and
    QueryEvaluationError, and ConnectionNeededError where it may not.
    """
    if refuse_network(text, allowed=services) and not may_connect:
        raise ConnectionNeededError
    described = default_graphs is not None or named_graphs is not None
    try:
        query = partial(
            dataset.query,
            base_iri=base_iri,
            default_graph=_nodes(default_graphs) if described else None,
            named_graphs=_nodes(named_graphs) if described else None,
            # The union would also go before the query's own FROM.
            use_default_graph_as_union=default_graph_is_union
            and not described
            and not _has_dataset_clause(text),
        )
        refuse_misplaced(text)
        return _asked(query, text, prefixes)
    except SyntaxError as error:
        raise explained(error, text, prefixes, has_base=base_iri is not None) from error
    except _EVALUATION_ERRORS as error:
        raise QueryEvaluationError(str(error)) from error


def _asked(query: Callable[..., Results], text: str, prefixes: Mapping[str, str]) -> Results:
    """Ask *text*; if it is SPARQL in a spelling that the engine does not take, in another.

    Most texts declare their prefixes, and the engine takes 20 us to read all of ours: these are
    given to a text that it does not take without.
    """

    def ask(text: str, prefixes: Mapping[str, str]) -> Results:
        padded = text + PADDING
        return with_unknown_functions(
            lambda known: query(padded, prefixes=dict(prefixes), custom_functions=dict(known))
        )

    if prefixes:
        with suppress(SyntaxError):
            return ask(text, {})
    try:
        return ask(text, prefixes)
    except SyntaxError:
        again = respelt(text)
        if again == text:
            raise
        return ask(again, prefixes)


def serialize(
    results: Results,
    accept: FormatChoice,
    *,
    max_bytes: int,
    profile: Profile = _OURS,
) -> tuple[str, bytes]:
    """Evaluate to the end; return the media type that *accept* has for this form, and the bytes.

    The triples of CONSTRUCT and DESCRIBE come sorted and each one once. Raises NotAcceptableError
    before anything is evaluated, QueryEvaluationError when the evaluation fails,
    ResultTooLargeError as soon as the answer is longer than *max_bytes*, and InexpressibleError.
    """
    media_type = accepted_by(accept, graph=isinstance(results, ox.QueryTriples))
    try:
        if isinstance(results, ox.QueryTriples):
            ntriples = results.serialize(format=_N_TRIPLES) or b""
            return media_type, _write_sorted(ntriples, media_type, max_bytes, profile)
        body = _Body(max_bytes)
        results.serialize(body, ox.QueryResultsFormat.from_media_type(media_type))
        return media_type, body.getvalue()
    except _EVALUATION_ERRORS as error:
        raise QueryEvaluationError(str(error)) from error


def accepted_by(accept: FormatChoice, *, graph: bool) -> str:
    """Return the media type to answer in, with a *graph* or with results.

    Raises NotAcceptableError where there is none.
    """
    media_type = accept.graph if graph else accept.results
    if media_type is None:
        offered = GRAPH_FORMATS if graph else RESULT_FORMATS
        raise NotAcceptableError(each.media_type for each in offered)
    return media_type


def write_graph(
    triples: Iterable[ox.Triple], media_type: str, max_bytes: int, profile: Profile
) -> bytes:
    """Serialise *triples*, sorted and each one once.

    Raises ResultTooLargeError, and InexpressibleError where the media type cannot say them.
    """
    ntriples = ox.serialize(triples, format=_N_TRIPLES) or b""
    return _write_sorted(ntriples, media_type, max_bytes, profile)


def _write_sorted(ntriples: bytes, media_type: str, max_bytes: int, profile: Profile) -> bytes:
    # Sorting lines of bytes takes a third of what sorting triples does, and gives the same order.
    lines = set(ntriples.splitlines(keepends=True))
    ntriples = b"".join(sorted(lines))
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    body = _Body(max_bytes)
    if rdf_format == _N_TRIPLES:
        body.write(ntriples)
    elif not all(map(is_readable, lines)):
        reason = f"a term in it is longer than {MAX_TERM_BYTES:,} bytes"
        raise InexpressibleError(by_media_type(media_type).label, reason)
    elif media_type in profile.writers:
        body.write(writer_called(profile.writers[media_type]).write(ntriples))
    else:
        used = {name: iri for name, iri in profile.prefixes.items() if iri.encode() in ntriples}
        ox.serialize(ox.parse(ntriples, _N_TRIPLES), body, format=rdf_format, prefixes=used)
    return body.getvalue()


def write_about(
    ntriples: bytes, thing: str | None, media_type: str, max_bytes: int, profile: Profile
) -> bytes:
    """Write *ntriples* anew, about *thing*, as the profile's writer for the media type does.

    Raises ResultTooLargeError and InexpressibleError.
    """
    body = _Body(max_bytes)
    body.write(writer_called(profile.writers[media_type]).write(ntriples, thing))
    return body.getvalue()


def is_readable(line: bytes) -> bool:
    """Tell whether the engine can read a line of N-Triples or N-Quads that it has written."""
    if len(line) <= MAX_TERM_BYTES:
        return True
    try:
        return len(list(ox.parse(line, ox.RdfFormat.N_QUADS))) == 1
    except MemoryError:  # its word for a term that is longer than its buffer
        return False


class _Body(BytesIO):
    """A file to serialise an answer to, which refuses what goes beyond *max_bytes*."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__()
        self._max_bytes = max_bytes

    def write(self, chunk: Buffer) -> int:
        size = super().write(chunk)
        if self.tell() > self._max_bytes:
            raise ResultTooLargeError(self._max_bytes)
        return size


def _has_dataset_clause(text: str) -> bool:
    return "from" in text.lower() and any(token.is_word("FROM") for token in tokens(text))


def _nodes(iris: Sequence[str] | None) -> list[Any]:
    # A list of NamedNode; the engine's annotations ask for lists of unions, which are invariant.
    return [ox.NamedNode(iri) for iri in iris or ()]
