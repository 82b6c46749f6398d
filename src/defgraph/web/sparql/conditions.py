"""Writes that are only to be done in a state that the client knows (RFC 9110, section 13.1).

``If-Match: "17"`` names a generation; an entity tag of an answer names its state, and so do. Two
clients that read, think and write cannot undo each other's writes: the later is answered with 412.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from fastapi import Request

from defgraph.errors import PreconditionFailedError
from defgraph.store.protocol import State
from defgraph.web.http.bodies import BadRequestError
from defgraph.web.http.validators import is_tag_of

_ANY: Final = "*"
_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t]*(?:{_TAG})?)*[ \t]*")


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The values of ``If-Match`` and ``If-None-Match``; None where there is none."""

    if_match: str | None
    if_none_match: str | None

    @classmethod
    def of(cls, request: Request) -> Self | None:
        """Read them from a request, None if it has none; raises BadRequestError."""
        if_match, if_none_match = (_value(request, n) for n in ("If-Match", "If-None-Match"))
        if if_match is None and if_none_match is None:
            return None
        return cls(if_match, if_none_match)

    def check(self, state: State, *, exists: bool) -> None:
        """Raise PreconditionFailedError unless they hold: see `store.protocol.Condition`.

        Tags are compared strongly for ``If-Match``, so that a weak one fits nothing, and weakly for
        ``If-None-Match``.
        """
        if self.if_match is not None:
            if not exists:
                raise PreconditionFailedError("There is no such graph", state.generation)
            if self.if_match != _ANY and not _fits(state, self.if_match):
                given = f"The write is for {self.if_match}"
                raise PreconditionFailedError(given, state.generation)
        if self.if_none_match is not None and exists:
            if self.if_none_match == _ANY:
                raise PreconditionFailedError("There is such a graph already", state.generation)
            if _fits(state, self.if_none_match.replace("W/", "")):
                given = f"The write is for another state than {self.if_none_match}"
                raise PreconditionFailedError(given, state.generation)


def _value(request: Request, name: str) -> str | None:
    given = ", ".join(request.headers.getlist(name)).strip()
    if not request.headers.getlist(name):
        return None
    if given != _ANY and not _LIST.fullmatch(given):
        raise BadRequestError(
            f"{name} is no list of entity tags: {given[:80]!r}; a generation is one in quotation "
            f'marks, as in {name}: "17"'
        )
    return given


def _fits(state: State, given: str) -> bool:
    tags = re.findall(_TAG, given)
    return any(not each.startswith("W/") and is_tag_of(each, state) for each in tags)
