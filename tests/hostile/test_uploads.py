"""Hostile graphs: read in a child process, whole or not at all, and service for the rest."""

from __future__ import annotations

from contextlib import suppress

import httpx2
import pytest
from checking import check
from families.uploads import BOMBS, COMPRESSED, NESTED, SIZES, TURTLE

GRAPH = "http://example.com/g"


@pytest.mark.parametrize("family", NESTED)
def test_nesting(writable_server, family):
    media_type, make = NESTED[family]

    for size in SIZES:
        check(writable_server, writable_server.upload(make(size), media_type))


@pytest.mark.parametrize("family", BOMBS)
def test_bombs(writable_server, family):
    media_type, body = BOMBS[family]

    check(writable_server, writable_server.upload(body, media_type))


@pytest.mark.parametrize("family", COMPRESSED)
def test_what_is_said_to_be_gzip(writable_server, family):
    sent = {"Content-Encoding": "gzip"}

    check(writable_server, writable_server.upload(COMPRESSED[family], TURTLE, **sent))


def test_a_gigabyte_is_turned_away_at_the_limit(writable_server):
    def body():
        for _ in range(1_000):
            yield b"#" * 1_000_000

    with suppress(httpx2.TransportError):  # it may hang up on who goes on sending
        answer = writable_server.upload(body(), TURTLE)
        assert check(writable_server, answer).status_code == 413
    assert writable_server.is_well()


def test_a_gigabyte_that_is_announced_is_not_even_read(writable_server):
    answer = writable_server.raw(
        b"PUT /graphs?default HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
        b"Content-Type: text/turtle\r\nContent-Length: 1000000000\r\n\r\n"
    )

    assert b" 413 " in answer.splitlines()[0]
    assert writable_server.is_well()
