"""What the dataset says of itself."""

from __future__ import annotations

from typing import Final

from defgraph.media_types import RDF_FORMATS
from defgraph.web.http import bodies, departure
from defgraph.web.operations.common import (
    ASKING,
    FORMAT,
    KEPT,
    READING,
    STORE,
    UNCHANGED,
    in_formats,
)
from defgraph.web.operations.rows import TEXT, Answer, Operation

OPERATIONS: Final = (
    Operation(
        "/.well-known/void",
        "GET",
        "void",
        "Documents",
        "Read what the dataset holds, as VoID",
        {
            200: Answer("What its graphs hold.", in_formats(*RDF_FORMATS), KEPT),
            304: UNCHANGED,
        },
        "Counted from the dataset as it is now.",
        (FORMAT, *READING),
        problems=(*ASKING, departure.ClientGoneError),
    ),
    Operation(
        "/sitemap.xml",
        "GET",
        "sitemap",
        "Documents",
        "List the pages, for crawlers",
        {200: Answer("The first page and the documents.", {"application/xml": TEXT})},
        problems=(*STORE, bodies.BadRequestError, departure.ClientGoneError),
    ),
    Operation(
        "/robots.txt",
        "GET",
        "robots",
        "Documents",
        "What crawlers may read",
        {200: Answer("The rules.", {"text/plain": TEXT})},
        problems=(bodies.BadRequestError,),
    ),
)  # fmt: skip
