"""A store that evaluates queries in this process, with an embedded Oxigraph."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import pyoxigraph as ox

from defgraph.errors import NotAcceptableError, QueryEvaluationError
from defgraph.guard import refuse_network
from defgraph.media_types import GRAPH_FORMATS, RESULT_FORMATS
from defgraph.namespaces import PREFIXES
from defgraph.store.diagnosis import PADDING, explained
from defgraph.store.protocol import Answer, FormatChoice
from defgraph.tokens import tokens

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_EVALUATION_ERRORS = (RuntimeError, ValueError, OSError)


class InProcessStore:
    """An in-memory dataset; each query runs in a thread, so that the event loop stays free.

    Our prefixes are known in every query and need no declaration; one that a query declares itself
    goes before ours. Nothing stops a query that runs too long: this store is for one's own use.
    """

    def __init__(
        self,
        dataset: ox.Store,
        *,
        prefixes: Mapping[str, str] = PREFIXES,
        generation: int = 1,
    ) -> None:
        self._dataset = dataset
        self._prefixes = dict(prefixes)
        self._generation = generation

    async def query(
        self,
        text: str,
        *,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a query: see :meth:`defgraph.store.protocol.Store.query`."""
        answer = partial(self._answer, text, accept, default_graphs, named_graphs)
        return await asyncio.to_thread(_leaving_nothing_behind, answer)

    def _answer(
        self,
        text: str,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
    ) -> Answer:
        results = evaluate(
            self._dataset,
            text,
            prefixes=self._prefixes,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
        )
        media_type, body = serialize(results, accept, self._prefixes)
        return Answer(media_type, body, self._generation)


def evaluate(
    dataset: ox.Store,
    text: str,
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
) -> Results:
    """Begin to evaluate a query; the results come as they are asked for, and so may an error.

    Where the query says nothing else, its default graph is the union of all graphs. Raises
    QueryRefusedError, QuerySyntaxError and QueryEvaluationError.
    """
    refuse_network(text)
    described = default_graphs is not None or named_graphs is not None
    try:
        return dataset.query(
            text + PADDING,
            prefixes=dict(prefixes),
            default_graph=_nodes(default_graphs) if described else None,
            named_graphs=_nodes(named_graphs) if described else None,
            # The union would also go before the query's own FROM.
            use_default_graph_as_union=not described and not _has_dataset_clause(text),
        )
    except SyntaxError as error:
        raise explained(error, text, prefixes) from error
    except _EVALUATION_ERRORS as error:
        raise QueryEvaluationError(str(error)) from error


def serialize(
    results: Results, accept: FormatChoice, prefixes: Mapping[str, str] = PREFIXES
) -> tuple[str, bytes]:
    """Evaluate to the end; return the media type that *accept* has for this form, and the bytes.

    The triples of CONSTRUCT and DESCRIBE come sorted and each one once. Raises NotAcceptableError
    before anything is evaluated, QueryEvaluationError when the evaluation fails.
    """
    of_graph = isinstance(results, ox.QueryTriples)
    media_type = accept.graph if of_graph else accept.results
    if media_type is None:
        offered = GRAPH_FORMATS if of_graph else RESULT_FORMATS
        raise NotAcceptableError(each.media_type for each in offered)
    try:
        if isinstance(results, ox.QueryTriples):
            return media_type, _rdf(results, media_type, prefixes)
        result_format = ox.QueryResultsFormat.from_media_type(media_type)
        return media_type, results.serialize(format=result_format) or b""
    except _EVALUATION_ERRORS as error:
        raise QueryEvaluationError(str(error)) from error


def _leaving_nothing_behind(answer: Callable[[], Answer]) -> Answer:
    """Call *answer*; if it fails, forget what its frames hold before the error goes elsewhere.

    The engine's results must be dropped in the thread that made them.
    """
    try:
        return answer()
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None:
            traceback.clear_frames(cause.__traceback__)
            cause = cause.__cause__ or cause.__context__
        raise


def _rdf(triples: Iterable[ox.Triple], media_type: str, prefixes: Mapping[str, str]) -> bytes:
    ordered = sorted(set(triples), key=str)
    text = "\n".join(map(str, ordered))
    used = {name: iri for name, iri in prefixes.items() if iri in text}
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    return ox.serialize(ordered, format=rdf_format, prefixes=used) or b""


def _has_dataset_clause(text: str) -> bool:
    return "from" in text.lower() and any(token.is_word("FROM") for token in tokens(text))


def _nodes(iris: Sequence[str] | None) -> list[Any]:
    # A list of NamedNode; the engine's annotations ask for lists of unions, which are invariant.
    return [ox.NamedNode(iri) for iri in iris or ()]
