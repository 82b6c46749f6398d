"""The shipped dataset served on the loopback, and a headless Chromium to look at it."""

import os
import shutil
import threading

import pyoxigraph as ox
import pytest
import uvicorn

from defgraph import loading
from defgraph.dumps.archive import DUMPER
from defgraph.engine.profile import Profile
from defgraph.jsonld.answers import WRITERS
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app
from defgraph.web.server import listening_socket

# What the shipped data do not have: a thing that was removed, and one IRI of two things.
FURTHER = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/defgraph/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX state: <https://w3id.org/defgraph/id/state/>
GRAPH graph:further {
  state:former owl:deprecated true ; dcterms:isReplacedBy state:nz .
  state:nz skos:exactMatch <https://shared.example/> .
  state:jp skos:exactMatch <https://shared.example/> .
}
"""

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium's sandbox refuses root
]


@pytest.fixture(scope="session")
def address():
    """Where the application is served."""
    dataset = loading.load()
    dataset.load(FURTHER.encode(), format=ox.RdfFormat.TRIG)
    profile = Profile(writers=WRITERS, dumper=DUMPER)
    app = create_app(Settings(), store=InProcessStore(dataset, profile=profile))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with listening_socket("127.0.0.1", 0) as listening:
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture(scope="module")  # no longer: while Playwright runs, asyncio.run() is refused
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser, address):
    """Open a page of ours; the visit fails where anything is fetched from another host.

    ``visit("?question=V01", width=390)`` gives a Playwright page; what its console complained of
    is in ``page.complaints``.
    """
    contexts = []
    elsewhere = []

    def opened(path="", *, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: _note(request.url))
        page.answer = page.goto(address + path)
        return page

    def _note(url):
        if not url.startswith(address):
            elsewhere.append(url)

    yield opened
    for context in contexts:
        context.close()
    assert elsewhere == []
