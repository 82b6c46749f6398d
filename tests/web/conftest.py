"""A small dataset of two named graphs behind the real application."""

import threading

import pyoxigraph as ox
import pytest
import uvicorn
from fastapi.testclient import TestClient

from defgraph import loading
from defgraph.dumps.archive import DUMPER
from defgraph.engine.profile import Profile
from defgraph.jsonld.answers import WRITERS
from defgraph.namespaces import GRAPH
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app
from defgraph.web.server import listening_socket

PREFIXES = """
PREFIX agreement: <https://w3id.org/defgraph/id/agreement/>
PREFIX claim: <https://w3id.org/defgraph/id/claim/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX def: <https://w3id.org/defgraph/def/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX graph: <https://w3id.org/defgraph/graph/>
PREFIX modality: <https://w3id.org/defgraph/id/modality/>
PREFIX organisation: <https://w3id.org/defgraph/id/organisation/>
PREFIX person: <https://w3id.org/defgraph/id/person/>
PREFIX question: <https://w3id.org/defgraph/id/question/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX segment: <https://w3id.org/defgraph/id/segment/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX source: <https://w3id.org/defgraph/id/source/>
PREFIX span: <https://w3id.org/defgraph/id/span/>
PREFIX state: <https://w3id.org/defgraph/id/state/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

STATES = """
def:Agreement rdfs:label "agreement"@en , "協定"@ja .
state:jp a def:State ; rdfs:label "Japan"@en , "日本"@ja .
state:nz a def:State ; rdfs:label "New Zealand"@en , "ニュージーランド"@ja .
"""

NEWS = """
agreement:pact a def:Agreement ;
  rdfs:label "The <script>alert('pact')</script> pact"@en ;
  def:hasParty state:jp , state:nz ;
  def:concluded "2025-12"^^xsd:gYearMonth .
modality:feared skos:prefLabel "feared"@en , "懸念"@ja .
person:aoki rdfs:label "Aoki & Sons"@en .
organisation:daily rdfs:label "The Daily"@en .
claim:one a def:Claim ; rdfs:label "The sea is <b>rough</b>."@en ;
  def:hasModality modality:feared ; def:hasSpeaker person:aoki ; def:hasSpan span:one .
span:one def:inSegment segment:S7 .
segment:S7 dcterms:identifier "S7" ; def:segmentOf source:news .
source:news a def:Source ; rdfs:label "News of the day"@en ;
  dcterms:publisher organisation:daily ; foaf:page <https://news.example/1> .
"""

QUESTIONS = """
graph:questions sh:declare [ sh:prefix "def" ; sh:namespace "https://w3id.org/defgraph/def/" ] ,
  [ sh:prefix "skos" ; sh:namespace "http://www.w3.org/2004/02/skos/core#" ] .
question:Q1 a sh:SPARQLSelectExecutable ; dcterms:identifier "Q1" ;
  rdfs:label "Parties"@en ; rdfs:comment "Who are the parties?"@en , "当事者は誰か。"@ja ;
  sh:prefixes graph:questions ; sh:select "SELECT ?party { ?pact def:hasParty ?party }" .
question:Q2 a sh:SPARQLAskExecutable ; dcterms:identifier "Q2" ; rdfs:comment "Is there a pact?"@en ;
  sh:prefixes graph:questions ; sh:ask "ASK { ?pact a def:Agreement }" .
"""


def dataset(**graphs):
    """Make a dataset of Turtle bodies by the local name of their graph."""
    made = ox.Store()
    for name, turtle in graphs.items():
        made.load(
            PREFIXES + turtle, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH + name)
        )
    return made


def application(made):
    return create_app(
        Settings(), store=InProcessStore(made, profile=Profile(writers=WRITERS, dumper=DUMPER))
    )


@pytest.fixture(scope="module")
def client():
    made = dataset(states=STATES, news=NEWS, questions=QUESTIONS)
    with TestClient(application(made), follow_redirects=False) as running:
        yield running


@pytest.fixture(scope="session")
def shipped_client():
    with TestClient(application(loading.load())) as running:
        yield running


@pytest.fixture(scope="session")
def client_of():
    """A client, which follows nothing, of the application over Turtle by the name of its graph."""
    return lambda **graphs: TestClient(application(dataset(**graphs)), follow_redirects=False)


@pytest.fixture
def application_over():
    """A client of the application over a dataset of one's own."""
    return lambda made: TestClient(application(made))


@pytest.fixture(scope="session")
def serve_app():
    """Where the shipped dataset is served over HTTP on the loopback."""
    app = application(loading.load())
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    with listening_socket("127.0.0.1", 0) as listening:
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join(timeout=30)
