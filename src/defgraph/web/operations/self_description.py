"""What the dataset says of itself."""

from __future__ import annotations

from typing import Final

from defgraph.media_types import RDF_FORMATS
from defgraph.web import departure
from defgraph.web.operations.common import ASKING, FORMAT, KEPT, READING, UNCHANGED, in_formats
from defgraph.web.operations.rows import Answer, Operation

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
)  # fmt: skip
