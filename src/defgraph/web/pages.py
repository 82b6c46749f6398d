"""The first page: what the graph holds, a box to ask it, the questions to click.

Everything is rendered here, so that the page works without JavaScript; its script only fetches the
same page and takes the new answer from it. The URL of an answer can be kept and sent to others.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from markupsafe import Markup

import defgraph
from defgraph.documents.schema_org import as_script, dataset
from defgraph.namespaces import PREFIXES
from defgraph.store.protocol import Store
from defgraph.web import inquiry
from defgraph.web.dataset import dumps_of, has_dumps, is_ours
from defgraph.web.dependencies import CurrentStore
from defgraph.web.inquiry import Inquiry
from defgraph.web.overview import Overview, overview
from defgraph.web.place import base_of
from defgraph.web.tables import SHOWN_ROWS, GraphText, Table, Verdict
from defgraph.web.templating import TEMPLATES, Page

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
        return inquiry.of_question(question, held.questions)
    if thing:
        return await inquiry.of_thing(thing, store)
    return inquiry.of_nothing()


async def _page(request: Request, held: Overview, shown: Inquiry) -> str:
    store: Store = request.app.state.store
    return TEMPLATES.get_template("first_page.html").render(
        held=held,
        inquiry=shown,
        endpoint=str(request.url_for("query_by_get")),
        prefixes=PREFIXES,
        shown_rows=SHOWN_ROWS,
        has_dumps=has_dumps(store),
        schema_org=await _described(request, store),
        version=defgraph.__version__,
    )


async def _described(request: Request, store: Store) -> Markup | None:
    """Return what search engines are told of the dataset; of somebody else's we know nothing."""
    if not await is_ours(store):
        return None
    base = base_of(request)
    told = dataset(base, dumps_of(store, base), defgraph.__version__)
    return Markup(as_script(told))  # noqa: S704 - escaped there
