"""A page states the facts that the triples of the same document state: all of them, no others."""

from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

from defgraph.namespaces import ID, PREFIXES, RDF, RDFS, SKOS

THINGS = (
    "state/nz",
    "state/jp",
    "state/va",
    "agreement/jp-nz-acsa-2025",
    "agreement/jp-nz-information-security-2025",
    "person/judith-collins",
    "post/nz-defence-minister",
    "organisation/defgraph",
    "place/tokyo",
    "topic/interoperability",
    "cooperation/exchange-of-supplies",
    "modality/asserted",
    "question/V01",
    "source/2025-12-japan-new-zealand",
)
ABOVE = {  # what stands above the facts: as heading, sentence and definition
    RDF + "type",
    RDFS + "label",
    RDFS + "comment",
    SKOS + "prefLabel",
    SKOS + "definition",
    PREFIXES["dcterms"] + "title",
    PREFIXES["dcterms"] + "description",
}


class Facts(HTMLParser):
    """The property and value of each fact, as a page has them in its sections *names*."""

    def __init__(self, text, *names):
        super().__init__()
        self.found, self._names = set(), names
        self._section = self._property = self._literal = None
        self._in_value = 0
        self._at = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "section":
            self._section = said["id"] if said.get("id") in self._names else None
        if self._section is None:
            return
        if tag in ("dt", "dd"):
            self._at = tag
        elif self._at == "dt" and tag in ("a", "span") and "title" in said:
            self._property = said["title"]
        elif self._at == "dd" and tag == "span":
            self._in_value += bool(self._in_value) or said.get("class") == "value"
            if said.get("class") == "literal":
                self._literal = ""
        if self._at == "dd" and self._in_value and tag in ("a", "span"):
            if "title" in said:
                self.found.add((self._property, said["title"]))
            elif tag == "a":  # a link elsewhere is written in full
                self.found.add((self._property, said["href"]))

    def handle_data(self, data):
        if self._literal is not None:
            self._literal += data

    def handle_endtag(self, tag):
        if tag == "span" and self._literal is not None:
            self.found.add((self._property, self._literal))
            self._literal = None
        if tag == "span" and self._in_value:
            self._in_value -= 1


@pytest.mark.parametrize("thing", THINGS)
def test_a_page_has_the_facts_that_the_triples_are(shipped_client, thing):
    document = shipped_client.get(f"/doc/{thing}.nt")
    assert document.status_code == 200
    stated = {
        (quad.predicate.value, quad.object.value)
        for quad in ox.parse(document.content, format=ox.RdfFormat.N_TRIPLES)
        if quad.subject == ox.NamedNode(ID + thing) and not isinstance(quad.object, ox.BlankNode)
    }

    page = shipped_client.get(f"/doc/{thing}.html").text

    assert Facts(page, "facts", "links").found == {
        (property_, value) for property_, value in stated if property_ not in ABOVE
    }


def test_what_our_words_say_goes_before_names_and_notes(shipped_client):
    page = shipped_client.get("/doc/state/jp.html").text

    assert page.index("is ACSA partner of") < page.index("is also searched as")
