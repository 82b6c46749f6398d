"""The queries that the package keeps in files."""

from __future__ import annotations

from importlib import resources

import pyoxigraph as ox
import pytest

from defgraph.query_files import Part, QueryFiles

PACKAGES = ("defgraph.analysis", "defgraph.documents", "defgraph.web")
FILES = [
    (package, file.name.removesuffix(".rq"))
    for package in PACKAGES
    for file in (resources.files(package) / "queries").iterdir()
]
SERVER = "PREFIX server: <https://example.org/> BASE <https://example.org/> "
"""What ``web.void`` puts before its queries."""

every_query = pytest.mark.parametrize(("package", "name"), FILES)
documents = QueryFiles("defgraph.documents")


@every_query
def test_a_query_declares_the_prefixes_it_uses(package, name):
    query = QueryFiles(package).about(name, ["https://example.org/a"])

    ox.Store().query((SERVER if "server:" in query else "") + query)


def test_every_values_block_is_filled():
    assert documents.about("own", ["x:a", "x:b"]).count("{ <x:a> <x:b> }") == 3


def test_an_empty_group_that_is_no_values_block_is_left_alone():
    assert documents.about("named_graphs", ["x:a"]) == documents.text("named_graphs")


@pytest.mark.parametrize("given", ["x:a> } DROP ALL #", "a b", "a\nb", "a\\u003e", 'a"b', ""])
def test_what_is_no_iri_does_not_get_into_a_query(given):
    assert "{  }" in documents.about("labels", [given])


def test_a_part_of_the_solutions_is_asked_for():
    assert "LIMIT 7 OFFSET 14" in documents.about("own", ["x:a"], Part(14, 7))
