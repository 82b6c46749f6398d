"""What the endpoint says of itself: SPARQL 1.1 Service Description."""

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from defgraph.documents.service import SD
from defgraph.engine.profile import PLAIN, Profile
from defgraph.errors import DeadlineExceededError, EndpointError
from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import GRAPH, INFERRED_GRAPH, PREFIXES
from defgraph.settings import Settings
from defgraph.store.forked import ForkedStore
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app

HERE = "http://testserver/"
FEATURES = "SELECT ?value { ?service a sd:Service ; sd:feature ?value }"


def told(answer):
    assert answer.status_code == 200, answer.text
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.from_media_type(answer.headers["content-type"]))
    return store


def canonical(store):
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def values(store, query):
    found = store.query(query, prefixes={"sd": SD, "void": PREFIXES["void"]})
    return [each["value"].value for each in found]


def describing(profile, *, dataset=None, **settings):
    store = InProcessStore(dataset or ox.Store(), profile=profile)
    return TestClient(create_app(Settings(**settings), store=store))


@pytest.mark.parametrize("each", RDF_FORMATS, ids=lambda each: each.name)
def test_it_says_the_same_in_every_format(client, each):
    by_accept = client.get("/sparql", headers={"Accept": each.media_type})
    by_name = client.get("/sparql", params={"format": each.name})

    assert by_accept.headers["content-type"] == each.content_type
    assert by_accept.content == by_name.content
    assert canonical(told(by_accept)) == canonical(told(client.get("/sparql")))


def test_it_names_the_endpoint_and_what_it_answers_in(client):
    store = told(client.get("/sparql"))

    assert values(store, "SELECT ?value { ?s sd:endpoint ?value }") == [f"{HERE}sparql"]
    formats = set(values(store, "SELECT ?value { ?s sd:resultFormat ?value }"))
    assert {each.rpartition("/")[2] for each in formats} == {
        *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
        *("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads"),
    }


def test_the_service_is_known_under_whatever_url_it_was_asked(client):
    services = list(
        told(client.get("/sparql?")).query(
            "SELECT ?s { ?s sd:supportedLanguage sd:SPARQL11Query }", prefixes={"sd": SD}
        )
    )

    assert [type(each["s"]) for each in services] == [ox.BlankNode]


def test_it_counts_what_the_graphs_hold(client):
    store = told(client.get("/sparql"))

    query = (
        "SELECT ?value { ?dataset sd:namedGraph ?named . ?named sd:name <%s> ; sd:graph ?graph . "
        "?graph a sd:Graph ; void:triples ?value }"
    )
    assert values(store, query % f"{GRAPH}states") == ["8"]
    names = values(store, "SELECT ?value { ?named sd:name ?value } ORDER BY ?value")
    assert names == [f"{GRAPH}news", f"{GRAPH}questions", f"{GRAPH}states"]
    sizes = values(store, "SELECT ?value { ?g sd:name [] ; sd:graph/void:triples ?value }")
    default = "SELECT ?value { ?dataset sd:defaultGraph/void:triples ?value }"
    assert values(store, default) == [str(sum(map(int, sizes)))]


def test_a_triple_of_two_graphs_is_one_of_their_union():
    dataset = ox.Store()
    for name in ("urn:g", "urn:h"):
        dataset.add(ox.Quad(*[ox.NamedNode("urn:a")] * 3, ox.NamedNode(name)))

    with describing(Profile(), dataset=dataset) as client:
        store = told(client.get("/sparql"))

    assert values(store, "SELECT ?value { ?d sd:defaultGraph/void:triples ?value }") == ["1"]


@pytest.mark.parametrize(
    ("profile", "features"),
    [
        (Profile(), ["UnionDefaultGraph"]),
        (PLAIN, []),
        (
            Profile(services=["https://other.example/sparql"]),
            ["BasicFederatedQuery", "UnionDefaultGraph"],
        ),
    ],
)
def test_it_has_the_features_that_it_has(profile, features):
    with describing(profile) as client:
        found = values(told(client.get("/sparql")), FEATURES)

    assert sorted(found) == [SD + each for each in features]


def test_what_is_inferred_says_by_which_entailment(shipped_client):
    store = told(shipped_client.get("/sparql"))

    named = "SELECT ?value { ?named sd:name <%s> ; %s ?value }"
    regime = values(store, named % (INFERRED_GRAPH, "sd:entailmentRegime"))
    assert regime == ["http://www.w3.org/ns/entailment/OWL-RDF-Based"]
    assert values(store, "SELECT ?value { ?value sd:entailmentRegime [] ; sd:name ?g }") != []
    assert len(values(store, "SELECT ?value { ?value sd:entailmentRegime ?r }")) == 1


def test_updates_are_only_described_where_they_are_done():
    endpoint = "SELECT ?value { ?s sd:supportedLanguage sd:SPARQL11Update ; sd:endpoint ?value }"
    store = ForkedStore(is_writable=True, workers=1, profile=PLAIN)

    with TestClient(create_app(Settings(token="secret"), store=store)) as client:
        assert values(told(client.get("/sparql")), endpoint) == [f"{HERE}update"]
    with describing(PLAIN, token="secret") as client:
        assert values(told(client.get("/sparql")), endpoint) == []


def test_it_is_as_the_proxy_shows_it():
    store = InProcessStore(ox.Store())
    settings = Settings(root_path="/kg", forwarded_allow_ips="*")
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "data.example"}
    app = create_app(settings, store=store)

    with TestClient(app, root_path="/kg") as client:
        described = told(client.get("/kg/sparql", headers=headers))

    where = values(described, "SELECT ?value { ?s sd:endpoint ?value }")
    assert where == ["https://data.example/kg/sparql"]


def test_who_has_it_is_told_so(client):
    first = client.get("/sparql")

    again = client.get("/sparql", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert first.headers["generation"] == "1"


def test_head_tells_what_get_does(client):
    answer = client.head("/sparql")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert answer.content == b""


@pytest.mark.parametrize(
    ("url", "accept", "status"),
    [
        ("/sparql", "image/png", 406),
        ("/sparql", "text/csv", 406),
        ("/sparql", ";;,/", 200),
        ("/sparql?format=csv", "*/*", 406),
        ("/sparql?format=none", "*/*", 400),
        ("/sparql?query=", "*/*", 400),
        ("/sparql?default-graph-uri=urn:g", "*/*", 400),
        ("/sparql", "text/html", 303),
        ("/sparql", "text/csv, text/turtle;q=0.1", 200),
        ("/sparql?", "*/*", 200),
        ("/sparql?&", "*/*", 200),
    ],
)
def test_what_is_asked_without_a_query(client, url, accept, status):
    assert client.get(url, headers={"Accept": accept}).status_code == status


class Slow:
    """A store of somebody else's, which does not come to an end with counting."""

    state = None

    def __init__(self, error):
        self._error = error

    async def start(self):
        pass

    async def close(self):
        pass

    async def query(self, text, **_):
        raise self._error


@pytest.mark.parametrize("error", [DeadlineExceededError(1), EndpointError("it is down")])
def test_what_cannot_be_counted_is_left_out(error):
    with TestClient(create_app(Settings(), store=Slow(error))) as client:
        store = told(client.get("/sparql"))

    assert values(store, "SELECT ?value { ?s sd:endpoint ?value }") == [f"{HERE}sparql"]
    assert values(store, "SELECT ?value { ?g void:triples ?value }") == []
