"""What somebody is told whose update was meant for named graphs, and named none."""

import pyoxigraph as ox
import pytest

from defgraph.engine.hints import hint_for
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task

STATES = """
<urn:default> <urn:p> 1 .
GRAPH <urn:g> { <https://w3id.org/defgraph/id/state/nz> <urn:p> 2 ; <urn:q> _:somewhere }
"""


@pytest.fixture
def dataset():
    made = ox.Store()
    made.load(STATES, format=ox.RdfFormat.TRIG)
    return made


def hint(text, dataset, **options):
    return hint_for(Task("update", text.encode(), **options), dataset, Profile())


@pytest.mark.parametrize(
    "text",
    [
        "DELETE WHERE { state:nz ?p ?o }",
        "delete where{state:nz ?p ?o}",
        "DELETE { ?s ?p ?o } WHERE { ?s <urn:p> 2 . ?s ?p ?o }",
        "DELETE { ?s ?p ?o } WHERE { { SELECT ?s WHERE { ?s <urn:p> 2 } } ?s ?p ?o }",
        "DELETE DATA { state:nz <urn:p> 2 }",
        "PREFIX u: <urn:> INSERT { ?s u:r 1 } WHERE { ?s u:p 2 }",
        "BASE <urn:x> PREFIX s: <https://w3id.org/defgraph/id/state/> DELETE WHERE { s:nz ?p ?o }",
        "DELETE WHERE { <urn:none> ?p ?o } ; PREFIX u: <urn:> DELETE WHERE { ?s u:p 2 }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o = 2 && COALESCE(<urn:f>(?o), true)) }",
        "DELETE WHERE { ?s <urn:p> 2 } # GRAPH",
        "INSERT { ?s <urn:r> 'WITH' } WHERE { ?s <urn:p> 2 }",
    ],
)
def test_an_update_that_would_have_found_something_in_a_named_graph(dataset, text):
    assert "GRAPH, WITH or USING" in hint(text, dataset)


@pytest.mark.parametrize(
    "text",
    [
        "DELETE WHERE { <urn:none> ?p ?o }",
        "INSERT DATA { <urn:default> <urn:p> 1 }",
        "INSERT { <urn:default> <urn:p> 1 } WHERE {}",
        "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE WHERE { GRAPH <urn:h> { ?s <urn:p> 2 } }",
        "WITH <urn:h> DELETE { ?s ?p ?o } WHERE { ?s <urn:p> 2 ; ?p ?o }",
        "DELETE { ?s ?p ?o } USING <urn:h> WHERE { ?s <urn:p> 2 ; ?p ?o }",
        "CLEAR SILENT DEFAULT",
        "DROP SILENT ALL",
        "DELETE { ?s ?p ?o } WHERE { ?s <urn:p> 3 ; ?p ?o }",
    ],
)
def test_any_other_update_that_changes_nothing(dataset, text):
    assert hint(text, dataset) is None


def test_a_request_that_describes_the_dataset_says_where(dataset):
    text = "DELETE WHERE { ?s <urn:p> 2 }"

    assert hint(text, dataset, default_graphs=["urn:h"]) is None
    assert hint_for(Task("patch", text.encode()), dataset, Profile()) is None


@pytest.mark.parametrize("text", ["", "  \n", "# a comment", "PREFIX a: <a:>"])
def test_an_update_of_nothing_has_no_hint(text, dataset):
    assert hint(text, dataset) is None
