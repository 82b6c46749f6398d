"""Nothing is fetched, whatever is asked: a listener has no visitor, a file no reader."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from checking import check
from families.dereferencing import (
    HEADERS,
    PARAMETERS,
    QUERIES,
    RECONCILIATION,
    UPDATES,
    UPLOADS,
)
from serving import LIMITS, TOKEN, running

SECRET = "a-word-that-stands-nowhere-else"
LONG_AGO = 1_000
PROGRAM = Path(sys.executable).with_name("defgraph")
FETCHING = [
    name
    for name in UPLOADS
    if name.startswith(("owl:imports", "sh:", "context", "document type", "external", "parameter"))
]
ENDINGS = {"text/turtle": ".ttl", "application/ld+json": ".jsonld", "application/rdf+xml": ".rdf"}


@pytest.fixture(scope="module")
def listener():
    """A server on this machine, and who connected to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop, visitors = threading.Event(), []

        def accept():
            while not stop.is_set():
                with suppress(TimeoutError):
                    connection, address = server.accept()
                    visitors.append(address)
                    connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", visitors
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """A file of a secret, which is Turtle."""
    path = tmp_path_factory.mktemp("canary") / "canary.ttl"
    path.write_text(f"<a:canary> <a:says> '{SECRET}' .")
    return path


@pytest.fixture(params=["http", "file", "file on a host", "path"])
def unfetched(request, listener, canary):
    """The URL of something, of which is known in the end that nobody fetched it."""
    url, visitors = listener
    os.utime(canary, (LONG_AGO, canary.stat().st_mtime))
    yield {
        "http": url,
        "file": canary.as_uri(),
        "file on a host": f"FILE://localhost{canary}",
        "path": str(canary),
    }[request.param]
    assert visitors == []
    assert canary.stat().st_atime == LONG_AGO


@pytest.fixture(scope="module")
def gated_server(tmp_path_factory):
    """A server of the shipped graph that takes what the shapes allow."""
    folder = tmp_path_factory.mktemp("gated")
    patient = {"DEFGRAPH_QUERY_TIMEOUT_S": "60", "DEFGRAPH_QUERY_MEMORY_MB": "500"}
    settings = {**LIMITS, **patient, "DEFGRAPH_STORE": str(folder / "store")}
    shipped = {"DEFGRAPH_DATA_PATHS": "", "DEFGRAPH_TOKEN": TOKEN}
    with running(folder, **settings, **shipped) as server:
        yield server


def test_who_listens_hears_and_who_reads_is_seen(listener, canary):
    url, visitors = listener
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    os.utime(canary, (LONG_AGO, canary.stat().st_mtime))

    socket.create_connection((host, int(port))).close()
    canary.read_text()

    while not visitors:
        pass
    visitors.clear()
    if canary.stat().st_atime == LONG_AGO:
        pytest.skip("this file system does not note when a file was read")


def holds_no_secret(server, answer):
    check(server, answer)
    assert SECRET not in answer.text
    assert (
        SECRET not in server.ask("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }").text
    )


@pytest.mark.parametrize("way", QUERIES)
def test_by_a_query(server, unfetched, way):
    holds_no_secret(server, server.ask(QUERIES[way].replace("URL", unfetched)))


@pytest.mark.parametrize("way", PARAMETERS)
def test_by_a_parameter(server, unfetched, way):
    path, parameters = PARAMETERS[way]
    asked = {name: value.replace("URL", unfetched) for name, value in parameters.items()}

    answer = server.client.get(path, params=asked)

    assert answer.status_code in {200, 400, 404}
    assert SECRET not in answer.text
    assert server.is_well()


def test_by_any_parameter_of_any_route(gated_server, unfetched):
    described = gated_server.client.get("/openapi.json").json()["paths"]
    asked = 0
    for path, methods in described.items():
        parameters = [each for each in methods.get("get", {}).get("parameters", []) if "in" in each]
        for each in parameters:
            values = {"path": {}, "query": {}, "header": {}, each["in"]: {each["name"]: unfetched}}
            segment = quote(unfetched, safe="")
            at = re.sub(r"{\w+}", segment if values["path"] else "x", path)

            answer = gated_server.client.get(at, params=values["query"], headers=values["header"])

            assert answer.status_code < 500, (path, each, answer.text)
            assert SECRET not in answer.text
            asked += 1
    assert asked > 50
    assert gated_server.is_well()


@pytest.mark.parametrize("way", RECONCILIATION)
def test_by_reconciliation(gated_server, unfetched, way):
    form = {name: value.replace("URL", unfetched) for name, value in RECONCILIATION[way].items()}

    posted = gated_server.client.post("/reconcile", data=form)
    got = gated_server.client.get("/reconcile", params=form)

    assert {posted.status_code, got.status_code} <= {200, 400}
    assert SECRET not in posted.text + got.text
    assert gated_server.is_well()


@pytest.mark.parametrize("way", UPDATES)
def test_by_an_update(writable_server, unfetched, way):
    text = UPDATES[way].replace("URL", unfetched)

    holds_no_secret(writable_server, writable_server.update(text))


@pytest.mark.parametrize("way", UPLOADS)
def test_by_an_upload(writable_server, unfetched, way):
    media_type, body = UPLOADS[way]

    answer = writable_server.upload(body.replace("URL", unfetched), media_type)

    holds_no_secret(writable_server, answer)


@pytest.mark.parametrize("way", HEADERS)
def test_by_a_header(writable_server, unfetched, way):
    headers = {name: value.replace("URL", unfetched) for name, value in HEADERS[way].items()}

    answer = writable_server.upload('{"says": 1}', "application/ld+json", **headers)

    holds_no_secret(writable_server, answer)


@pytest.mark.parametrize("way", FETCHING)
def test_by_what_the_shapes_judge(gated_server, unfetched, way):
    media_type, body = UPLOADS[way]

    answer = gated_server.upload(body.replace("URL", unfetched), media_type)

    holds_no_secret(gated_server, answer)


@pytest.mark.parametrize("unfetched", ["http", "file"], indirect=True)
def test_by_a_file_that_is_loaded_or_validated(unfetched, tmp_path):
    for number, way in enumerate(FETCHING):
        media_type, body = UPLOADS[way]
        name = f"{number}{ENDINGS[media_type]}"
        (tmp_path / name).write_text(body.replace("URL", unfetched))

    ended = [
        subprocess.run(
            [PROGRAM, *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        for command in (
            *(
                ["load", "--plain", "--store", "kept", each.name]
                for each in tmp_path.glob("[0-9]*")
            ),
            ["validate", *(each.name for each in tmp_path.glob("*.ttl"))],
        )
    ]

    assert {each.returncode for each in ended} <= {0, 1, 2}
    assert not any(SECRET in each.stdout + each.stderr for each in ended)
    assert not any("Traceback" in each.stderr for each in ended)
