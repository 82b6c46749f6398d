"""The service description: what ``GET /sparql`` without a query is answered with."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from sys import getsizeof
from typing import Final

from fastapi import Request

from defgraph.documents.service import SD, Service, described
from defgraph.documents.sizes import Sizes, read_sizes
from defgraph.engine.evaluation import accepted_by, write_graph
from defgraph.engine.profile import Profile
from defgraph.errors import EndpointError, LimitError
from defgraph.jsonld.answers import WRITERS
from defgraph.namespaces import PREFIXES
from defgraph.negotiation import FormatChoice, choose
from defgraph.settings import Settings
from defgraph.store.protocol import Answer, OwnStore, Store
from defgraph.web.dataset import dataset_at
from defgraph.web.http.encodings import choose_encoding
from defgraph.web.http.parameters import Parameters
from defgraph.web.http.place import base_of
from defgraph.web.replies import Wanted, Wishes

_MAX_BYTES: Final = 64 * 1024 * 1024
_WRITTEN: Final = Profile(
    prefixes={
        "sd": SD,
        **{name: PREFIXES[name] for name in ("dcat", "rdf", "rdfs", "void", "xsd")},
    },
    writers=WRITERS,
)


@dataclass(frozen=True, slots=True)
class DescriptionAsked:
    """The description of the endpoint at *base*, in a format of RDF."""

    base: str
    accept: FormatChoice
    takes_writes: bool
    may_vary: bool = False

    @property
    def size(self) -> int:
        """The bytes of its address."""
        return getsizeof(self.base)

    async def put_to(self, store: Store) -> Answer:
        """Return the description of *store*, without numbers where it takes too long to count."""
        sizes: Sizes | None = None
        holdings = f"{self.base}.well-known/void#dataset"
        with suppress(LimitError, EndpointError):  # a description that says less is one, too
            sizes = await read_sizes(store)
            holdings = await dataset_at(store, self.base)
        own = store if isinstance(store, OwnStore) else None
        takes_writes = own is not None and own.is_writable and self.takes_writes
        service = Service(
            endpoint=f"{self.base}sparql",
            holdings=holdings,
            description=f"{self.base}.well-known/void",
            update_endpoint=f"{self.base}update" if takes_writes else None,
            profile=own.profile if own is not None else None,
            sizes=sizes,
        )
        media_type = accepted_by(self.accept, graph=True)
        body = await asyncio.to_thread(
            write_graph, described(service), media_type, _MAX_BYTES, _WRITTEN
        )
        return Answer(media_type, body, sizes.generation if sizes is not None else None)


def is_asked_for(request: Request) -> bool:
    """Tell whether a GET says nothing but a format, and so asks what there is to ask here."""
    return Parameters.of_query_string(request.scope["query_string"]).names <= {"format"}


def wanted(request: Request, settings: Settings) -> Wanted:
    """Return what the request wants to be told; raises BadRequestError, UnknownFormatError."""
    wishes = Wishes.of(request.scope)
    name = Parameters.of_query_string(request.scope["query_string"]).single("format")
    graph_only = choose(wishes.accept, name)._replace(results=None)
    asked = DescriptionAsked(base_of(request), graph_only, settings.has_tokens)
    return Wanted(asked, choose_encoding(wishes.accept_encoding))
