"""What a query may not do: fetch from the network.

Oxigraph follows ``SERVICE`` whenever it is asked to. Nothing else in a query reaches outside:
``FROM`` names graphs of the dataset, and ``LOAD`` is an update, which is no query.
"""

from __future__ import annotations

import re
from typing import Final

from defgraph.errors import QueryRefusedError
from defgraph.tokens import position

# The clause is sought as characters, in strings and comments too. A tokenizer can be led to take
# a clause for a part of a string (Oxigraph's parser has none: `?a <'x>y'` is two tokens or four),
# while nobody but the clause itself needs a name or variable after SERVICE and a brace after that.
_GAP: Final = r"(?:\s|\#[^\r\n]*[\r\n])*"
_CLAUSE: Final = re.compile(
    rf"""[?$:]\w*                                                # a name that holds the word, or
    |(?P<service>SERVICE){_GAP}(?:SILENT{_GAP})?
        (?:<[^<>]*>|[?$]\w+|[^\s<>{{}}?$"'\#]*:[^\s<>{{}}"']*?)  # whom to ask
        {_GAP}\{{""",
    re.IGNORECASE | re.VERBOSE,
)


def refuse_network(text: str) -> None:
    """Raise QueryRefusedError if *text* holds a SERVICE clause.

    A string or comment that spells out a whole clause is refused as well.
    """
    if "service" not in text.lower():
        return
    for match in _CLAUSE.finditer(text):
        if match["service"]:
            line, column = position(text, match.start("service"))
            raise QueryRefusedError(
                f"SERVICE is not followed here (line {line}, column {column}): a query is answered "
                "from this dataset alone; ask the other endpoint yourself, or load its data"
            )
