"""The real server is asked what it says it can be asked, at random: no fault, nothing undescribed.

The requests are made from its description: some as it has them, some against it.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, serializer
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from defgraph.web.openapi import description
from defgraph.web.protocol import QUERY, UPDATE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="writes need Linux")

TOKEN = "described"


@serializer(QUERY, UPDATE)
def as_text(_context, value):
    return str(value).encode(errors="replace")


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = from_dict(description())
OPERATIONS = {
    f"{each.ok().method.upper()} {each.ok().path}": each.ok()
    for each in SCHEMA.get_all_operations()
}
SENSIBLE = st.sampled_from(
    [
        "ASK {}",
        "SELECT * { ?s ?p ?o } LIMIT 3",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 3",
        "DESCRIBE <urn:a>",
        "SELECT (<urn:no-such-function>(1) AS ?x) {}",
        "SELECT (1/0 AS ?x) (STRDT('a', <urn:t>) AS ?y) {}",
        "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * FROM <urn:g> { ?s ?p ?o }",
        "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR SILENT GRAPH <urn:none>",
        "DROP ALL ; CREATE GRAPH <urn:g>",
        "<urn:a> <urn:b> 1 .",
        '{"@id": "urn:a", "urn:b": 1}',
    ]
)
EXAMPLES = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory):
    environment = {**os.environ, "DEFGRAPH_TOKEN": TOKEN, "DEFGRAPH_PLAIN": "1"}
    program = Path(sys.executable).with_name("defgraph")
    return serve(program, env=environment, cwd=tmp_path_factory.mktemp("described"))


def say(case, text):
    """Let a request ask, change or hold something that makes sense."""
    for fields in (case.query, case.body):
        if isinstance(fields, dict):
            for name in ("query", "update"):
                if name in fields:
                    fields[name] = text
            if "graph" in fields:
                fields["graph"] = "urn:g"
                fields.pop("default", None)
    if isinstance(case.body, str):
        case.body = text


def asked():
    """Every operation, by everybody and by whoever has the token; against what it takes, if any."""
    for name, operation in OPERATIONS.items():
        raw = operation.definition.raw
        places = {each["in"] for each in raw.get("parameters", ())} - {"header"}
        for mode in GenerationMode:
            if mode is GenerationMode.POSITIVE or places or "requestBody" in raw:
                yield pytest.param(operation, mode, {}, id=f"{name}-{mode.value}")
                if "security" in raw:
                    header = {"Authorization": f"Bearer {TOKEN}"}
                    yield pytest.param(operation, mode, header, id=f"{name}-{mode.value}-token")


@pytest.mark.parametrize(("operation", "mode", "headers"), list(asked()))
def test_every_answer_is_described(address, operation, mode, headers):
    @EXAMPLES
    @given(case=operation.as_strategy(generation_mode=mode), text=st.none() | SENSIBLE)
    def ask(case, text):
        if text is not None:
            say(case, text)
        case.call_and_validate(base_url=address, headers=headers, checks=CHECKS)

    ask()
