"""Writes over HTTP: updates and whole graphs, through the processes that a server has."""

import gzip
import json
import sys

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from defgraph import loading
from defgraph.engine.limits import Limits
from defgraph.engine.profile import PLAIN, Profile
from defgraph.media_types import GRAPH_FORMATS
from defgraph.namespaces import GRAPH, INFERRED_GRAPH, VOID_GRAPH
from defgraph.settings import Settings
from defgraph.store.forked import ForkedStore
from defgraph.void import DESCRIBER
from defgraph.web import create_app

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

TOKEN = {"Authorization": "Bearer secret"}
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
ONE = b"<urn:a> <urn:b> 1 ."
TWO = b"<urn:a> <urn:b> 2 ."
WRONG = "INSERT DATA { GRAPH graph:x { agreement:x a def:Agreement ; def:hasParty person:p } }"
LIMITS = Limits(timeout_s=60)


def serving(dataset=None, **options):
    store = ForkedStore(dataset, is_writable=True, workers=2, limits=LIMITS, **options)
    app = create_app(Settings(token="secret", max_upload_bytes=100_000), store=store)
    return TestClient(app, headers=TOKEN)


@pytest.fixture(scope="module")
def running():
    with serving(profile=PLAIN) as client:
        yield client


@pytest.fixture
def plain(running):
    """A plain store that holds nothing."""
    assert running.post("/update", content="DROP ALL", headers=UPDATE).status_code == 200
    return running


@pytest.fixture(scope="module")
def shipped():
    with serving(loading.load(), profile=Profile(gate="defgraph.admission")) as client:
        yield client


def holds(client, pattern):
    answer = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"})
    return answer.json()["boolean"]


def generation(client):
    return int(client.get("/sparql?query=ASK%20{}").headers["generation"])


# Updates (SPARQL 1.1 Protocol, 2.2)


def test_an_update_as_the_body(plain):
    before = generation(plain)

    answer = plain.post("/update", content="INSERT DATA { <urn:a> <urn:b> 1, 2 }", headers=UPDATE)

    assert answer.status_code == 200
    assert answer.json() == {"generation": before + 1, "added": 2, "deleted": 0}
    assert answer.headers["generation"] == str(before + 1)
    assert holds(plain, "<urn:a> <urn:b> 2")


def test_an_update_as_a_form(plain):
    answer = plain.post("/update", data={"update": "INSERT DATA { <urn:a> <urn:b> 1 }"})

    assert answer.status_code == 200
    assert holds(plain, "<urn:a> <urn:b> 1")


def test_an_update_that_changes_nothing_keeps_the_generation(plain):
    before = generation(plain)

    answer = plain.post("/update", content="CLEAR ALL", headers=UPDATE)

    assert answer.json() == {"generation": before, "added": 0, "deleted": 0}


def test_an_update_that_was_meant_for_named_graphs_is_told_so(plain):
    plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)

    answer = plain.post("/update", content="DELETE WHERE { ?s <urn:b> ?o }", headers=UPDATE).json()

    assert (answer["added"], answer["deleted"]) == (0, 0)
    assert "GRAPH, WITH or USING" in answer["hint"]


def test_a_request_describes_the_dataset_of_an_update(plain):
    plain.post(
        "/update",
        content="INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } <urn:a> <urn:b> 2 }",
        headers=UPDATE,
    )

    plain.post(
        "/update",
        params={"using-graph-uri": "urn:g"},
        content="INSERT { <urn:found> <urn:b> ?o } WHERE { ?s <urn:b> ?o }",
        headers=UPDATE,
    )

    assert holds(plain, "<urn:found> <urn:b> 1")
    assert not holds(plain, "<urn:found> <urn:b> 2")


@pytest.mark.parametrize(
    ("params", "headers", "body", "status"),
    [
        ({}, UPDATE, "INSERT DATA {\n <urn:a> nope:b 1 }", 400),
        ({}, UPDATE, " ", 400),
        ({}, UPDATE, b"INSERT DATA { <urn:a> <urn:b> '\xff' }", 400),
        ({"query": "ASK {}"}, UPDATE, "CLEAR ALL", 400),
        ({"update": "CLEAR ALL"}, UPDATE, "CLEAR ALL", 400),
        ({"using-graph-uri": "g"}, UPDATE, "CLEAR ALL", 400),
        ({}, {"Content-Type": "text/plain"}, "CLEAR ALL", 415),
        ({}, {"Content-Type": "application/sparql-query"}, "CLEAR ALL", 415),
        ({}, UPDATE, "LOAD <http://127.0.0.1:9/>", 403),
        ({}, UPDATE, "INSERT {} WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ({}, UPDATE, "#" * 100_001, 413),
    ],
)
def test_an_update_that_is_not_taken_changes_nothing(plain, params, headers, body, status):
    plain.put("/graphs?default", content=ONE, headers=TURTLE)

    answer = plain.post("/update", params=params, content=body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert holds(plain, "<urn:a> <urn:b> 1")


def test_a_syntax_error_has_line_and_column(plain):
    text = "INSERT DATA {\n <urn:a> nope:b 1 }"

    answer = plain.post("/update", content=text, headers=UPDATE)

    assert (answer.json()["line"], answer.json()["column"]) == (2, 10)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_an_update_is_posted(plain, method):
    assert plain.request(method, "/update?update=CLEAR%20ALL").status_code == 405


# Graphs (SPARQL 1.1 Graph Store HTTP Protocol)


def test_a_graph_from_its_making_to_its_end(plain):
    graph = {"graph": "urn:g"}

    steps = [
        plain.get("/graphs", params=graph),
        plain.put("/graphs", params=graph, content=ONE, headers=TURTLE),
        plain.put("/graphs", params=graph, content=TWO, headers=TURTLE),
        plain.post("/graphs", params=graph, content=ONE, headers=TURTLE),
        plain.get("/graphs", params={**graph, "format": "ntriples"}),
        plain.delete("/graphs", params=graph),
        plain.head("/graphs", params=graph),
        plain.delete("/graphs", params=graph),
    ]

    assert [each.status_code for each in steps] == [404, 201, 204, 204, 200, 204, 404, 404]
    assert len(steps[4].text.splitlines()) == 2
    numbers = [int(steps[at].headers["generation"]) for at in (1, 2, 3, 4, 5)]
    assert numbers == [numbers[0] + each for each in (0, 1, 2, 2, 3)]


def test_the_default_graph_is_always_there(plain):
    steps = [
        plain.get("/graphs?default"),
        plain.put("/graphs?default", content=ONE, headers=TURTLE),
        plain.post("/graphs?default=", content=TWO, headers=TURTLE),
        plain.get("/graphs?default&format=ntriples"),
        plain.delete("/graphs?default"),
        plain.delete("/graphs?default"),
    ]

    assert [each.status_code for each in steps] == [200, 204, 204, 200, 204, 204]
    assert len(steps[3].text.splitlines()) == 2


def test_posting_makes_a_graph_too(plain):
    answer = plain.post("/graphs?graph=urn:new", content=ONE, headers=TURTLE)

    assert answer.status_code == 201


@pytest.mark.parametrize("each", GRAPH_FORMATS, ids=lambda each: each.name)
def test_a_graph_is_sent_and_taken_in_each_format(plain, each):
    form = ox.RdfFormat.from_media_type(each.media_type)
    triple = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:x:p"), ox.Literal("é日本"))
    headers = {"Content-Type": each.content_type}

    plain.put("/graphs?graph=urn:g", content=ox.serialize([triple], format=form), headers=headers)
    answer = plain.get("/graphs?graph=urn:g", headers={"Accept": each.media_type})

    assert [quad.triple for quad in ox.parse(answer.content, format=form)] == [triple]


def test_an_upload_may_be_gzip(plain):
    headers = {**TURTLE, "Content-Encoding": "gzip"}

    plain.put("/graphs?graph=urn:g", content=gzip.compress(ONE), headers=headers)

    assert holds(plain, "GRAPH <urn:g> { <urn:a> <urn:b> 1 }")


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(
    ("url", "headers", "body", "status"),
    [
        ("/graphs/g?default", TURTLE, ONE, 400),
        ("/graphs?default&graph=urn:g", TURTLE, ONE, 400),
        ("/graphs?graph=g", TURTLE, ONE, 400),
        ("/graphs?graph=urn:g", TURTLE, b"<urn:a>\n <urn:b>", 400),
        ("/graphs?graph=urn:g", {**TURTLE, "Content-Encoding": "gzip"}, ONE, 400),
        ("/graphs?graph=urn:g", {"Content-Type": "application/rdf+xml"}, ONE, 400),
        ("/graphs?graph=urn:g", {"Content-Type": "text/turtle; charset=latin-1"}, ONE, 400),
        ("/graphs?graph=urn:g", {"Content-Type": "text/csv"}, ONE, 415),
        ("/graphs?graph=urn:g", {"Content-Type": "application/n-quads"}, ONE, 415),
        ("/graphs?graph=urn:g", {}, ONE, 415),
        ("/graphs?graph=urn:g", TURTLE, b"#" * 100_001, 413),
        (
            "/graphs?graph=urn:g",
            {**TURTLE, "Content-Encoding": "gzip"},
            gzip.compress(b"#" * 100_000_000),
            413,
        ),
    ],
    ids=[
        "below", "two", "relative", "turtle", "gzip", "xml", "charset", "csv", "nquads", "untyped",
        "large", "bomb",
    ],
)  # fmt: skip
def test_an_upload_that_is_not_taken_changes_nothing(  # noqa: PLR0917 - one row of the table
    plain, method, url, headers, body, status
):
    before = generation(plain)

    answer = plain.request(method, url, content=body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert generation(plain) == before


def test_a_syntax_error_in_an_upload_has_its_line(plain):
    answer = plain.put("/graphs?graph=urn:g", content=b"<urn:a>\n <urn:b>\n !", headers=TURTLE)

    assert answer.json()["title"] == "DataSyntaxError"
    assert answer.json()["line"] == 3


def test_a_body_that_comes_in_pieces_is_limited_too(plain):
    answer = plain.put("/graphs?graph=urn:g", content=iter([ONE] * 10_000), headers=TURTLE)

    assert answer.status_code == 413
    assert answer.json()["limit"] == "DEFGRAPH_MAX_UPLOAD_BYTES"


def test_an_answer_to_a_write_is_for_no_page_of_another_origin(plain):
    headers = {**TURTLE, "Origin": "https://other.example"}

    answer = plain.put("/graphs?graph=urn:g", content=ONE, headers=headers)

    assert answer.status_code == 201
    assert "access-control-allow-origin" not in answer.headers


# The gate of the shapes


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("image/png", "application/problem+json"),
    ],
)
def test_what_the_shapes_refuse_is_a_422_with_the_report(shipped, accept, content_type):
    before = generation(shipped)

    answer = shipped.post("/update", content=WRONG, headers={**UPDATE, "Accept": accept})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == content_type
    assert "agreement-party" in answer.text
    assert generation(shipped) == before
    if "json" in content_type:
        report = json.loads(answer.text)
        assert (report["status"], report["conforms"]) == (422, False)
        assert report["results"][0]["graphs"] == [GRAPH + "x"]


def test_a_graph_that_the_shapes_refuse_is_a_422(shipped):
    states = {"graph": GRAPH + "reference/states"}

    emptied = shipped.delete("/graphs", params=states)

    assert emptied.status_code == 422
    assert shipped.get("/graphs", params=states).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_the_inferred_graph_is_not_written_to(shipped, method):
    answer = shipped.request(
        method, "/graphs", params={"graph": INFERRED_GRAPH}, content=ONE, headers=TURTLE
    )

    assert answer.status_code == 409
    assert answer.json()["title"] == "InferredGraphError"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_the_graph_that_describes_the_dataset_is_not_written_to(method):
    with serving(loading.load(), profile=Profile(describer=DESCRIBER)) as client:
        answer = client.request(
            method, "/graphs", params={"graph": VOID_GRAPH}, content=ONE, headers=TURTLE
        )

    assert answer.status_code == 409
    assert f"<{VOID_GRAPH}> is computed from the others" in answer.json()["detail"]


def test_what_conforms_is_published_with_what_follows(shipped):
    state = (
        "INSERT DATA { GRAPH graph:x { state:xx a def:State ; rdfs:label 'X'@en ; "
        "def:hasForce force:xx . force:xx a def:ArmedForce ; rdfs:label 'F'@en } }"
    )

    answer = shipped.post("/update", content=state, headers=UPDATE)

    assert answer.status_code == 200, answer.text
    assert answer.json()["added"] > 5
    assert holds(shipped, "GRAPH graph:inferred { force:xx def:forceOf state:xx }")


# Graphs by the IRI of the request (Graph Store Protocol, 4.1), and new ones (5.5)


HERE = "http://testserver/graphs/"


def test_a_graph_is_named_by_the_iri_of_the_request(plain):
    steps = [
        plain.get("/graphs/people/1.ttl"),
        plain.put("/graphs/people/1.ttl", content=b"<> <urn:b> <2.ttl> .", headers=TURTLE),
        plain.get("/graphs", params={"graph": HERE + "people/1.ttl"}),
        plain.post("/graphs/people/1.ttl", content=ONE, headers=TURTLE),
        plain.delete("/graphs/people/1.ttl"),
        plain.head("/graphs/people/1.ttl"),
    ]

    assert [each.status_code for each in steps] == [404, 201, 200, 204, 204, 404]
    assert f"<{HERE}people/1.ttl> <urn:b> <{HERE}people/2.ttl>" in steps[2].text


@pytest.mark.parametrize(
    "host", ["testserver", "TESTSERVER", "testserver:80"], ids=["as is", "capitals", "port"]
)
def test_a_server_has_one_name_however_it_is_spelt(plain, host):
    plain.put("/graphs/caf%C3%A9?format=turtle", content=ONE, headers={**TURTLE, "Host": host})

    assert holds(plain, f"GRAPH <{HERE}caf%C3%A9> {{ <urn:a> <urn:b> 1 }}")


def test_a_new_graph_gets_a_name(plain):
    made = plain.post("/graphs", content=b"<> <urn:b> 1 .", headers=TURTLE)

    assert made.status_code == 201
    where = made.headers["location"]
    assert where.startswith(HERE)
    assert f"<{where}> <urn:b> 1" in plain.get(where).text
    assert plain.post("/graphs", content=ONE, headers=TURTLE).headers["location"] != where


def test_a_new_graph_without_triples_is_none(plain):
    made = plain.post("/graphs", content=b"", headers=TURTLE)

    assert made.status_code == 204
    assert "location" not in made.headers


def test_a_graph_that_is_emptied_has_no_name_left(plain):
    plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)
    plain.post("/update", content="DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", headers=UPDATE)

    answer = plain.get("/sparql", params={"query": "SELECT ?g { GRAPH ?g {} }", "format": "csv"})

    assert answer.text.split() == ["g"]


# Several files at once (section 5.5, RFC 7578)


def test_the_files_of_a_form_are_one_write(plain):
    before = generation(plain)
    files = [
        ("a", ("a.ttl", b"_:x <urn:b> 1 .", "text/turtle")),
        ("b", ("b.nt", b"_:x <urn:b> <urn:2> .", None)),
        ("c", ("c.jsonld", b'{"@id": "", "urn:b": 3}', "application/octet-stream")),
    ]

    answer = plain.post("/graphs/g", files=files)

    assert answer.status_code == 201, answer.text
    assert generation(plain) == before + 1
    assert holds(
        plain, f"GRAPH <{HERE}g> {{ ?x <urn:b> 1 . ?y <urn:b> <urn:2> . <{HERE}g> <urn:b> 3 }}"
    )
    assert not holds(plain, "GRAPH ?g { ?x <urn:b> 1 , <urn:2> }")


def test_a_form_replaces_a_graph_too(plain):
    plain.put("/graphs/g", content=ONE, headers=TURTLE)

    answer = plain.put("/graphs/g", files={"a": ("a", TWO, "text/turtle; charset=UTF-8")})

    assert answer.status_code == 204
    assert plain.get("/graphs/g?format=ntriples").text.count("\n") == 1


def test_what_stands_around_the_parts_of_a_form_is_for_nobody(plain):
    body = b"a --b of a mail\r\n" + PART % (b"a.ttl", b"") + b"\r\n--b--\r\n--b of its end"

    answer = plain.put("/graphs/g", content=body, headers=FORM)

    assert answer.status_code == 201
    assert plain.get("/graphs/g?format=ntriples").text.count("\n") == 1


FORM = {"Content-Type": "multipart/form-data; boundary=b"}
PART = (
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="%s"\r\n%s\r\n<urn:a> <urn:b> 1 .'
)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "multipart/form-data"}, PART % (b"a.ttl", b"") + b"\r\n--b--", 400),
        (FORM, b"--b--\r\n", 400),
        (FORM, b"", 400),
        (FORM, PART % (b"a.ttl", b""), 400),
        (FORM, b"--nonsense", 400),
        (FORM, PART % (b"a.csv", b"") + b"\r\n--b--", 415),
        (FORM, PART % (b"a.ttl", b"Content-Type: text/csv\r\n") + b"\r\n--b--", 415),
        (FORM, PART % (b"a", b"") + b"\r\n--b--", 415),
        (FORM, PART % (b"a", b"Content-Type: text/turtle; charset=x\r\n") + b"\r\n--b--", 400),
        (FORM, (PART % (b"a.ttl", b"") + b"\r\n") * 2000 + b"--b--", 413),
        (FORM, b"--b\r\nContent-Disposition: form-data\r\n\r\n\r\n" * 1001 + b"--b--", 400),
    ],
    ids=[
        "boundary", "none", "empty", "cut off", "broken", "csv", "typed", "untyped", "charset",
        "large", "many",
    ],
)  # fmt: skip
def test_a_form_that_is_not_taken_changes_nothing(plain, headers, body, status):
    before = generation(plain)

    answer = plain.post("/graphs/g", content=body, headers=headers)

    assert answer.status_code == status, answer.text
    assert generation(plain) == before


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (PART % (b"a.csv", b""), "the file 'a.csv' with no Content-Type"),
        (
            PART % (b"a", b"Content-Type: application/octet-stream\r\n"),
            "'application/octet-stream'",
        ),
        (
            b"--b\r\nContent-Disposition: form-data\r\n\r\nx",
            "a part of the form with no Content-Type",
        ),
    ],
)
def test_a_part_that_is_no_graph_is_named(plain, part, said):
    answer = plain.post("/graphs/g", content=part + b"\r\n--b--", headers=FORM)

    assert answer.status_code == 415
    assert said in answer.json()["detail"]


def test_a_byte_order_mark_is_no_part_of_a_graph(plain):
    sent = b"\xef\xbb\xbf" + ONE
    alone = plain.put("/graphs/g", content=sent, headers=TURTLE)
    in_form = plain.post("/graphs/g", files={"a": ("a.ttl", sent, "text/turtle")})

    assert (alone.status_code, in_form.status_code) == (201, 204)


def test_a_mistake_in_a_form_says_in_which_part(plain):
    files = [("a", ("a.ttl", ONE, "text/turtle")), ("b", ("b.ttl", b"<urn:a>\n!", "text/turtle"))]

    problem = plain.post("/graphs/g", files=files).json()

    assert problem["title"] == "DataSyntaxError"
    assert problem["detail"].startswith("Part 2: this is not Turtle")
    assert problem["line"] == 2


# Patches (section 5.7)


def test_a_patch_has_one_graph_alone(plain):
    plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)
    plain.put("/graphs?graph=urn:h", content=ONE, headers=TURTLE)
    change = "DELETE { ?s ?p ?o } INSERT { ?s ?p 2 } WHERE { ?s ?p ?o }"

    answer = plain.patch("/graphs?graph=urn:g", content=change, headers=UPDATE)

    assert answer.status_code == 204
    assert holds(plain, "GRAPH <urn:g> { <urn:a> <urn:b> 2 } GRAPH <urn:h> { <urn:a> <urn:b> 1 }")
    assert not holds(plain, "GRAPH <urn:g> { <urn:a> <urn:b> 1 }")
    assert not holds(plain, "?s ?p ?o")


@pytest.mark.parametrize("url", ["/graphs?graph=urn:g", "/graphs?default", "/graphs/g"])
def test_a_patch_makes_a_graph_too(plain, url):
    answer = plain.patch(url, content="INSERT DATA { <urn:a> <urn:b> 1 }", headers=UPDATE)

    assert answer.status_code == (204 if "default" in url else 201)
    assert "<urn:a> <urn:b> 1" in plain.get(url).text


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (TURTLE, ONE, 415),
        ({}, "CLEAR DEFAULT", 415),
        (UPDATE, "INSERT DATA {", 400),
        (UPDATE, "INSERT DATA { GRAPH <urn:h> { <urn:a> <urn:b> 1 } }", 403),
        (UPDATE, "WITH <urn:h> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", 403),
        (UPDATE, "INSERT { ?s ?p ?o } USING <urn:h> WHERE { ?s ?p ?o }", 403),
        (UPDATE, "COPY DEFAULT TO <urn:h>", 403),
        (UPDATE, "CREATE GRAPH <urn:h>", 403),
        (UPDATE, "DROP ALL", 403),
        (UPDATE, "LOAD <http://127.0.0.1:9/>", 403),
    ],
)
def test_a_patch_that_is_not_taken_changes_nothing(plain, headers, body, status):
    plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)
    before = generation(plain)

    answer = plain.patch("/graphs?graph=urn:g", content=body, headers=headers)

    assert answer.status_code == status
    assert generation(plain) == before


# Conditions (RFC 9110, section 13.1)


def requests(condition):
    """A write of every kind, each with a condition."""
    yield "POST", "/update", {**UPDATE, **condition}, "INSERT DATA { <urn:a> <urn:b> 7 }"
    for url in ("/graphs?graph=urn:g", "/graphs?default"):
        yield "PUT", url, {**TURTLE, **condition}, TWO
        yield "POST", url, {**TURTLE, **condition}, b"<urn:a> <urn:b> 8 ."
        yield "PATCH", url, {**UPDATE, **condition}, "INSERT DATA { <urn:a> <urn:b> 9 }"
        yield "DELETE", url, condition, b""


def test_a_write_for_the_generation_that_there_is(plain):
    plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)

    for at in range(len(list(requests({})))):
        number = generation(plain)
        tag = plain.get("/sparql?query=ASK%20{}").headers["etag"]
        for each in (f'"{number}"', f'"1" , "{number}"', tag, "*"):
            method, url, headers, body = list(requests({"If-Match": each}))[at]
            plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)
            if each != "*":
                headers["If-Match"] = each.replace(str(number), str(generation(plain)), 1)
            if each == tag:
                headers["If-Match"] = plain.get("/sparql?query=ASK%20{}").headers["etag"]
            answer = plain.request(method, url, content=body, headers=headers)
            assert answer.status_code in (200, 204), (method, url, each, answer.text)


@pytest.mark.parametrize("form", ['"{0}"', 'W/"{1}"', '"{0}", W/"{1}"', '""', '"{1}0"'])
def test_a_write_for_another_generation_is_a_412(plain, form):
    plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)
    plain.put("/graphs?default", content=ONE, headers=TURTLE)
    now = generation(plain)
    condition = {"If-Match": form.format(now - 1, now)}

    for method, url, headers, body in requests(condition):
        answer = plain.request(method, url, content=body, headers=headers)
        assert answer.status_code == 412, (method, url)
        assert answer.json()["title"] == "PreconditionFailedError"
        assert answer.json()["generation"] == now
    assert generation(plain) == now


def test_a_graph_only_if_it_is_there_or_is_not(plain):
    there, not_there = {**TURTLE, "If-Match": "*"}, {**TURTLE, "If-None-Match": "*"}

    steps = [
        plain.put("/graphs?graph=urn:g", content=ONE, headers=there),
        plain.put("/graphs?graph=urn:g", content=ONE, headers=not_there),
        plain.put("/graphs?graph=urn:g", content=TWO, headers=not_there),
        plain.put("/graphs?graph=urn:g", content=TWO, headers=there),
        plain.post("/graphs?default", content=ONE, headers=not_there),
    ]

    assert [each.status_code for each in steps] == [412, 201, 412, 204, 412]


def test_a_write_unless_it_is_for_a_generation(plain):
    plain.put("/graphs?graph=urn:g", content=ONE, headers=TURTLE)
    now = generation(plain)

    for value, status in ((f'W/"{now}"', 412), (f'"{now - 1}"', 204)):
        headers = {**TURTLE, "If-None-Match": value}
        answer = plain.put("/graphs?graph=urn:g", content=TWO, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize("value", ["17", "", '"17', "*, *", "W/17", '"1" "2"'])
@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
def test_a_condition_that_is_none_is_a_400(plain, name, value):
    answer = plain.post("/update", content="CLEAR ALL", headers={**UPDATE, name: value})

    assert answer.status_code == 400
    assert '"17"' in answer.json()["detail"]
