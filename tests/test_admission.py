"""What the shipped ontology asks of a write."""

import json
import os
import sys

import pyoxigraph as ox
import pytest

from defgraph import admission, loading
from defgraph.namespaces import DEF, INFERRED_GRAPH


@pytest.fixture
def shipped():
    return loading.load()


def test_the_shipped_dataset_is_admitted(shipped):
    assert admission.refusal(shipped) is None


def test_what_is_refused_is_reported_for_people_and_programs(shipped):
    person = next(iter(shipped.query(f"SELECT ?p {{ GRAPH ?g {{ ?p a <{DEF}Person> }} }}")))["p"]
    agreement = next(iter(shipped.query(f"SELECT ?a {{ GRAPH ?g {{ ?a a <{DEF}Agreement> }} }}")))[
        "a"
    ]
    graph = ox.NamedNode("http://example.com/g")
    shipped.add(ox.Quad(agreement, ox.NamedNode(DEF + "hasParty"), person, graph))

    refused = admission.refusal(shipped)

    assert "hasParty" in refused.text
    assert json.loads(refused.json)["results"]
    assert "sh:result" in refused.turtle


def test_what_is_inferred_is_what_the_shipped_dataset_holds(shipped):
    there = shipped.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH))

    assert set(admission.infer(shipped)) == {quad.triple for quad in there}


@pytest.mark.skipif(sys.platform != "linux", reason="forks need Linux")
def test_forks_of_a_process_that_is_prepared_give_blank_nodes_other_labels():
    program = (
        "import os; from defgraph import admission; admission.prepare()\n"
        "import pyoxigraph as ox\n"
        "for _ in range(2):\n"
        "    if os.fork() == 0:\n"
        "        print(ox.BlankNode(), flush=True); os._exit(0)\n"
        "    os.wait()\n"
    )

    with os.popen(f"{sys.executable} -c '{program}'") as said:
        labels = said.read().split()

    assert len(set(labels)) == 2
