"""A page tells search engines in the words of schema.org what the document says, and no more."""

import json
import re

import pyoxigraph as ox
import pytest
from pyld import jsonld

from defgraph.namespaces import BASE, ID, LICENSE

SCHEMA = "https://schema.org/"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told_by(page):
    scripts = SCRIPT.findall(page.text)
    return {
        (str(q.subject), str(q.predicate), str(q.object))
        for each in scripts
        for q in ox.parse(each, format=ox.RdfFormat.JSON_LD)
    }


@pytest.mark.parametrize(
    ("thing", "kind", "name"),
    [
        ("state/nz", "Country", '"New Zealand"@en'),
        ("state/jp", "Country", '"日本"@ja'),
        (
            "agreement/jp-nz-acsa-2025",
            "Legislation",
            '"Japan-New Zealand Acquisition and Cross-Servicing Agreement"@en',
        ),
        ("person/judith-collins", "Person", '"Judith Collins"@en'),
    ],
)
def test_a_page_says_what_it_is_about(shipped_client, thing, kind, name):
    told = told_by(shipped_client.get(f"/doc/{thing}.html"))

    subject = f"<{ID}{thing}>"
    rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert (subject, rdf_type, f"<{SCHEMA}{kind}>") in told
    assert (subject, f"<{SCHEMA}name>", name) in told
    assert (subject, f"<{SCHEMA}mainEntityOfPage>", f"<{BASE}doc/{thing}>") in told


def test_every_value_is_one_that_the_document_has(shipped_client):
    page = shipped_client.get("/doc/state/nz.html")
    said = {
        str(quad.object)
        for quad in ox.parse(
            shipped_client.get("/doc/state/nz.nt").content, format=ox.RdfFormat.N_TRIPLES
        )
    }

    of_thing = {"name", "alternateName", "sameAs", "value"}
    values = {o for _, p, o in told_by(page) if p.removeprefix(f"<{SCHEMA}")[:-1] in of_thing}
    assert len(values) > 5
    assert values <= said
    assert "<http://www.wikidata.org/entity/Q664>" in values


@pytest.mark.parametrize("path", ["/doc/post/nz-defence-minister.html", "/ontology.html"])
def test_what_schema_org_has_no_word_for_is_not_told(shipped_client, path):
    page = shipped_client.get(path)

    assert page.status_code == 200
    assert SCRIPT.findall(page.text) == []


def test_no_text_of_the_data_ends_the_script(client_of):
    turtle = 'state:nz a def:State ; rdfs:label "</script><script>alert(1)</script><!-- &"@en .'
    with client_of(test=turtle) as client:
        page = client.get("/doc/state/nz.html")

    assert "<script>alert" not in page.text
    (script,) = SCRIPT.findall(page.text)
    assert json.loads(script)["name"][0]["@value"].startswith("</script>")
    assert "script-src 'unsafe" not in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/doc/state/nz.html",
        "/doc/agreement/jp-nz-acsa-2025.html",
        "/doc/person/judith-collins.html",
    ],
)
def test_pyld_expands_what_is_told_and_fetches_nothing(shipped_client, path):
    (script,) = SCRIPT.findall(shipped_client.get(path).text)

    def refused(url, _):
        raise AssertionError(f"it would fetch {url}")

    (node,) = jsonld.expand(json.loads(script), {"documentLoader": refused})

    def check(value):
        if isinstance(value, list):
            for each in value:
                check(each)
        elif isinstance(value, dict):
            for name, inner in value.items():
                assert name.startswith(("@", SCHEMA)), name
                check(inner)

    check(node)
    assert all(each.startswith(SCHEMA) for each in node["@type"])
    assert node[SCHEMA + "name"]


def test_the_first_page_describes_the_dataset_as_search_engines_want_it(shipped_client):
    (script,) = SCRIPT.findall(shipped_client.get("/").text)
    told = json.loads(script)

    assert told["@type"] == "Dataset"
    assert 50 <= len(told["description"]) <= 5000
    for needed in ("name", "license", "creator", "url"):
        assert told[needed]
    assert told["creator"]["@type"] == "Organization"
    assert told["creator"]["name"] == "The defgraph authors"
    assert told["license"] == LICENSE
    assert (told["isAccessibleForFree"], told["inLanguage"]) == (True, ["en", "ja"])
    assert told["distribution"]
    for each in told["distribution"]:
        assert each["@type"] == "DataDownload"
        answer = shipped_client.head(each["contentUrl"])
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].split(";")[0] == each["encodingFormat"]
    graph = list(ox.parse(script, format=ox.RdfFormat.JSON_LD))
    urls = {str(q.object) for q in graph if q.predicate.value == SCHEMA + "contentUrl"}
    assert all(each.startswith("<http") for each in urls)


def test_of_somebody_elses_data_the_first_page_tells_nothing(client):
    assert not SCRIPT.findall(client.get("/").text)
