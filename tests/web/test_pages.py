"""The first page, rendered on the server: it works without JavaScript."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

SCRIPT = "<script>alert(1)</script>"


class Page(HTMLParser):
    """The parts of a page that tests look at."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self._open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        self.words.append((self._open[-1] if self._open else "", data))

    def text(self, tag=None):
        return " ".join("".join(w for at, w in self.words if tag in (None, at)).split())

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def page(client, status=200, **params):
    answer = client.get("/", params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


# What it shows


def test_the_page_counts_what_the_graph_holds(client):
    text = page(client).text()

    assert "agreement 協定 1" in text
    assert "parties to agreements 当事者 2" in text
    assert "states with names and codes 国家 2" in text
    assert "source 資料 1" in text
    assert "people 人物 0" in text


def test_the_page_shows_on_whose_word_a_claim_stands(client):
    text = page(client).text()

    assert "The sea is <b>rough</b>." in text
    assert "Aoki & Sons" in text
    assert "feared" in text
    assert "懸念" in text
    assert "S7" in text


def test_a_source_has_a_link_to_its_page(client):
    assert "https://news.example/1" in {each["href"] for each in page(client).named("a")}


def test_the_questions_are_links(client):
    shown = page(client)

    assert "Who are the parties?" in shown.text()
    assert "当事者は誰か。" in shown.text()
    links = {each["href"] for each in shown.named("a")}
    assert {"./?question=Q1#answer", "./?question=Q2#answer"} <= links


def test_the_query_box_is_filled_with_declared_prefixes(client):
    shown = page(client)

    assert "PREFIX def: <https://w3id.org/defgraph/def/>" in shown.text("textarea")


def test_every_prefix_is_listed(client):
    assert "PREFIX agreement: <https://w3id.org/defgraph/id/agreement/>" in page(client).text("pre")


# Asking


def test_a_question_shows_its_query_and_its_answer(client):
    shown = page(client, question="Q1")

    assert shown.text("textarea") == (
        "PREFIX def: <https://w3id.org/defgraph/def/> SELECT ?party { ?pact def:hasParty ?party }"
    )
    assert "2 solutions" in shown.text()
    assert "New Zealand" in shown.text("a")
    assert "state:nz" in shown.text("code")
    current = [each for each in shown.named("a") if each.get("aria-current") == "true"]
    assert [each["data-question"] for each in current] == ["Q1"]


def test_a_yes_or_no_is_a_word(client):
    assert "Yes" in page(client, question="Q2").text("p")
    assert "No" in page(client, query="ASK { FILTER (false) }").text("p")


def test_a_graph_is_turtle(client):
    shown = page(client, query="DESCRIBE state:jp")

    assert 'rdfs:label "Japan"@en' in shown.text("pre")


def test_a_thing_shows_what_is_said_of_it_and_with_it(client):
    shown = page(client, thing="https://w3id.org/defgraph/id/state/jp")

    assert "What the graph says of Japan" in shown.text("h3")
    assert "日本" in shown.text()
    assert "def:hasParty" in shown.text("code")
    assert shown.text("textarea").startswith("# What the dataset says")


@pytest.mark.parametrize("thing", ["https://nowhere.example/", "> } DROP", "no iri", "state:jp"])
def test_a_thing_that_nothing_is_said_of_is_no_error(client, thing):
    assert "0 solutions" in page(client, thing=thing).text()


def test_the_answer_can_be_taken_away_in_each_format(client):
    query = 'SELECT ("a&b+c é" AS ?x) {}'
    downloads = [
        each["href"] for each in page(client, query=query).named("a") if "download" in each
    ]

    assert len(downloads) == 4
    for each in downloads:
        assert parse_qs(urlsplit(each).query)["query"] == [query]
        assert client.get(f"/{each}").status_code == 200


def test_the_shell_command_survives_quotes(client):
    shown = page(client, query="""ASK { FILTER ("it's" = 'it') }""")

    assert """'query=ASK { FILTER ("it'"'"'s" = '"'"'it'"'"') }'""" in shown.text("code")
    assert "http://testserver/sparql" in shown.text("code")


def test_unbound_literal_and_blank_values_are_shown(client):
    query = """SELECT ?a ?b ?c ?d { BIND (STRLANG("ja nee", "nl") AS ?a) BIND (BNODE() AS ?b)
      BIND ("2025-12"^^xsd:gYearMonth AS ?d) }"""
    shown = page(client, query=query)

    assert "ja nee nl" in shown.text()
    assert "_:" in shown.text("code")
    assert "xsd:gYearMonth" in shown.text("small")
    assert "–" in shown.text("span")


def test_a_triple_term_is_shown(client):
    shown = page(client, query="SELECT ?t { BIND (<<( state:jp rdfs:label 'Japan' )>> AS ?t) }")

    assert 'state:jp rdfs:label "Japan"' in shown.text("code")


def test_a_long_answer_says_that_it_is_cut(client):
    query = "SELECT ?n { VALUES ?n { " + " ".join(map(str, range(600))) + " } }"
    shown = page(client, query=query)

    assert "600 solutions; the first 500 are shown" in shown.text()
    assert len(shown.named("tr")) < 520


def test_an_answer_too_long_for_a_page_is_an_error_on_the_page(client):
    values = " ".join(f"VALUES ?v{at} {{ 0 1 2 3 4 5 6 7 8 9 }}" for at in range(5))
    query = f"SELECT * {{ {values} }}"

    answer = client.get("/", params={"query": query})

    assert answer.status_code == 413
    assert "take it away as JSON or CSV" in answer.text


def test_a_term_nested_too_deep_for_a_page_is_an_error_on_the_page(client):
    depth = 600
    term = "<<(<a:><a:>" * depth + "1" + ")>>" * depth

    answer = client.get("/", params={"query": f"SELECT * {{ BIND ({term} AS ?deep) }}"})

    assert answer.status_code == 413
    assert "nested too deep" in answer.text


def test_lines_that_a_form_sends_with_returns_are_counted_once(client):
    shown = page(client, 400, query="SELECT *\r\nWHERE {\r\n ?s nope:p ?o }")

    assert shown.named("textarea")[0]["data-line"] == "3"


# Errors


def test_a_syntax_error_is_shown_with_its_place(client):
    shown = page(client, 400, query="SELECT ?x\nWHERE {\n  ?x a nope:State\n}")

    assert "line 3, column 8" in shown.text("p")
    box = shown.named("textarea")[0]
    assert (box["data-line"], box["data-column"], box["aria-invalid"]) == ("3", "8", "true")
    assert shown.text("mark") == "n"


def test_a_caret_stands_under_the_place(client):
    answer = client.get("/", params={"query": "SELECT *\nWHERE { ?s ?p }"})

    shown = re.findall(
        r'<span class="line([^"]*)"[^>]*><span class="number">\d?</span> (.*)\n', answer.text
    )
    assert shown == [
        ("", "SELECT *"),
        (" wrong", "WHERE { ?s ?p <mark>}</mark>"),
        (" caret", "              ^"),
    ]


def test_a_syntax_error_at_the_end_is_marked_too(client):
    shown = page(client, 400, query="SELECT ?x WHERE {")

    assert len(shown.named("mark")) == 1


def test_an_unknown_question_is_a_404_on_the_page(client):
    assert "There is no question 'Q9'" in page(client, 404, question="Q9").text()


def test_a_refused_query_is_said_on_the_page(client):
    shown = page(client, 403, query="ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")

    assert "SERVICE" in shown.text("p")


@pytest.mark.parametrize(
    "params",
    [
        {"query": f"ASK {{}} # {SCRIPT}"},
        {"query": f"nonsense {SCRIPT}"},
        {"query": f"</textarea>{SCRIPT}"},
        {"query": f'SELECT ("{SCRIPT}" AS ?x) {{}}'},
        {"query": "SELECT ?pact ?label { ?pact a def:Agreement ; rdfs:label ?label }"},
        {"query": "DESCRIBE agreement:pact"},
        {"query": 'SELECT (IRI("urn:x:\\"onload=alert(1)") AS ?x) {}'},
        {"query": 'SELECT (IRI("javascript:alert(1)") AS ?x) {}'},
        {"question": SCRIPT},
        {"thing": SCRIPT},
        {"thing": "https://w3id.org/defgraph/id/agreement/pact"},
    ],
)
def test_nothing_that_is_sent_or_held_becomes_markup(client, params):
    shown = Page(client.get("/", params=params).text)

    assert [each.get("src") for each in shown.named("script")] == ["/static/ask.js"]
    assert shown.named("b") == []
    for tag, attributes in shown.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        assert not (attributes.get("href") or "").startswith("javascript:")


def test_the_page_asks_nothing_of_another_host(client):
    shown = page(client)
    fetched = [each["src"] for tag in ("script", "img") for each in shown.named(tag)]
    fetched += [each["href"] for each in shown.named("link")]

    for each in fetched:
        assert each.startswith("/static/")
        assert client.get(each).status_code == 200
    assert "url(" not in client.get("/static/style.css").text
    assert shown.named("style") == []


def test_the_page_can_be_found_ones_way_in(client):
    shown = page(client)

    assert shown.named("html")[0]["lang"] == "en"
    assert [len(shown.named(tag)) for tag in ("main", "nav", "header", "footer", "h1")] == [1] * 5
    fields = {each["id"] for each in shown.named("textarea")}
    assert fields == {each["for"] for each in shown.named("label")}
    identifiers = [each["id"] for _, each in shown.elements if "id" in each]
    assert len(identifiers) == len(set(identifiers))
    for each in shown.named("a"):
        if each["href"].startswith("#"):
            assert each["href"][1:] in identifiers


def test_an_empty_dataset_has_a_page(application_over):
    shown = page(application_over(ox.Store()))

    assert "0 solutions" in shown.text()
    assert "no questions" in shown.text()


# The shipped dataset


def test_every_shipped_question_shows_an_answer(shipped_client):
    links = re.findall(r"\?question=(\w+)#answer", shipped_client.get("/").text)

    assert len(links) >= 29
    for each in links:
        shown = page(shipped_client, question=each)
        assert "Yes" in shown.text("p") or re.search(r"[1-9]\d* solutions?", shown.text("p"))


def test_the_shipped_counts_are_those_of_a_query(shipped_client):
    query = "SELECT (COUNT(DISTINCT ?claim) AS ?n) { ?claim a def:Claim }"
    answer = shipped_client.get("/sparql", params={"query": query}).json()
    number = answer["results"]["bindings"][0]["n"]["value"]

    assert f"claims 言明 {number}" in page(shipped_client).text()


def test_a_shipped_question_is_the_same_everywhere(shipped_client):
    shown = page(shipped_client, question="V01")
    answer = shipped_client.post("/sparql", data={"query": shown.text("textarea")})

    assert [each["person"]["value"] for each in answer.json()["results"]["bindings"]] == [
        "https://w3id.org/defgraph/id/person/toshimitsu-motegi"
    ]
