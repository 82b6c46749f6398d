"""A document over HTTP: which form of it a client gets, with which headers, kept while it is true.

The form is chosen by the ending of the path, else by ``Accept``: the formats of RDF, Turtle first,
and for browsers a page. ``Link`` (RFC 8288) names the other forms, the address that is canonical,
what to cite and the licence; the entity tag is that of the state of the dataset and of the form, so
nothing is read for a client that has the document already.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from sys import getsizeof
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import quote

from fastapi import Request, Response

from defgraph.documents.addresses import iri_of, split_extension
from defgraph.errors import NotAcceptableError
from defgraph.media_types import PAGE_FORMAT, RDF_FORMATS, Format, by_extension
from defgraph.namespaces import BASE
from defgraph.negotiation import best_format, parse_accept, wants_page
from defgraph.store.protocol import State, Store
from defgraph.web.http.bodies import BadRequestError
from defgraph.web.http.departure import while_present
from defgraph.web.http.encodings import IN_THREAD_BYTES, MIN_BYTES, choose_encoding, encode
from defgraph.web.http.headers import GENERATION, PAGE_POLICY
from defgraph.web.http.parameters import Parameters
from defgraph.web.http.place import public_root_of, raw_path_of, root_of
from defgraph.web.http.validators import etag, tags_in
from defgraph.web.replies import Wishes

FORMS: Final = (*RDF_FORMATS, PAGE_FORMAT)
MAX_PAGE: Final = 1_000_000

_MAX_KEPT_BYTES: Final = 32 * 1024 * 1024
SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~%"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is asked for, below the root of the server.

    *path* is that of the document itself, as in ``doc/state/nz``, without escapes; *extension* asks
    for one form. *public* is the root as other machines see it: an address, where one is set.
    """

    path: str
    extension: str
    page: int
    root: str  # of the server: "/" or "/graph/"
    public: str

    @classmethod
    def of(cls, request: Request) -> Place:
        """Read it from a request; raises IllFormedIriError, and BadRequestError for the page."""
        path, extension = split_extension(raw_path_of(request))
        below = iri_of(path).removeprefix(BASE)
        return cls(below, extension, _page(request), root_of(request), public_root_of(request))

    @property
    def iri(self) -> str:
        """The IRI of the document."""
        return BASE + self.path

    def at(self, extension: str = "", page: int | None = None) -> str:
        """Return the path of a form of the document, or of another page of it."""
        return self.root + self._below(extension, page)

    def seen(self, extension: str = "", page: int | None = None) -> str:
        """Return the same as other machines see it, for ``Link`` and ``Location``."""
        return self.public + self._below(extension, page)

    @property
    def canonical(self) -> str:
        """The address that is preferred: the public one, else that of the document's IRI."""
        is_address = "://" in self.public
        return (self.public if is_address else BASE) + self._below()

    def _below(self, extension: str = "", page: int | None = None) -> str:
        number = self.page if page is None else page
        return (
            quote(self.path, safe=SAFE_IN_PATH)
            + extension
            + (f"?page={number}" if number > 1 else "")
        )


class Made(NamedTuple):
    """A form of a document: its bytes, and of which generation of the dataset it is."""

    body: bytes
    generation: int | None
    has_next: bool = False
    licences: tuple[str, ...] = ()  # that it is under, as far as the data say


Maker: TypeAlias = Callable[[Format], Awaitable[Made]]
Headers: TypeAlias = dict[str, str]


class Representations:
    """The forms of documents that were made, as long as they are what would be made again."""

    def __init__(self, max_bytes: int = _MAX_KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[object, ...], tuple[Headers, bytes]] = OrderedDict()

    async def response(
        self, request: Request, place: Place, make: Maker, *, cite_as: str, store: Store
    ) -> Response:
        """Return the form of the document at *place* that the client wants, while it is there.

        *cite_as* is the IRI of what the document is about. Raises NotAcceptableError, what *make*
        raises.
        """
        wishes = Wishes.of(request.scope)
        form = _form(place.extension, wishes.accept)
        encoding = choose_encoding(wishes.accept_encoding)
        state = store.state
        if state is not None and wishes.if_none_match is not None:
            tags = tags_in(wishes.if_none_match)
            for each in (encoding, None):
                if etag(state, form.media_type, each) in tags:
                    headers = _headers(place, form, each, state)
                    del headers["Content-Type"]
                    return Response(None, HTTPStatus.NOT_MODIFIED, headers)
        key = (state, place, form, encoding)
        kept = self._kept.get(key)
        if kept is None:
            made = await while_present(request.receive, make(form))
            if state is not None and made.generation != state.generation:
                state = None  # a write came between
            body, encoding = await _encoded(made.body, encoding)
            headers = _headers(place, form, encoding, state)
            headers["Link"] = ", ".join(_links(place, form, cite_as, made.licences))
            if made.generation is not None:
                headers[GENERATION] = str(made.generation)
            if made.has_next:
                headers["Link"] += f', <{place.seen(place.extension, place.page + 1)}>; rel="next"'
            kept = headers, body
            if state is not None:
                self._keep(key, kept)
        else:
            self._kept.move_to_end(key)
        headers, body = kept
        return Response(body, headers=headers)

    def _keep(self, key: tuple[object, ...], kept: tuple[Headers, bytes]) -> None:
        if _size(kept) * 8 > self._max_bytes or key in self._kept:
            return
        self._kept[key] = kept
        self._bytes += _size(kept)
        while self._bytes > self._max_bytes:
            self._bytes -= _size(self._kept.popitem(last=False)[1])


def link(target: str, relation: str, **parameters: str) -> str:
    """Return one link of a header ``Link``."""
    further = "".join(f'; {name}="{value}"' for name, value in parameters.items())
    return f'<{target}>; rel="{relation}"{further}'


def _size(kept: tuple[Headers, bytes]) -> int:
    """Return the bytes that an entry takes, roughly: its key is no longer than its headers."""
    headers, body = kept
    return 2 * sum(map(getsizeof, headers.values())) + len(body)


def _page(request: Request) -> int:
    given = Parameters.of_query_string(request.scope["query_string"]).single("page")
    if given is None:
        return 1
    if not (given.isascii() and given.isdecimal() and 0 < int(given[:9]) <= MAX_PAGE):
        raise BadRequestError(f"'page' is a number from 1 to {MAX_PAGE:,}, not {given[:40]!r}")
    return int(given[:9])


def form_of(request: Request, place: Place) -> Format:
    """Return the form that a request at *place* is answered in; raises NotAcceptableError."""
    return _form(place.extension, Wishes.of(request.scope).accept)


def _form(extension: str, accept: str | None) -> Format:
    if extension:
        return by_extension(extension, FORMS)
    if wants_page(accept):
        return PAGE_FORMAT
    ranges = parse_accept(accept)
    found = best_format(ranges, RDF_FORMATS) or best_format(ranges, (PAGE_FORMAT,))
    if found is None:
        raise NotAcceptableError(each.media_type for each in FORMS)
    return found


def _headers(place: Place, form: Format, encoding: str | None, state: State | None) -> Headers:
    headers = {
        "Content-Type": form.content_type,
        "Vary": "Accept-Encoding" if place.extension else "Accept, Accept-Encoding",
    }
    if form is PAGE_FORMAT:
        headers["Content-Security-Policy"] = PAGE_POLICY
    if state is not None:
        headers["ETag"] = etag(state, form.media_type, encoding)
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return headers


def _links(place: Place, form: Format, cite_as: str, licences: tuple[str, ...]) -> Iterator[str]:
    yield link(place.canonical, "canonical")
    yield link(cite_as, "cite-as")
    for licence in licences:
        yield link(licence, "license")
    yield link(f"{place.public}.well-known/void", "describedby")
    for each in FORMS:
        if each is not form or not place.extension:
            yield link(place.seen(each.extension), "alternate", type=each.media_type)
    if place.page > 1:
        yield link(place.seen(place.extension, place.page - 1), "prev")


async def _encoded(body: bytes, encoding: str | None) -> tuple[bytes, str | None]:
    if encoding is None or len(body) < MIN_BYTES:
        return body, None
    if len(body) < IN_THREAD_BYTES:
        return encode(body, encoding), encoding
    return await asyncio.to_thread(encode, body, encoding), encoding
