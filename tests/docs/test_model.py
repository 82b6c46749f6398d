"""The page on the model names the whole vocabulary, and each query in it finds something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import RDFS

import defgraph
from defgraph.namespaces import DEF, ONTOLOGY

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sparql\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_page_names_every_term_and_no_other():
    ontology = rdflib.Graph()
    for module in sorted((ROOT / "ontology").glob("*.ttl")):
        ontology.parse(module)

    defined = {
        str(term).removeprefix(DEF)
        for term in ontology.subjects(RDFS.isDefinedBy, rdflib.URIRef(ONTOLOGY))
    }

    assert set(re.findall(r"def:(\w+)", PAGE)) == defined


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_each_query_of_the_page_finds_something(query: str):
    assert len(defgraph.open().query(query)) > 0
