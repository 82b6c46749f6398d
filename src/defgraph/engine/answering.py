"""One task, from what was sent to the bytes of the answer: what every store of our own does."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from defgraph.engine.describing import remove_description
from defgraph.engine.dumping import write_dumps
from defgraph.engine.evaluation import accepted_by, evaluate, serialize, write_about
from defgraph.engine.hints import hint_for
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.engine.writes import changes_of, has_graph, read_graph
from defgraph.errors import StoreError
from defgraph.log.generations import patch

PATCH: Final = "application/rdf-patch"


def answer(  # noqa: PLR0911, PLR0913 - one for each kind of task; each has its default
    task: Task,
    dataset: ox.Store,
    profile: Profile,
    limits: Limits,
    *,
    may_connect: bool = False,
    file: int | None = None,
) -> tuple[str, bytes]:
    """Do *task* and return the media type and the bytes of what came of it.

    Dumps are written to *file*. Of a write that is the PATCH that it makes, or plain text if it
    makes none: why, or nothing. After a write *dataset* may be in any state. Raises what
    :mod:`defgraph.engine.tasks` says of each task.
    """
    if task.is_write:
        remove_description(dataset, profile)
        changes = changes_of(task, dataset, profile, limits)
        if changes.added or changes.deleted:
            return PATCH, patch(changes)
        return "text/plain", (hint_for(task, dataset, profile) or "").encode()
    if task.kind == "dump":
        if file is None:
            raise StoreError("the process that was to write dumps ended; ask again")
        write_dumps(dataset, accepted_by(task.accept, graph=True), file, profile, limits)
        return "text/plain", b""
    if task.kind == "read":
        return read_graph(task, dataset, profile, limits)
    if task.kind == "exists":
        return "text/plain", b"yes" if has_graph(task, dataset) else b""
    if task.kind == "write":
        media_type = accepted_by(task.accept, graph=True)
        return media_type, write_about(
            task.body, task.graph, media_type, limits.max_result_bytes, profile
        )
    results = evaluate(
        dataset,
        task.body.decode(),
        prefixes=profile.prefixes,
        default_graph_is_union=profile.default_graph_is_union,
        default_graphs=task.default_graphs,
        named_graphs=task.named_graphs,
        base_iri=profile.base_iri,
        services=profile.services,
        may_connect=may_connect,
    )
    return serialize(results, task.accept, max_bytes=limits.max_result_bytes, profile=profile)
