"""The first page: what the graph holds, a box to ask it, the questions to click.

Everything is rendered here, so that the page works without JavaScript; its script only fetches the
same page and takes the new answer from it. The URL of an answer can be kept and sent to others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from markupsafe import Markup

from defgraph.documents.colophon import Described
from defgraph.documents.schema_org import Node, as_script, dataset
from defgraph.namespaces import DATASET, PREFIXES
from defgraph.store.protocol import OwnStore, Store
from defgraph.web.dataset import dumps_of, has_dumps
from defgraph.web.dependencies import CurrentStore
from defgraph.web.http.place import base_of, root_of
from defgraph.web.names import names_of
from defgraph.web.pages import inquiry
from defgraph.web.pages.inquiry import Inquiry
from defgraph.web.pages.overview import Overview, overview
from defgraph.web.pages.tables import SHOWN_ROWS, GraphText, Table, Verdict
from defgraph.web.templating import TEMPLATES, Page, render

router = APIRouter()

TEMPLATES.tests |= {
    "table": lambda each: isinstance(each, Table),
    "verdict": lambda each: isinstance(each, Verdict),
    "graph_text": lambda each: isinstance(each, GraphText),
}

TextParameter = Annotated[str | None, Query()]


@router.head("/")
@router.get("/")
async def first_page(
    request: Request,
    store: CurrentStore,
    query: TextParameter = None,
    question: TextParameter = None,
    thing: TextParameter = None,
) -> Page:
    """Show the page, with the answer to *query*, to a shipped *question* or about a *thing*."""
    held = await overview(store)
    asked = await _inquiry(store, held, query, question, thing)
    shown = await inquiry.answered(asked, store)
    return Page(await _page(request, held, shown), shown.status)


async def _inquiry(
    store: Store, held: Overview, query: str | None, question: str | None, thing: str | None
) -> Inquiry:
    if query and query.strip():
        return inquiry.of_text(query.replace("\r\n", "\n"))  # as forms send it
    if question:
        return inquiry.of_question(question, held)
    if thing:
        return await inquiry.of_thing(thing, store, held)
    return inquiry.of_nothing(held)


async def _page(request: Request, held: Overview, shown: Inquiry) -> str:
    store: Store = request.app.state.store
    base = base_of(request)
    colophon = await request.app.state.colophons.now()
    whole = colophon.whole(base)
    told = await _told(replace(whole, licences=list(colophon.licences)), base, store)
    return render(
        "first_page.html",
        root_of(request),
        held=held,
        inquiry=shown,
        endpoint=f"{base}sparql",
        prefixes=store.profile.prefixes if isinstance(store, OwnStore) else PREFIXES,
        shown_rows=SHOWN_ROWS,
        has_dumps=has_dumps(store),
        is_shipped=whole.iri == DATASET,
        whole=whole,
        licences=colophon.licences,
        schema_org=Markup(as_script(told)) if told else None,  # noqa: S704 - escaped there
    )


async def _told(whole: Described, base: str, store: Store) -> Node | None:
    """Return what search engines are told of the dataset."""
    makers = await names_of(store, whole.creators)
    return dataset(
        whole,
        base,
        makers={iri: name.best for iri, name in makers.items()},
        dumps=dumps_of(store, base),
    )
