"""Answers that cannot be given in the form that is wanted."""

from __future__ import annotations

from collections.abc import Iterable

from defgraph.errors.base import DefgraphError, either


class NotAcceptableError(DefgraphError):
    """None of the formats that were asked for can express this answer."""

    def __init__(self, offered: Iterable[str]) -> None:
        self.offered = tuple(offered)
        super().__init__(
            f"This answer cannot be given in the format asked for; ask for {either(self.offered)}"
        )


class InexpressibleError(DefgraphError):
    """The dataset holds something that the chosen format has no way to say."""

    def __init__(self, format_label: str, reason: str) -> None:
        super().__init__(
            f"This cannot be written as {format_label}: {reason}; "
            "N-Quads and N-Triples can say everything"
        )
        self.format_label, self.reason = format_label, reason


class UnshowableError(DefgraphError):
    """The answer is whole, but not made for a page."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"A page cannot show this answer: {reason}; take it away as JSON or CSV")
