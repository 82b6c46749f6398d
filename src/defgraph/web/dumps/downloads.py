"""Everything to take away: ``/dumps/`` lists the files of this generation, and each can be had.

The list is a page, JSON, or DCAT in any format of RDF. A file is sent from the disk, in parts if so
wanted, and its entity tag is the SHA-256 of its bytes, so that a download goes on where it was cut
off though other graphs have changed meanwhile.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from defgraph.web.dependencies import ApplicationStore
from defgraph.web.dumps import index as dump_index
from defgraph.web.dumps.file_response import FileResponse
from defgraph.web.dumps.sets import DumpKeeper
from defgraph.web.http.departure import while_present

router = APIRouter()


async def _keeper(request: Request) -> DumpKeeper:
    keeper: DumpKeeper = request.app.state.dumps
    return keeper


CurrentDumps = Annotated[DumpKeeper, Depends(_keeper)]


@router.head("/dumps/")
@router.get("/dumps/")
async def listed(request: Request, store: ApplicationStore, keeper: CurrentDumps) -> Response:
    """List the files, with sizes and sums; raises what `DumpKeeper.current` raises."""
    form = dump_index.form_for(request)
    dumps = await while_present(request.receive, keeper.current())
    return await dump_index.response(request, store, dumps, form)


@router.head("/dumps/{name}")
@router.get("/dumps/{name}")
async def file(request: Request, name: str, keeper: CurrentDumps) -> Response:
    """Send a file, or a part of it; raises UnknownDumpError and RangeNotSatisfiableError."""
    dumps = await while_present(request.receive, keeper.current())
    found = dumps.file(name)
    return FileResponse(found, request, generation=dumps.state.generation)
