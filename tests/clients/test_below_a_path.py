"""A server below a path, asked by its public address: through a proxy, and where there is none."""

from __future__ import annotations

import socket
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
import rdflib
from rdflib.compare import isomorphic

from defgraph.media_types import RDF_FORMATS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of itself

THINGS = (
    "doc/state/nz",
    "doc/agreement/jp-nz-acsa-2025",
    "doc/person/judith-collins",
    "doc/organisation/defgraph",
    "graph/links/geonames",
    "graph/about",
    "shape/agreement-aim",
)
MATCH = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#exactMatch")


@pytest.fixture(scope="module")
def public(open_server):
    """The public address, which is that of the server itself with a path."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/x"
    with open_server(port=str(port), public_url=url, root_path="/x"):
        yield f"{url}/"


class Addresses(HTMLParser):
    """What a page loads and links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def statements(url: str) -> rdflib.Graph:
    dataset = rdflib.Dataset(default_union=True).parse(url)
    graph = rdflib.Graph()
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    return graph


@pytest.mark.parametrize("thing", THINGS)
def test_every_format_says_the_same_to_rdflib(public, thing):
    plain = rdflib.Graph().parse(public + thing)

    assert len(plain) > 3
    for form in RDF_FORMATS:
        assert isomorphic(statements(f"{public}{thing}{form.extension}"), plain), form.name


def test_an_iri_leads_to_its_document(public):
    graph = rdflib.Graph().parse(f"{public}id/state/nz")
    ontology = rdflib.Graph().parse(f"{public}def/hasParty")

    nz = rdflib.URIRef("https://w3id.org/defgraph/id/state/nz")
    assert rdflib.URIRef("http://www.wikidata.org/entity/Q664") in set(graph.objects(nz, MATCH))
    assert (rdflib.URIRef("https://w3id.org/defgraph/def/hasParty"), None, None) in ontology


def test_what_pages_load_and_link_to_is_there(public):
    host = urlsplit(public).netloc
    asked: set[str] = set()
    with httpx2.Client(
        timeout=60, follow_redirects=True, headers={"Accept": "text/html"}
    ) as client:
        for path in ("", "doc/state/nz", "ontology", "graph/links/geonames", "dumps/", "docs"):
            url = public + path
            page = client.get(url)
            assert page.status_code == 200
            found = {urljoin(url, each).partition("#")[0] for each in Addresses(page.text).found}
            ours = {each for each in found if urlsplit(each).netloc == host} - asked
            assert all(urlsplit(each).path.startswith("/x/") for each in ours)
            for each in sorted(ours)[:40]:
                accept = {"Accept": "*/*"}
                assert client.get(each, headers=accept).status_code == 200, each
            asked |= ours
        sitemap = client.get(f"{public}sitemap.xml").text
        assert f"<loc>{public}doc/state/nz</loc>" in sitemap
        robots = client.get(f"{public}robots.txt").text
        assert robots.splitlines()[1:] == ["Disallow: /x/sparql", f"Sitemap: {public}sitemap.xml"]


def test_a_proxy_that_takes_the_path_away_is_served_the_same(public):
    stripped = public.removesuffix("x/")

    for path in ("doc/state/nz.html", "sparql?query=ASK%20%7B%7D", "ontology.ttl"):
        assert httpx2.get(stripped + path).content == httpx2.get(public + path).content


def test_data_of_ones_own_is_asked_at_its_public_address(open_server):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/own"
    turtle = "<http://a.example/s> <http://a.example/p> 1 ."
    with open_server(port=str(port), public_url=url, plain="1", token="secret"):
        headers = {"Authorization": "Bearer secret", "Content-Type": "text/turtle"}
        put = httpx2.put(f"{url}/graphs?default", content=turtle, headers=headers)
        graphs = [
            rdflib.Graph().parse(f"{url}/graphs?default"),
            statements(f"{url}/dumps/union.ttl"),
            statements(f"{url}/dumps/dataset.nq"),
        ]
        void = rdflib.Graph().parse(f"{url}/.well-known/void")
        dcat = rdflib.Graph().parse(f"{url}/dumps/?format=turtle")

    assert put.status_code in (201, 204)
    assert [len(each) for each in graphs] == [1, 1, 1]
    dataset = rdflib.URIRef(f"{url}/.well-known/void#dataset")
    assert (dataset, None, None) in void
    assert (dataset, None, None) in dcat
