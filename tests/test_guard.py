"""No query reaches the network, however it is spelt."""

from __future__ import annotations

import socket
import threading

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defgraph.engine.evaluation import evaluate
from defgraph.errors import DefgraphError, QueryRefusedError
from defgraph.guard import refuse_network, without_silent_loads

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
    "SELECT * { SERVICE?there { ?s ?p ?o } }",
    "PREFIX there: <URL> SELECT * { SERVICEthere:x{ ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { ?s ?p ?o OPTIONAL { ?s ?p :.SERVICE:x{ ?s ?p ?o } } }",
    "PREFIX : <URL> SELECT * { BIND(:it\\'s AS ?a) SERVICE :x { ?s ?p ?o } FILTER('' = '') }",
    "SELECT * { ?s ?p ?o OPTIONAL { ?s ?p trueSERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { SERVICESILENT<URL>{ ?s ?p ?o } }",
    "SELECT * { SERV\\u0049CE <URL> { ?s ?p ?o } }",
    "SELECT * { \\U00000073ervice <URL> { ?s ?p ?o } }",
    "SELECT * { BIND(1 AS ?a) FILTER(?a<?a#> '''\n || true) SERVICE <URL> { ?s ?p ?o } #'''\n }",
    # A tokenizer takes <'x> for an IRI and the rest for a string; the engine reads a comparison.
    "SELECT * { BIND(1 AS ?a) FILTER(?a<'x>y' || true) SERVICE <URL> { ?s ?p ?o } FILTER('' = '') }",
]


PIECES = [
    "'", '"', "'''", "#", "\n", "<'x>", "<a#b>", "<", ">", "?o <", "'x>y'", ":a", ":.", ":a\\'b",
    "FILTER(?o <'x> y' || true)", "FILTER(", ")", "|| true)", "{", "}", "1", "true", ".", "?s ?p",
    "OPTIONAL {", "BIND(1 AS ?z)", "\\", "\U000e0001", "SERVICE", "\\u0027",
]  # fmt: skip


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
        "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s service:p service:o } }",
        "PREFIX service: <http://x/> SELECT * FROM service:g { ?s ?p service:o . { ?a ?b ?c } }",
        "DESCRIBE service:x { ?s ?p ?o }",
        "SELECT * { ?s ?p 'SERVICE <http://x> { }' }",
        'SELECT * { ?s ?p "it\'s: SERVICE <http://x> { }" }',
        "SELECT * { ?s ?p '''a\nSERVICE <http://x> { 'b' }\n''' }",
        "SELECT * { ?s ?p ?o # SERVICE <http://x> {\n }",
        "SELECT * { ?s <http://x/SERVICE> ?o { ?a ?b ?c } }",
        "SELECT * { _:service ?p ?o { ?a ?b ?c } }",
        "SELECT * { ?s a ex:Service , ex:SERVICE { ?a ?b ?c } }",
        "SELECT * { ?s ?p 'load' , '\\u0053ERVICE <http://x> { }' }",
        "SELECT * { ?s load:x ?o ; load:y load:z } ",
    ],
)
def test_the_word_alone_is_no_reason_to_refuse(query):
    refuse_network(query)


@pytest.mark.parametrize("word", ["SERVICE", "SERV\\u0049CE"])
def test_the_refusal_says_where(word):
    with pytest.raises(QueryRefusedError, match="line 2, column 3") as caught:
        refuse_network(f"ASK {{\n  {word} <http://x> {{}} }}")

    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <URL>",
        "load silent <URL> into graph <http://g>",
        "PREFIX : <URL> LOAD:x",
        "PREFIX : <URL> # <http://x>\nLOAD:x INTO GRAPH <http://g>",
        "BASE <URL> LOAD<x>",
        "INSERT DATA { <http://s> <http://p> 1 } ;LOAD <URL> ; CLEAR ALL",
        "L\\u004FAD <URL>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "DELETE { ?s ?p ?o } USING <http://g> WHERE { { SERVICE ?x { ?s ?p ?o } } }",
    ],
)
def test_updates_fetch_nothing_either(update):
    with pytest.raises(QueryRefusedError, match=r"not (done|followed) here"):
        refuse_network(update.replace("URL", "http://127.0.0.1:9/"), is_update=True)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://s> <http://p> load:x ; load:y 'LOAD <http://x>' }",
        "PREFIX load: <http://x/> INSERT DATA { load:x a load:Load }",
        "WITH load:g DELETE { ?load load:p ?o } WHERE { ?load load:p ?o } # LOAD <http://x>",
        "CLEAR GRAPH load:g ; DROP GRAPH load:h",
        "INSERT DATA { <http://load> <http://x/LOAD> 'download' } ; CLEAR ALL",
    ],
)
def test_the_word_load_alone_is_no_reason_to_refuse_an_update(update):
    refuse_network(update, is_update=True)


ENDPOINT = "https://example.com/sparql"


def test_an_endpoint_that_is_allowed_may_be_asked():
    refuse_network(f"ASK {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}", allowed={ENDPOINT})


@pytest.mark.parametrize("target", ["?there", "<https://example.com/>", "there:sparql", "<sparql>"])
def test_only_the_very_endpoint_that_is_allowed_may_be_asked(target):
    with pytest.raises(QueryRefusedError):
        refuse_network(
            f"ASK {{ SERVICE <{ENDPOINT}> {{ }} SERVICE {target} {{ ?s ?p ?o }} }}",
            allowed={ENDPOINT},
        )


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=300, deadline=None)
def test_nothing_that_the_engine_would_follow_passes(pieces):
    start = "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p ?o "
    text = start + " ".join(pieces) + " SERVICE :x { ?s ?p ?o } " + " ".join(reversed(pieces)) + "}"
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://s"), ox.NamedNode("http://p"), ox.Literal("x")))
    try:
        list(store.query(text))
    except OSError:  # port 1 is not allowed: the engine would have gone there
        with pytest.raises(QueryRefusedError):
            refuse_network(text)
    except (SyntaxError, RuntimeError, ValueError):
        pass


def test_a_long_text_is_read_in_no_time():
    text = "SELECT * { " + "service.a-b " * 3000 + "'" * 3001 + '"' * 3001 + "<a#'" * 3000 + " }"

    refuse_network(text)


@pytest.mark.parametrize(
    ("update", "left"),
    [
        ("LOAD SILENT <a:b>", "INSERT DATA {}"),
        ("load silent <a:b> INTO GRAPH <c:d> ; DROP ALL", "INSERT DATA {} ; DROP ALL"),
        ("PREFIX a: <b:> LOAD SILENT a:x INTO GRAPH a:y;", "PREFIX a: <b:> INSERT DATA {};"),
        ("DROP ALL ;\nLOAD # x\n SILENT\n<a:b>", "DROP ALL ;\nINSERT DATA {}\n\n"),
        ("BASE <a:> LOAD SILENT <b>;LOAD SILENT <c>", "BASE <a:> INSERT DATA {};INSERT DATA {}"),
        ("LOAD <a:b>", "LOAD <a:b>"),
        ("INSERT DATA { <a:a> <a:b> '; LOAD SILENT <a:b>' }", None),
        ("# LOAD SILENT <a:b>\nDROP ALL", None),
        ("PREFIX load: <a:> INSERT DATA { load:a load:b load:SILENT }", None),
    ],
)
def test_a_load_that_may_fail_is_left_out(update, left):
    assert without_silent_loads(update) == (update if left is None else left)
