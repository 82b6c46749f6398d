"""The pages for people."""

from __future__ import annotations

from typing import Final

from defgraph import errors
from defgraph.web.http import bodies
from defgraph.web.operations.common import ASKING, QUERY_TEXT
from defgraph.web.operations.rows import HTML, Answer, Operation, Parameter, Schema
from defgraph.web.problem_types import REFUSED

_NAME: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z]+$"}

OPERATIONS: Final = (
    Operation(
        "/",
        "GET",
        "first_page",
        "Pages",
        "The page with the query box",
        {200: Answer("The page, with an answer.", HTML)},
        parameters=(
            Parameter("query", "A query to ask.", example=QUERY_TEXT),
            Parameter("question", "The identifier of a shipped question.", example="V01"),
            Parameter("thing", "The IRI of a thing to tell about."),
        ),
        problems=(*ASKING, errors.UnknownQuestionError, errors.UnshowableError),
    ),
    Operation(
        "/docs",
        "GET",
        "api_page",
        "Pages",
        "This description as a page",
        {200: Answer("The page.", HTML)},
    ),
    Operation(
        "/openapi.json",
        "GET",
        "api_description",
        "Pages",
        "This description",
        {200: Answer("The description.", {"application/json": {"type": "object"}})},
        parameters=(
            Parameter(
                "version",
                "The version of OpenAPI; 3.0 is for tools that know no other.",
                {"enum": ["3.1", "3.0"]},
            ),
        ),
        problems=(bodies.BadRequestError,),
    ),
    Operation(
        "/problem/{title}",
        "GET",
        "problem_type",
        "Pages",
        "What a kind of problem means",
        {
            200: Answer(
                "Its title, status and meaning.",
                {
                    "application/json": {
                        "type": "object",
                        "required": ["type", "title", "status", "description"],
                    },
                    **HTML,
                },
                ("Vary",),
            )
        },
        parameters=(
            Parameter("title", "Its title.", _NAME, required=True, place="path", example=REFUSED),
        ),
        problems=(errors.UnknownNameError,),
    ),
)  # fmt: skip
