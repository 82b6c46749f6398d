"""A store that is somebody else's engine: an endpoint of SPARQL 1.1, asked over HTTP, for reading.

Nothing of a stranger's query is parsed here beyond its beginning (``prologue``), and nothing of an
answer is read but its end (``endpoint``): its bytes are handed on. What an endpoint may do to us is
bounded as what a query may: in time, in the size of an answer, in the number of queries under way.
Nothing is kept; the environment's proxies and passwords are not used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Final

import httpx2

from defgraph.engine.limits import Limits
from defgraph.errors import (
    DeadlineExceededError,
    DefgraphError,
    EndpointError,
    SettingsError,
    StoreBusyError,
    StoreError,
)
from defgraph.guard import refuse_network
from defgraph.media_types import RDF_FORMATS, RESULT_FORMATS, by_media_type
from defgraph.namespaces import PREFIXES
from defgraph.negotiation import JSON_RESULTS, FormatChoice
from defgraph.remote import endpoint, prologue
from defgraph.store.protocol import Answer, Load, State

CONNECTIONS: Final = 16

_SCHEMES: Final = ("http://", "https://")
_LAST_PORT: Final = 65535

_log = logging.getLogger(__name__)


def is_address(name: str) -> bool:
    """Tell whether *name* is meant as the address of an endpoint, and not as a folder."""
    return name.lower().startswith(_SCHEMES)


class RemoteStore:
    """The dataset behind an endpoint; its default graph is what the endpoint says it is.

    Our prefixes are known in every query: they are declared in the text that is sent. *connections*
    queries are asked at a time and *max_waiting* wait beyond those; *authorization* is the value
    of the header of that name. Raises SettingsError for an address that no endpoint can have.
    """

    def __init__(  # noqa: PLR0913 - each has its default
        self,
        address: str,
        *,
        authorization: str | None = None,
        prefixes: Mapping[str, str] = PREFIXES,
        limits: Limits | None = None,
        connections: int = CONNECTIONS,
        max_waiting: int = 64,
    ) -> None:
        self._address = _checked(address)
        self._headers = {"User-Agent": "defgraph", "Accept-Encoding": "identity"}
        if authorization:
            if not (authorization.isascii() and authorization.isprintable()):
                reason = "a header holds printable ASCII only"
                raise SettingsError([("store_authorization", reason)])
            self._headers["Authorization"] = authorization
        self._prefixes = dict(prefixes)
        self._limits = limits or Limits()
        self._connections, self._max_under_way = connections, connections + max_waiting
        self._turn = asyncio.Semaphore(connections)
        self._under_way = 0
        self._client: httpx2.AsyncClient | None = None

    @property
    def state(self) -> State | None:
        """Not known: others may write to the endpoint at any time."""
        return None

    @property
    def load(self) -> Load:
        """What it has to do now: a worker is a connection."""
        busy = min(self._under_way, self._connections)
        return Load(busy, self._connections - busy, self._under_way - busy)

    async def start(self) -> None:
        """Ask the endpoint something; raises EndpointError, with its address, if it cannot answer.

        That the default graph is empty while named graphs are not is a warning in the log.
        """
        if self._client is not None:
            return
        pool = httpx2.Limits(
            max_connections=self._connections, max_keepalive_connections=self._connections
        )
        self._client = httpx2.AsyncClient(
            headers=self._headers, timeout=None, limits=pool, trust_env=False
        )
        try:
            has_default = await self._holds("ASK { ?s ?p ?o }")
            has_named = await self._holds("ASK { GRAPH ?g { ?s ?p ?o } }")
        except DefgraphError as error:
            await self.close()
            fault = error.fault if isinstance(error, EndpointError) else f"cannot be used: {error}"
            raise EndpointError(f"at {self._address} {fault}") from error
        if has_named and not has_default:
            _log.warning(
                "the default graph of %s is empty, and its named graphs are not: have it answer "
                "from the union of the named graphs (see docs/scale-out.md)",
                self._address,
            )

    async def close(self) -> None:
        """Close every connection; queries that are not answered yet fail."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def query(
        self,
        text: str,
        *,
        accept: FormatChoice,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a query: see :meth:`defgraph.store.protocol.Store.query`.

        What the endpoint finds wrong with a query is told in its own words. Raises EndpointError
        when it cannot be reached or does not answer as SPARQL 1.1 Protocol says, and StoreBusyError
        when it or this store has too much to do. Cancelling it closes the connection.
        """
        if self._client is None:
            raise StoreError("it is closed, or was never started")
        self._limits.encoded(text)
        await asyncio.to_thread(refuse_network, text)
        query = prologue.read(text, self._prefixes)
        media_type = accept.graph if query.gives_graph else accept.results
        if media_type is None:
            raise endpoint.not_acceptable(gives_graph=query.gives_graph)
        wanted = by_media_type(media_type, RDF_FORMATS if query.gives_graph else RESULT_FORMATS)
        fields: dict[str, str | list[str]] = {"query": query.text}
        if default_graphs:
            fields["default-graph-uri"] = list(default_graphs)
        if named_graphs:
            fields["named-graph-uri"] = list(named_graphs)
        if self._under_way >= self._max_under_way:
            raise StoreBusyError(endpoint.RETRY_AFTER_S)
        self._under_way += 1
        try:
            async with self._turn, asyncio.timeout(self._limits.timeout_s):
                body = await endpoint.ask(
                    self._client,
                    self._address,
                    fields,
                    wanted,
                    max_bytes=self._limits.max_result_bytes,
                )
        except TimeoutError as error:
            raise DeadlineExceededError(self._limits.timeout_s) from error
        finally:
            self._under_way -= 1
        return Answer(wanted.media_type, body, generation=None)

    async def _holds(self, text: str) -> bool:
        return b"true" in (await self.query(text, accept=JSON_RESULTS)).body


def _checked(address: str) -> httpx2.URL:
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL as error:
        raise SettingsError([("store", f"'{address}' is no address: {error}")]) from error
    if url.userinfo:
        reason = "an address holds no password; give that as DEFGRAPH_STORE_AUTHORIZATION"
        raise SettingsError([("store", reason)])
    if not is_address(address) or not url.host or (url.port or 0) > _LAST_PORT:
        reason = f"'{address}' is not the address of an endpoint, as in https://host/sparql"
        raise SettingsError([("store", reason)])
    return url
