"""What comes of a write, whoever does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Published:
    """A write made a new generation: durable, and what every query from now on is answered from.

    What follows from the data counts, too, in the quads *added* and *deleted*. *is_new*: the graph
    that was written to was not there before.
    """

    generation: int
    added: int
    deleted: int
    is_new: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A write changed nothing: all that it adds was there, and nothing that it deletes.

    The *hint* says why, where that may not be what was meant.
    """

    generation: int
    hint: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """The shapes refused a write, and nothing has changed; the report for people and programs."""

    text: str
    json: str
    turtle: str


Outcome: TypeAlias = Published | Unchanged | Refused
