"""Whether the server is to be asked at all."""

from __future__ import annotations

from dataclasses import dataclass

from defgraph.errors import DefgraphError


class EndingError(DefgraphError):
    """The server is about to end; whoever balances load asks another."""

    retry_after_s = 1

    def __init__(self) -> None:
        super().__init__("The server is about to end; ask again in a moment, or ask another")


@dataclass(slots=True)
class Readiness:
    """What the server says of itself: it is ready until it is told to end."""

    is_ending: bool = False
