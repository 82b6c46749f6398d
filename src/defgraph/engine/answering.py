"""One task, from what was sent to the bytes of the answer: what every store of our own does."""

from __future__ import annotations

import pyoxigraph as ox

from defgraph.engine.evaluation import evaluate, serialize
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.engine.writes import changes_of, has_graph, read_graph
from defgraph.log.generations import patch


def answer(
    task: Task, dataset: ox.Store, profile: Profile, limits: Limits, *, may_connect: bool = False
) -> tuple[str, bytes]:
    """Do *task* and return the media type and the bytes of what came of it.

    Of a write that is the patch that it makes, nothing if it makes none; then *dataset* may be in
    any state. Raises what :mod:`defgraph.store.protocol` says of each task.
    """
    if task.is_write:
        changes = changes_of(task, dataset, profile, limits)
        body = patch(changes) if changes.added or changes.deleted else b""
        return "application/rdf-patch", body
    if task.kind == "read":
        return read_graph(task, dataset, profile, limits)
    if task.kind == "exists":
        return "text/plain", b"yes" if has_graph(task, dataset) else b""
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
