"""Validators of answers: entity tags by the state of the dataset (RFC 9110, section 8.8.3).

A state of the dataset never changes, so whoever has the answer that one state gave to a request has
the answer that it gives now. A tag therefore names the state and the form of the answer, and no
body has to be made to compare it: ``"17-0b5b2c...-turtle.br"``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

import defgraph
from defgraph.media_types import FORMATS, PAGE_FORMAT, by_media_type
from defgraph.remembering import remembered
from defgraph.store.protocol import State

_ID_LENGTH: Final = 16  # of a hash of 64 hexadecimal digits: 64 bits keep two states apart
_FORMS: Final = (*FORMATS, PAGE_FORMAT)
_DATE: Final = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)
_TAG: Final = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


@lru_cache(maxsize=256)
def etag(state: State, media_type: str, encoding: str | None = None) -> str:
    """Return the entity tag of what *state* answers in *media_type*, compressed as *encoding*.

    Another release of defgraph may write the same answer in other bytes, so it has other tags.
    """
    form = by_media_type(media_type, _FORMS).name + (f".{encoding}" if encoding else "")
    return etag_of(state, form)


def etag_of(state: State, form: str) -> str:
    """Return the entity tag of what is made of *state* in a form that is called so."""
    return f'"{state.generation}-{_short(state)}-{defgraph.__version__}-{form}"'


def is_tag_of(tag: str, state: State) -> bool:
    """Tell whether *tag* is one of *state*: of any of its answers, or its generation alone."""
    number = str(state.generation)
    return tag == f'"{number}"' or tag.startswith(f'"{number}-{_short(state)}-')


@remembered(256)
def tags_in(header: str) -> frozenset[str]:
    """Return the entity tags of an ``If-None-Match``, compared weakly: without their ``W/``.

    ``*`` stands for itself. What is not well formed is passed over (section 13.1.2).
    """
    if header.strip() == "*":
        return frozenset("*")
    return frozenset(f'"{tag}"' for tag in _TAG.findall(header))


def date(time: datetime) -> str:
    """Return *time*, which is UTC, as HTTP writes it (section 5.6.7)."""
    return format_datetime(time, usegmt=True)


def date_in(header: str | None) -> datetime | None:
    """Return the time that a header says; None where that is no date (section 13.1.3)."""
    if header is None or not _DATE.fullmatch(header.strip()):
        return None
    try:
        return parsedate_to_datetime(header).replace(tzinfo=UTC)
    except ValueError:  # as on the 31st of February
        return None


def _short(state: State) -> str:
    """Return as much of the hash that is its id as is needed, without what it is a hash by."""
    return state.id.rpartition(":")[2][:_ID_LENGTH]
