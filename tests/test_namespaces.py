"""Prefixes: one namespace each, everywhere the same."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph import sources, turtle
from defgraph.namespaces import (
    DEF,
    ID,
    KINDS,
    PREFIXES,
    expand,
    shorten,
    sparql_prologue,
)


def test_a_namespace_has_one_prefix():
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_thing_has_a_prefix_of_its_name(kind):
    assert PREFIXES[kind] == f"{ID}{kind}/"


def test_the_prologue_is_sparql():
    assert bool(ox.Store().query(sparql_prologue() + "ASK {}"))


@given(
    st.sampled_from(sorted(PREFIXES)),
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,20}", fullmatch=True),
)
def test_expand_undoes_shorten(prefix, local):
    iri = PREFIXES[prefix] + local

    assert expand(shorten(iri)) == iri


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (DEF + "Agreement", "def:Agreement"),
        (ID + "claim/2025-12-jp-S3.1", "claim:2025-12-jp-S3.1"),
        (DEF, f"<{DEF}>"),
        (DEF + "a.", f"<{DEF}a.>"),
        ("http://example.org/a", "<http://example.org/a>"),
        ("urn:x", "<urn:x>"),
    ],
)
def test_an_iri_is_shortened_where_the_name_is_legal(iri, short):
    assert shorten(iri) == short
    assert expand(short) == iri


def test_an_iri_is_its_own_expansion():
    assert expand("https://example.org/x:y") == "https://example.org/x:y"


@pytest.mark.parametrize(
    "file",
    [*sources.ontology_files(), *sources.data_files()],
    ids=lambda file: str(file.path.name),
)
def test_the_shipped_turtle_uses_our_prefixes_only_for_our_namespaces(file):
    declared = turtle.read(turtle.text_of(file.path), file.path).prefixes

    assert {name: iri for name, iri in declared.items() if PREFIXES.get(name) != iri} == {}
