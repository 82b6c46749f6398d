"""Hostile requests of further kinds: an answer or an error, and service for the rest meanwhile."""

from __future__ import annotations

import pytest
from checking import check
from families.others import COMPRESSED, GRAPHS, QUERIES, UPDATES


@pytest.mark.parametrize("family", QUERIES)
def test_queries(server, family):
    check(server, server.ask(QUERIES[family]))


@pytest.mark.parametrize("family", UPDATES)
def test_updates(writable_server, family):
    check(writable_server, writable_server.update(UPDATES[family]))


@pytest.mark.parametrize("family", GRAPHS)
def test_graphs(writable_server, family):
    media_type, body = GRAPHS[family]

    check(writable_server, writable_server.upload(body, media_type))


@pytest.mark.parametrize("family", COMPRESSED)
def test_compressed_graphs(writable_server, family):
    headers = {"Content-Encoding": "gzip"}

    check(writable_server, writable_server.upload(COMPRESSED[family], "text/turtle", **headers))
