"""The SPARQL endpoint as a program sees it."""

import csv
import io

import pyoxigraph as ox
import pytest

from defgraph.media_types import GRAPH_FORMATS, RDF_FORMATS, RESULT_FORMATS

SELECT = "SELECT ?party WHERE { ?pact def:hasParty ?party } ORDER BY ?party"
ASK = "ASK { agreement:pact def:hasParty state:jp }"
CONSTRUCT = "CONSTRUCT { ?pact def:hasParty ?party } WHERE { ?pact def:hasParty ?party }"
JAPAN = "https://w3id.org/defgraph/id/state/jp"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def parties(answer):
    return [each["party"]["value"] for each in answer.json()["results"]["bindings"]]


# Three ways to send a query (SPARQL 1.1 Protocol, 2.1)


def test_query_by_get(client):
    answer = client.get("/sparql", params={"query": SELECT})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert parties(answer)[0] == JAPAN


def test_query_by_form(client):
    answer = client.post("/sparql", data={"query": SELECT})

    assert answer.status_code == 200
    assert parties(answer)[0] == JAPAN


@pytest.mark.parametrize(
    "content_type", [QUERY, QUERY.upper(), f"{QUERY}; charset=utf-8", f'{QUERY};Charset="UTF-8"']
)
def test_query_as_the_body(client, content_type):
    answer = client.post("/sparql", content=SELECT, headers={"Content-Type": content_type})

    assert answer.status_code == 200
    assert parties(answer)[0] == JAPAN


@pytest.mark.parametrize("text", ["1+1 é 日本 %2B & ;", "a\u2028b"])
def test_a_form_is_decoded_once_and_as_utf8(client, text):
    answer = client.post("/sparql", data={"query": f'SELECT ("{text}" AS ?party) {{}}'})

    assert parties(answer) == [text]


def test_an_answer_to_head_is_that_to_get_without_a_body(client):
    answer = client.head("/sparql", params={"query": SELECT})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"


# The dataset that a request describes


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_request_describes_its_dataset(client, name):
    graph = "https://w3id.org/defgraph/graph/states"
    pattern = "?x a def:State" if name == "default-graph-uri" else "GRAPH ?g { ?x a def:State }"
    query = f"ASK {{ {pattern} FILTER NOT EXISTS {{ GRAPH ?any {{ ?pact a def:Agreement }} }} }}"

    answer = client.get("/sparql", params={"query": query, name: graph})

    assert answer.json()["boolean"] is True


def test_several_default_graphs_are_merged(client):
    graphs = [f"https://w3id.org/defgraph/graph/{name}" for name in ("states", "news")]
    query = "ASK { ?pact def:hasParty ?state . ?state a def:State }"

    merged = client.get("/sparql", params={"query": query, "default-graph-uri": graphs})
    alone = client.get("/sparql", params={"query": query, "default-graph-uri": graphs[1]})

    assert (merged.json()["boolean"], alone.json()["boolean"]) == (True, False)


def test_a_direct_post_takes_the_dataset_from_its_url(client):
    answer = client.post(
        "/sparql",
        params={"default-graph-uri": "https://w3id.org/defgraph/graph/states"},
        content="ASK { ?pact a def:Agreement }",
        headers={"Content-Type": QUERY},
    )

    assert answer.json()["boolean"] is False


# Formats


@pytest.mark.parametrize("each", RESULT_FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("query", [SELECT, ASK], ids=["select", "ask"])
def test_results_in_each_format(client, each, query):
    by_accept = client.get("/sparql", params={"query": query}, headers={"Accept": each.media_type})
    by_name = client.get("/sparql", params={"query": query, "format": each.name})

    assert by_accept.headers["content-type"] == each.content_type
    assert by_accept.content == by_name.content
    if each.name != "csv":
        parsed = ox.parse_query_results(
            by_accept.content, format=ox.QueryResultsFormat.from_media_type(each.media_type)
        )
        assert bool(parsed) if query is ASK else len(list(parsed)) == 2


@pytest.mark.parametrize("each", RDF_FORMATS, ids=lambda each: each.name)
def test_a_graph_in_each_format(client, each):
    by_accept = client.post(
        "/sparql", data={"query": CONSTRUCT}, headers={"Accept": each.media_type}
    )
    by_name = client.post("/sparql", data={"query": CONSTRUCT, "format": each.name})

    assert by_accept.headers["content-type"] == each.content_type
    assert by_accept.content == by_name.content
    form = ox.RdfFormat.from_media_type(each.media_type)
    assert len(list(ox.parse(by_accept.content, format=form))) == 2


def test_json_ld_is_compacted_with_our_context(client):
    answer = client.get("/sparql", params={"query": CONSTRUCT, "format": "jsonld"})

    [pact] = answer.json()["@graph"]
    assert pact["id"] == "agreement:pact"
    assert pact["hasParty"] == ["state:jp", "state:nz"]


@pytest.mark.parametrize("accept", ["*/*", "", "nonsense", "application/json, text/plain, */*"])
def test_json_is_the_usual_answer(client, accept):
    answer = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})

    assert answer.headers["content-type"] == "application/sparql-results+json"


def test_turtle_is_the_usual_graph(client):
    answer = client.get("/sparql", params={"query": CONSTRUCT})

    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def test_format_wins_over_accept(client):
    answer = client.get(
        "/sparql", params={"query": SELECT, "format": "csv"}, headers={"Accept": "text/turtle"}
    )

    assert next(csv.reader(io.StringIO(answer.text))) == ["party"]


@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, "image/png"), (SELECT, "text/turtle"), (CONSTRUCT, "text/csv")]
)
def test_what_cannot_be_given_is_a_406_that_names_what_can(client, query, accept):
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})

    assert answer.status_code == 406
    assert answer.json()["title"] == "NotAcceptableError"
    offered = GRAPH_FORMATS if query is CONSTRUCT else RESULT_FORMATS
    assert set(answer.json()["offered"]) >= {each.media_type for each in offered}


def test_an_unknown_format_is_a_400_that_lists_the_known_ones(client):
    answer = client.get("/sparql", params={"query": SELECT, "format": "yaml"})

    assert answer.status_code == 400
    assert answer.json()["title"] == "UnknownFormatError"
    assert {"json", "csv", "turtle", "jsonld"} <= set(answer.json()["known"])


# Bad requests


def test_malformed_query_is_a_400_problem(client):
    answer = client.get("/sparql", params={"query": "SELECT WHERE"})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "QuerySyntaxError"


def test_a_syntax_error_has_line_and_column(client):
    answer = client.get("/sparql", params={"query": "SELECT ?x\nWHERE {\n  ?x a nope:State }"})

    assert (answer.json()["line"], answer.json()["column"]) == (3, 8)


def test_without_a_query_the_problem_says_how_to_send_one(client):
    answer = client.get("/sparql?query=")

    assert answer.status_code == 400
    assert "/sparql?query=" in answer.json()["detail"]


@pytest.mark.parametrize("body", ["", "format=csv", "query=", "query=%20"])
def test_a_form_without_a_query_is_a_400(client, body):
    answer = client.post("/sparql", content=body, headers={"Content-Type": FORM})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/sparql?query=ASK%20{}&query=ASK%20{}", None),
        ("/sparql?query=ASK%20{}", "query=ASK%20{}"),
        ("/sparql", "query=ASK%20{}&query=ASK%20{}"),
        ("/sparql?query=ASK%20{}&format=csv&format=json", None),
    ],
)
def test_a_parameter_that_stands_twice_is_a_400(client, url, body):
    if body is None:
        answer = client.get(url)
    else:
        answer = client.post(url, content=body, headers={"Content-Type": FORM})

    assert answer.status_code == 400
    assert "2 times" in answer.json()["detail"]


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "multipart/form-data", "nonsense", ""]
)
def test_a_body_of_another_media_type_is_a_415(client, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = client.post("/sparql", content="ASK {}", headers=headers)

    assert answer.status_code == 415
    assert QUERY in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")),
        (f"{QUERY}; charset=latin-1", b"ASK {}"),
        (QUERY, b"ASK { ?s ?p '\xff' }"),
        (FORM, b"query=ASK%20%7B%7D%FF"),
        (FORM, b"query=ASK\xff"),
    ],
)
def test_a_body_that_is_not_utf8_is_a_400(client, content_type, body):
    answer = client.post("/sparql", content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 400
    assert answer.json()["title"] == "BadRequestError"


def test_a_url_that_is_not_utf8_is_a_400(client):
    assert client.get("/sparql?query=ASK%20%7B%7D%FF").status_code == 400


@pytest.mark.parametrize("iri", ["", "states", "/graph", "a b:c", "urn:x<y"])
def test_a_graph_must_be_an_absolute_iri(client, iri):
    answer = client.get("/sparql", params={"query": ASK, "default-graph-uri": iri})

    assert answer.status_code == 400
    assert "default-graph-uri" in answer.json()["detail"]


@pytest.mark.parametrize("update", ["update=CLEAR%20ALL", "query=ASK%20%7B%7D&update=CLEAR%20ALL"])
def test_an_update_is_a_400(client, update):
    answer = client.post("/sparql", content=update, headers={"Content-Type": FORM})

    assert answer.status_code == 400


def test_an_update_as_a_query_changes_nothing(client):
    refused = client.post("/sparql", data={"query": "CLEAR ALL"})

    assert refused.status_code == 400
    assert len(parties(client.get("/sparql", params={"query": SELECT}))) == 2


def test_service_is_refused(client):
    answer = client.get(
        "/sparql", params={"query": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}
    )

    assert answer.status_code == 403
    assert answer.json()["title"] == "QueryRefusedError"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_a_405_problem(client, method):
    answer = client.request(method, "/sparql")

    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert "GET" in answer.headers["allow"]


# Browsers


@pytest.mark.parametrize("query", ["", None])
def test_a_browser_without_a_query_is_sent_to_the_query_page(client, query):
    params = {} if query is None else {"query": query}
    answer = client.get("/sparql", params=params, headers={"Accept": BROWSER})

    assert (answer.status_code, answer.headers["location"]) == (303, "./")


def test_a_browser_with_a_query_sees_the_answer_as_a_page(client):
    sent_on = client.get("/sparql", params={"query": SELECT}, headers={"Accept": BROWSER})
    page = client.get(sent_on.headers["location"].removeprefix("."))

    assert sent_on.status_code == 303
    assert "Japan" in page.text


def test_a_browser_that_names_a_format_gets_it(client):
    answer = client.get(
        "/sparql", params={"query": SELECT, "format": "csv"}, headers={"Accept": BROWSER}
    )

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_any_page_may_read_answers_and_problems(client):
    answer = client.get("/sparql", params={"query": SELECT})
    problem = client.get("/sparql", params={"query": "nonsense"})

    assert answer.headers["access-control-allow-origin"] == "*"
    assert problem.headers["access-control-allow-origin"] == "*"


def test_a_browser_may_ask_before_a_post(client):
    answer = client.options(
        "/sparql",
        headers={
            "Origin": "https://notebook.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}


def test_caches_are_told_what_an_answer_depends_on(client):
    for params in ({"query": SELECT}, {"query": "nonsense"}):
        answer = client.get("/sparql", params=params)

        assert "Accept" in answer.headers["vary"].split(", ")
        assert answer.headers["cache-control"] == "no-cache"


def test_conversion_of_a_graph_to_json_ld_keeps_a_choice_of_other_formats(client):
    answer = client.get(
        "/sparql",
        params={"query": SELECT},
        headers={"Accept": "application/ld+json, text/csv;q=0.5"},
    )

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


# The method QUERY (RFC 10008)


def test_query_is_a_post_that_only_reads(client):
    text = "SELECT ?s { ?s a def:State } ORDER BY ?s"

    answers = [
        client.request(
            "QUERY",
            "/sparql?format=csv",
            content=text,
            headers={"Content-Type": "application/sparql-query"},
        ),
        client.request("QUERY", "/sparql", data={"query": text, "format": "csv"}),
        client.get("/sparql", params={"query": text, "format": "csv"}),
    ]

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert len({each.text for each in answers}) == 1
    assert answers[0].headers["access-control-allow-origin"] == "*"
    known = {
        "Content-Type": "application/sparql-query",
        "If-None-Match": answers[0].headers["etag"],
    }
    again = client.request("QUERY", "/sparql?format=csv", content=text, headers=known)
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, "ASK {}", 400),
        ({"Content-Type": "text/plain"}, "ASK {}", 415),
        ({"Content-Type": "application/sparql-update"}, "DROP ALL", 415),
        ({"Content-Type": "application/sparql-query"}, "DROP ALL", 400),
        ({"Content-Type": "application/sparql-query"}, "", 400),
    ],
)
def test_a_query_that_is_none_is_refused(client, headers, body, status):
    assert client.request("QUERY", "/sparql", content=body, headers=headers).status_code == status


def test_a_byte_order_mark_is_no_part_of_a_query(client):
    headers = {"Content-Type": "application/sparql-query"}
    answer = client.post("/sparql", content=b"\xef\xbb\xbfASK {}", headers=headers)

    assert answer.json()["boolean"] is True


def test_a_body_of_two_types_is_refused(client):
    headers = [("Content-Type", "application/sparql-query"), ("Content-Type", "text/plain")]
    answer = client.post("/sparql", content=b"ASK {}", headers=headers)

    assert answer.status_code == 400
    assert "more than once" in answer.json()["detail"]


def test_a_body_of_two_encodings_is_refused(client):
    headers = [("Content-Encoding", "identity"), ("Content-Encoding", "br")]
    headers.append(("Content-Type", "application/sparql-query"))
    answer = client.post("/sparql", content=b"ASK {}", headers=headers)

    assert answer.status_code == 415
    assert "'identity, br'" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["OPTIONS", "PUT"])
def test_the_endpoint_says_what_a_query_may_send(client, method):
    answer = client.request(method, "/sparql")

    accepted = answer.headers["accept-query"].split(", ")
    assert accepted == ["application/sparql-query", "application/x-www-form-urlencoded"]
    assert "QUERY" in answer.headers["allow"].split(", ")
