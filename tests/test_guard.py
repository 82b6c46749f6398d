"""No query reaches the network, however it is spelt."""

from __future__ import annotations

import socket
import threading

import pyoxigraph as ox
import pytest

from defgraph.errors import DefgraphError, QueryRefusedError
from defgraph.guard import refuse_network
from defgraph.store.evaluation import evaluate

FETCHING = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service silent <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * {\n  SERVICE # to there {\n  <URL> # and\n { ?s ?p ?o } }",
    "SELECT * { BIND(<URL> AS ?there) SERVICE ?there { ?s ?p ?o } }",
    "PREFIX there: <URL> SELECT * { SERVICE there: { ?s ?p ?o } }",
    "BASE <URL> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } } } }",
    "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1 OPTIONAL { ?s ?p 1SERVICE <URL> { ?s ?p ?o } } }",
    # A tokenizer takes <'x> for an IRI and the rest for a string; the engine reads a comparison.
    "SELECT * { BIND(1 AS ?a) FILTER(?a<'x>y' || true) SERVICE <URL> { ?s ?p ?o } FILTER('' = '') }",
]


@pytest.fixture
def listener():
    """A server on this machine that counts who connects to it."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    stop, connections = threading.Event(), []

    def accept() -> None:
        while not stop.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            connections.append(connection)
            connection.close()

    thread = threading.Thread(target=accept)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", connections
    stop.set()
    thread.join()
    server.close()


@pytest.fixture
def dataset():
    one = ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://s"), ox.NamedNode("http://p"), one))
    return store


@pytest.mark.parametrize("query", FETCHING)
def test_service_is_refused_and_connects_to_nobody(listener, dataset, query):
    url, connections = listener

    with pytest.raises(QueryRefusedError, match="SERVICE is not followed here"):
        list(evaluate(dataset, query.replace("URL", url)))

    assert connections == []


@pytest.mark.parametrize("query", ["SELECT * FROM <URL> { ?s ?p ?o }", "ASK FROM NAMED <URL> {}"])
def test_from_names_a_graph_and_fetches_nothing(listener, dataset, query):
    url, connections = listener

    results = evaluate(dataset, query.replace("URL", url))

    assert isinstance(results, ox.QueryBoolean) or list(results) == []
    assert connections == []


def test_load_is_no_query(listener, dataset):
    url, connections = listener

    with pytest.raises(DefgraphError, match="LOAD is an update"):
        evaluate(dataset, f"LOAD <{url}>")

    assert connections == []


def test_the_listener_would_notice(listener, dataset):
    url, connections = listener

    with pytest.raises(OSError):
        list(dataset.query(f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"))

    assert len(connections) >= 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s rdfs:label 'customer service' }",
        "SELECT ?service { ?service a def:Service } # service",
        "SELECT * { ?s ex:service ?x { ?x ?y ?z } }",
        "SELECT * { ?service ?p ?x { ?x ?y ?z } }",
        "SELECT * { VALUES ?service { <http://x> } }",
        "SELECT * { GRAPH ex:service { ?s ?p ?o } }",
    ],
)
def test_the_word_alone_is_no_reason_to_refuse(query):
    refuse_network(query)


def test_the_refusal_says_where():
    with pytest.raises(QueryRefusedError, match="line 2, column 3"):
        refuse_network("ASK {\n  SERVICE <http://x> {} }")
