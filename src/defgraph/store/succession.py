"""How a generation becomes the next: in a fork of the zygote, which then is the next zygote.

What a worker found out is a list of quads and no more; here they are added and deleted, what
follows from them is inferred, and the shapes judge it, in a child of its own, confined as a worker
is. Then the log has it, and only then anybody else. Until that last step nothing has happened,
whatever becomes of the process.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pyoxigraph as ox

from defgraph import children, sandbox
from defgraph.engine.outcomes import Refused
from defgraph.engine.profile import Gate, gate_called
from defgraph.errors import DefgraphError, MemoryExceededError, StoreError
from defgraph.log.changes import Changes, add, difference, in_one, lines_of, quads_of, remove
from defgraph.log.generations import changes_in
from defgraph.log.patch_log import PatchLog
from defgraph.store import wire
from defgraph.store.protocol import State
from defgraph.store.worker import Duty


def succeed(patch: bytes, duty: Duty) -> Changes | Refused:
    """Make what a worker found in *duty*'s dataset; return it with all that follows from it.

    Raises MemoryExceededError and StoreError; *duty* cannot be used then, nor if it is refused.
    """
    found = changes_in(patch)
    # The worker is trusted with which quads, not with whether these are there already.
    steps = [
        remove(duty.dataset, quads_of(found.deleted)),
        add(duty.dataset, quads_of(found.added)),
    ]
    if duty.profile.gate is not None:
        judged = _judged(duty, gate_called(duty.profile.gate))
        if isinstance(judged, Refused):
            return judged
        judged.apply_to(duty.dataset)
        steps.append(judged)
    return in_one(steps)


def catch_up(duty: Duty, log: PatchLog) -> Duty:
    """Bring *duty*'s dataset to the newest generation that another process appended to the *log*.

    Raises StoreDamagedError when the files do not continue what it has; *duty* cannot be used then.
    """
    for _, changes in log.newer():
        changes.apply_to(duty.dataset)
    return replace(duty, state=State(log.head.number, log.head.id))


def _judged(duty: Duty, gate: Gate) -> Changes | Refused:
    """Return what changes in the inferred graph, or why the dataset is refused."""
    try:
        said = children.computed(
            lambda: json.dumps(_verdict(duty, gate)).encode(),
            lambda: sandbox.enter(duty.means, address_space=duty.address_space),
        )
    except MemoryError as error:
        raise MemoryExceededError(duty.limits.memory_mb, "write") from error
    except ChildProcessError as error:
        raise StoreError(f"of the process that validates a write: {error}") from error
    verdict = json.loads(said)
    if "error" in verdict:
        raise wire.error_from_json(verdict["error"])
    if "refused" in verdict:
        return Refused(**verdict["refused"])
    return Changes(
        frozenset(line.encode() for line in verdict["added"]),
        frozenset(line.encode() for line in verdict["deleted"]),
    )


def _verdict(duty: Duty, gate: Gate) -> dict[str, Any]:
    try:
        inferred = _inferred(duty, gate)
        inferred.apply_to(duty.dataset)
        refused = gate.refusal(duty.dataset)
    except DefgraphError as error:
        return {"error": wire.error_as_json(error)}
    if refused is not None:
        return {"refused": asdict(refused)}
    return {
        "added": [line.decode() for line in inferred.added],
        "deleted": [line.decode() for line in inferred.deleted],
    }


def _inferred(duty: Duty, gate: Gate) -> Changes:
    graph = ox.NamedNode(duty.profile.inferred_graph or "")
    follows = ox.Store()
    follows.extend(
        ox.Quad(t.subject, t.predicate, t.object, graph) for t in gate.infer(duty.dataset)
    )
    return difference(lines_of(duty.dataset, graph), lines_of(follows))
