"""A crawler follows every IRI of the dataset in every format, and finds the same triples in each.

A part of the IRIs is followed each time, spread over all kinds; DEFGRAPH_CRAWL=all follows all.
"""

import os
import re
from collections import defaultdict
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient

from defgraph import loading
from defgraph.dumps.archive import DUMPER
from defgraph.engine.profile import Profile
from defgraph.jsonld.answers import WRITERS
from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import BASE, PREFIXES
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app

OF_A_KIND = 10_000 if os.environ.get("DEFGRAPH_CRAWL") == "all" else 4
PARTS = 4  # so that several processes share the work
LOADED = re.compile(r'<(?:link rel="(?:icon|stylesheet)" href|script src|img src)="([^"]*)"')
LABELLED = re.compile(r"<a [^>]*>([^<]*)</a>")
VOCABULARIES = tuple(
    iri for name, iri in PREFIXES.items() if name != "wd" and not iri.startswith(BASE)
)  # the things of Wikidata are links, and written in full
LINKED = re.compile(r'<a [^>]*href="([^"]*)"')


@pytest.fixture(scope="module")
def dataset():
    return loading.load()


@pytest.fixture(scope="module")
def client(dataset):
    store = InProcessStore(dataset, profile=Profile(writers=WRITERS, dumper=DUMPER))
    app = create_app(Settings(), store=store)
    with TestClient(app) as running:
        yield running


@pytest.fixture(scope="module")
def iris(dataset):
    """IRIs of ours by their kind, which is all but the last part of their path."""
    by_kind = defaultdict(set)
    for quad in dataset:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(BASE):
                document = term.value.partition("#")[0]
                by_kind[document.rpartition("/")[0]].add(document)
    return [iri for kind in sorted(by_kind) for iri in sorted(by_kind[kind])[:OF_A_KIND]]


def graph_in(answer):
    """The triples of an answer, with canonical blank nodes."""
    form = ox.RdfFormat.from_media_type(answer.headers["content-type"].split(";")[0])
    graph = ox.Dataset(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for quad in ox.parse(answer.content, format=form)
    )
    if any(isinstance(term, ox.BlankNode) for quad in graph for term in quad):
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return graph


@pytest.fixture(scope="module")
def documents(client, iris):
    """The paths of what the IRIs lead to, each once."""
    found = {}
    for iri in iris:
        path = f"/{iri.removeprefix(BASE)}"
        answer = client.head(path, headers={"Accept": "text/turtle"}, follow_redirects=False)
        if path.startswith(("/id/", "/def/")):
            assert answer.status_code == 303, iri
            path = answer.headers["location"]
        found[path] = iri
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_iri_answers_in_every_format_with_the_same_triples(client, documents, part):
    for path, iri in list(documents.items())[part::PARTS]:
        graphs = []
        for form in RDF_FORMATS:
            answer = client.get(path, headers={"Accept": form.media_type})
            assert answer.status_code == 200, f"{iri} {form.name}"
            assert answer.headers["content-type"] == form.content_type
            graphs.append(graph_in(answer))
            if path != "/sparql":  # which is an endpoint, and has no forms by ending
                by_ending = client.get(path + form.extension, headers={"Accept": "text/html"})
                assert by_ending.headers["etag"] == answer.headers["etag"], f"{iri} {form.name}"
                assert graph_in(by_ending) == graphs[-1], f"{iri} {form.name}"
        assert len(graphs[0]), iri
        assert all(each == graphs[0] for each in graphs), iri


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of itself
@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_rdflib_reads_a_document_of_every_kind_as_we_do(client, documents, form):
    of_kinds = {iri.rpartition("/")[0]: path for path, iri in documents.items()}
    small = [path for path in of_kinds.values() if path.startswith(("/doc/", "/shape/"))]

    assert len(small) > 20
    for path in small:
        answer = client.get(path, headers={"Accept": form.media_type})
        read = rdflib.Dataset(default_union=True).parse(
            data=answer.content, format=answer.headers["content-type"].split(";")[0]
        )
        statements = {(str(s), str(p), str(o)) for s, p, o, _ in read.quads()}
        assert len(statements) == len(
            {(str(q.subject), str(q.predicate), str(q.object)) for q in graph_in(answer)}
        ), path


def test_every_iri_has_a_page_that_loads_nothing_from_another_host(client, documents):
    linked = set()
    for path, iri in documents.items():
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, iri
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        loaded = LOADED.findall(answer.text)
        assert loaded
        assert not any(urlsplit(each).netloc for each in loaded), iri
        names = LABELLED.findall(answer.text)
        assert [each for each in names if each.startswith(VOCABULARIES)] == [], iri
        linked |= {each.partition("#")[0] for each in LINKED.findall(answer.text)}
    forms = tuple(each.extension for each in RDF_FORMATS)  # which the test above asks for
    here = sorted(each for each in linked if each[:1] == "/" and not each.endswith(forms))
    broken = [
        each
        for each in here[:: max(1, len(here) // (10 * OF_A_KIND))]
        if client.head(each, headers={"Accept": "text/html"}).status_code != 200
    ]
    assert broken == []


def test_the_dumps_that_the_first_page_leads_to_say_what_is_served(client, dataset):
    first = client.get("/", headers={"Accept": "text/html"}).text
    (listed,) = {each for each in LINKED.findall(first) if "dumps" in each}
    page = client.get(f"/{listed}", headers={"Accept": "text/html"})

    assert not any(urlsplit(each).netloc for each in LOADED.findall(page.text))
    files = {
        each for each in LINKED.findall(page.text) if each.startswith("/dumps/") and "?" not in each
    }
    assert len(files) == 2 * len(RDF_FORMATS) * (len(list(dataset.named_graphs())) + 1) + 1
    for path in files:
        answer = client.get(path)
        assert answer.status_code == 200, path
        if "/graph." in path and not path.endswith(".gz"):
            name, _, _ = path.partition("/graph.")[2].rpartition(".")
            graph = client.get(
                "/graph/" + name.replace(".", "/"), headers={"Accept": "text/turtle"}
            )
            assert graph_in(answer) == graph_in(graph), path
