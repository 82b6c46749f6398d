"""What a JSON-LD document of a thing looks like, as JSON Schema (draft 2020-12).

A schema is made from the context, which knows what stands for each property, and from the table
below. It says what programs may rely on: ``label`` is a map of languages, ``partyTo`` an array of
things, ``isoAlpha3`` plain text.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from defgraph.jsonld.compaction import context
from defgraph.namespaces import BASE

Schema: TypeAlias = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_REQUIRED: Final = {
    "State": ("label",),
    "Agreement": ("label",),
    "Person": ("label",),
    "Claim": ("aboutSubject", "aboutProperty", "hasModality"),
}
"""The classes that there are schemas for, and what each document of one has."""

NAMES: Final = tuple(each.lower() for each in _REQUIRED)

_LITERAL: Final = {"$ref": "#/$defs/literal"}
_THING: Final = {"$ref": "#/$defs/thing"}


def schema(name: str) -> Schema | None:
    """Return the schema of documents of one class, named in small letters; None for others."""
    of_class = {each.lower(): each for each in _REQUIRED}.get(name)
    if of_class is None:
        return None
    terms = {
        term: _of_term(definition)
        for term, definition in context().items()
        if isinstance(definition, dict)
    }
    return {
        "$schema": DIALECT,
        "$id": f"{BASE}schema/{name}.json",
        "title": of_class,
        "description": f"The JSON-LD document of one {of_class} of {BASE}",
        "type": "object",
        "required": ["@context", "id", "type", "document", *_REQUIRED[of_class]],
        "properties": {
            "@context": {"type": "object"},
            "type": _one_or_many({"type": "string"}) | _holds(of_class),
        },
        "$ref": "#/$defs/node",
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "type": _one_or_many({"type": "string"}),
                    "@reverse": {
                        "type": "object",
                        "additionalProperties": _one_or_many(_THING),
                    },
                    "included": _one_or_many(_THING),
                    **terms,
                },
            },
            "thing": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/node"}]},
            "literal": {
                "anyOf": [
                    {"type": ["string", "number", "boolean"]},
                    {"type": "object", "required": ["@value"]},
                ]
            },
        },
    }


def _of_term(definition: Schema) -> Schema:
    """Return what may stand for a term: what else its values might be has another key."""
    container = definition.get("@container", ())
    is_set = "@set" in container
    if "@language" in container:
        text: Schema = {"type": "string"}
        return {
            "type": "object",
            "additionalProperties": _many(text) if is_set else _one_or_many(text),
        }
    if definition.get("@type") in {"@id", "@vocab"}:
        return _many(_THING) if is_set else _one_or_many(_THING)
    value: Schema = {"anyOf": [_LITERAL, _THING]}
    return _many(value) if is_set else _one_or_many(value)


def _many(each: Schema) -> Schema:
    return {"type": "array", "items": each}


def _one_or_many(each: Schema) -> Schema:
    return {"anyOf": [each, _many(each)]}


def _holds(name: str) -> Schema:
    return {"if": {"type": "array"}, "then": {"contains": {"const": name}}, "else": {"const": name}}
