"""What a row of the table of operations says, from which ``/openapi.json`` is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from defgraph import errors

Schema: TypeAlias = Mapping[str, Any]
Content: TypeAlias = Mapping[str, Schema]
"""A schema for each media type."""

TEXT: Final[Schema] = {"type": "string"}
IRI: Final[Schema] = {"type": "string", "format": "iri"}
HTML: Final[Content] = {"text/html": TEXT}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the query string, or where *place* says."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: TEXT)
    required: bool = False
    place: str = "query"
    example: str | None = None
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation that was done is answered with."""

    description: str
    content: Content = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method does at one path, and what it may be answered with.

    A GET is a HEAD, too. *examples* are of bodies, by their media types. What any request may be
    answered with need not be said.
    """

    path: str
    method: str
    name: str
    tag: str
    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Content = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[type[errors.DefgraphError], ...] = ()
    writes: bool = False
