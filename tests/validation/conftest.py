from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from defgraph.namespaces import sparql_prologue

SHAPES = """
shape:agreement a sh:NodeShape ; sh:targetClass def:Agreement ;
  sh:property shape:agreement-party , shape:agreement-name ; sh:sparql shape:no-self .
shape:agreement-party a sh:PropertyShape ; sh:path def:hasParty ; sh:class def:State ; sh:minCount 2 ;
  sh:message "A party is a state: give def:hasParty a def:State."@en , "当事者は国家である。"@ja .
shape:agreement-name a sh:PropertyShape ; sh:path def:name ; sh:maxCount 1 ;
  sh:severity sh:Warning ; sh:message "One name is enough." .
shape:no-self a sh:SPARQLConstraint ; sh:prefixes shape:prefixes ;
  sh:message "{$this} amends itself at {?value}: name https://w3id.org/defgraph/id/agreement/b instead." ;
  sh:select "SELECT $this ?value WHERE { $this def:amendsAgreement ?value FILTER (?value = $this) }" .
shape:prefixes sh:declare [ sh:prefix "def" ;
  sh:namespace "https://w3id.org/defgraph/def/"^^xsd:anyURI ] .
"""
REFERENCE = """
state:jp a def:State ; rdfs:label "Japan"@en . state:nz a def:State ; rdfs:label "New Zealand"@en .
person:p a def:Person ; rdfs:label "P"@en .
"""


def _triples(text: str) -> list[ox.Triple]:
    parsed = ox.parse((sparql_prologue() + text).encode(), format=ox.RdfFormat.TURTLE)
    return [quad.triple for quad in parsed]


@pytest.fixture
def triples():
    """Read Turtle in which our prefixes are known."""
    return _triples


@pytest.fixture
def dataset():
    """Make a store with these graphs, by their local names."""

    def made(**graphs: str) -> ox.Store:
        store = ox.Store()
        for name, text in graphs.items():
            graph = ox.NamedNode(f"https://w3id.org/defgraph/graph/{name}")
            store.extend(ox.Quad(*triple, graph) for triple in _triples(text))
        return store

    return made


@pytest.fixture
def reference() -> str:
    return REFERENCE


@pytest.fixture
def shapes() -> list[ox.Triple]:
    return _triples(SHAPES)


@pytest.fixture
def write(tmp_path):
    """Write a file of Turtle with our prefixes declared."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sparql_prologue() + text, encoding="utf-8")
        return path

    return written
