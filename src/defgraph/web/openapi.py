"""The table of operations as an OpenAPI description, version 3.1.

Its successor 3.2 knows the method QUERY; until tools do, it stands here as ``x-query``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import defgraph
from defgraph.web.operations import OPERATIONS
from defgraph.web.operations.common import ANY_REQUEST
from defgraph.web.operations.rows import HTML, Answer, Operation, Parameter
from defgraph.web.problems import MEDIA_TYPE as PROBLEM
from defgraph.web.problems import status_of_class

Json: TypeAlias = dict[str, Any]

VERSION: Final = "3.1.1"

_TAGS: Final = {
    "SPARQL": "Queries and updates: SPARQL 1.1 Protocol.",
    "Graphs": "Whole graphs: SPARQL 1.1 Graph Store HTTP Protocol.",
    "Documents": "What every IRI of the dataset leads to.",
    "Analysis": "The dataset for analysts' tools.",
    "Reconciliation": "Which things names mean: Reconciliation Service API 0.2.",
    "Operation": "For those who look after a server.",
    "Pages": "For people.",
}
_ALWAYS: Final = {"Allow", "Location", "Retry-After", "WWW-Authenticate"}  # where they are named
_HEADERS: Final = {
    "Accept-Ranges": ("That parts can be asked for.", {"enum": ["bytes"]}),
    "Allow": ("The methods that the path takes.", {"type": "string"}),
    "Cache-Control": ("Whether the answer may be kept.", {"type": "string"}),
    "Content-Encoding": ("How the body is compressed.", {"enum": ["br", "gzip"]}),
    "Content-Range": ("Which part it is.", {"type": "string"}),
    "ETag": ("The entity tag of the answer: state, format and encoding.", {"type": "string"}),
    "Generation": ("Which state of the dataset it is.", {"type": "integer", "minimum": 0}),
    "Last-Modified": ("Since when it has these bytes, as far as known.", {"type": "string"}),
    "Link": ("Other forms, the canonical address, what to cite (RFC 8288).", {"type": "string"}),
    "Location": ("Where to go.", {"type": "string", "format": "uri-reference"}),
    "Repr-Digest": ("The SHA-256 of the whole file (RFC 9530).", {"type": "string"}),
    "Retry-After": ("Seconds to wait.", {"type": "integer", "minimum": 1}),
    "Vary": ("What of the request the answer depends on.", {"type": "string"}),
    "WWW-Authenticate": ("What is asked of who would write (RFC 6750).", {"type": "string"}),
}
_OF_STATUS: Final = {
    HTTPStatus.UNAUTHORIZED: "WWW-Authenticate",
    HTTPStatus.TOO_MANY_REQUESTS: "Retry-After",
}
_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "A problem (RFC 9457). Some have members beyond these, such as line and column.",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "What kind of problem it is."},
        "title": {"type": "string", "description": "The kind of problem, in a word."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "limit": {"type": "string", "description": "The setting of a limit that was reached."},
        "value": {"type": "number", "description": "Its value."},
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
        "expected": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What might have stood at that place.",
        },
        "request_id": {"type": "string", "description": "Under what a fault stands in the log."},
    },
}
_REFUSED: Final[Json] = {
    "allOf": [{"$ref": "#/components/schemas/Problem"}],
    "description": "A problem with the report of the shapes.",
    "properties": {"conforms": {"type": "boolean"}, "results": {"type": "array"}},
}
_FORM: Final = "application/x-www-form-urlencoded"


def description(root_path: str = "", operations: Iterable[Operation] = OPERATIONS) -> Json:
    """Return the description of a server that is shown below *root_path*."""
    paths: dict[str, Json] = defaultdict(dict)
    for each in operations:
        key = each.method.lower()
        paths[each.path]["x-query" if key == "query" else key] = _operation(each)
        if key == "get":
            paths[each.path]["head"] = _operation(each, is_head=True)
    return {
        "openapi": VERSION,
        "info": {
            "title": "defgraph",
            "summary": "A knowledge graph over HTTP: asked, read, written, linked and taken away",
            "version": defgraph.__version__,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": root_path or "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": dict(paths),
        "components": {
            "schemas": {"Problem": _PROBLEM, "Refused": _REFUSED},
            "headers": {
                name: {"description": text, "schema": schema, "required": name in _ALWAYS}
                for name, (text, schema) in _HEADERS.items()
            },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of this deployment (RFC 6750); only writes need one.",
                }
            },
        },
    }


def for_swagger_ui(described: Json) -> Json:
    """Return *described* as the page shows it, in OpenAPI 3.0: its script understands no other.

    What HEAD answers is left out, since GET says it.
    """
    info = {name: value for name, value in described["info"].items() if name != "summary"}
    info["license"] = {"name": info["license"]["name"]}
    paths = {
        path: {name: each for name, each in item.items() if name not in {"head", "x-query"}}
        for path, item in described["paths"].items()
    }
    lowered: Json = _in_words_of_3_0(
        {**described, "openapi": "3.0.3", "info": info, "paths": paths}
    )
    return lowered


def _in_words_of_3_0(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Say of a schema that a value may be null as 3.0 says it, which does not know of IRIs."""
    if isinstance(value, list):
        return [_in_words_of_3_0(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    made = {name: _in_words_of_3_0(each) for name, each in value.items()}
    if value.get("format") == "iri":
        del made["format"]
    if isinstance(value.get("type"), list):
        made["type"], made["nullable"] = value["type"][0], True
    return made


def _operation(each: Operation, *, is_head: bool = False) -> Json:
    made: Json = {
        "operationId": f"{each.name}_head" if is_head else each.name,
        "tags": [each.tag],
        "summary": f"{each.summary}: the headers only" if is_head else each.summary,
    }
    if each.description:
        made["description"] = each.description
    if each.parameters:
        made["parameters"] = [_parameter(parameter) for parameter in each.parameters]
    if each.body:
        content = {name: _body(each, name) for name in each.body}
        made["requestBody"] = {"required": True, "content": content}
    made["responses"] = dict(sorted(_responses(each, is_head=is_head).items()))
    if each.writes:
        made["security"] = [{"bearer": []}]
    return made


def _parameter(each: Parameter) -> Json:
    made: Json = {
        "name": each.name,
        "in": each.place,
        "description": each.description,
        "schema": each.schema,
    }
    if each.required:
        made["required"] = True
    if each.may_be_empty:
        made["allowEmptyValue"] = True
    if each.example is not None:
        made["example"] = each.example
    return made


def _body(each: Operation, media_type: str) -> Json:
    made: Json = {"schema": each.body[media_type]}
    example = each.examples.get(media_type)
    if example is not None:
        field = each.body[media_type].get("required", [""])[0]
        made["example"] = {field: example} if media_type == _FORM else example
    return made


def _responses(each: Operation, *, is_head: bool) -> dict[str, Json]:
    made = {str(status): _answer(answer) for status, answer in each.answers.items()}
    titles: dict[HTTPStatus, set[str]] = defaultdict(set)
    for error in (*each.problems, *ANY_REQUEST):
        titles[status_of_class(error)].add(error.__name__)
    for status, names in titles.items():
        told = Answer(
            f"{status.phrase}: {', '.join(sorted(names))}.",
            {PROBLEM: {"$ref": "#/components/schemas/Problem"}, **HTML},
            (_OF_STATUS[status],) if status in _OF_STATUS else (),
        )
        made[str(int(status))] = _answer(told)
    if is_head:
        for response in made.values():
            response.pop("content", None)
    return made


def _answer(answer: Answer) -> Json:
    made: Json = {"description": answer.description}
    if answer.headers:
        made["headers"] = {
            name: {"$ref": f"#/components/headers/{name}"} for name in answer.headers
        }
    if answer.content:
        made["content"] = {
            name: {"schema": schema} if schema else {} for name, schema in answer.content.items()
        }
    return made
