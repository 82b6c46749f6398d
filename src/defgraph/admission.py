"""What the shipped ontology asks of a write: that the shapes allow what it makes of the dataset.

The store calls this by its name, in a process of its own that may open no file: see
:class:`defgraph.store.succession.Gate`.
"""

from __future__ import annotations

from functools import cache
from threading import Thread

import pyoxigraph as ox

from defgraph import inference, validation
from defgraph.engine.outcomes import Refused


def infer(dataset: ox.Store) -> list[ox.Triple]:
    """Return what follows from *dataset*; raises InferenceError."""
    return inference.infer(dataset, _rules())


def refusal(dataset: ox.Store) -> Refused | None:
    """Return the report of a *dataset* that does not conform, None for one that does."""
    report = validation.validate(dataset)
    if report.conforms:
        return None
    return Refused(
        validation.as_text(report), validation.as_json(report), validation.as_turtle(report)
    )


def prepare() -> None:
    """Read the rules and the shapes, and load the engine that judges.

    In a thread, since the engine's source of chance is the thread's: if this one had begun with
    it, each of its forks would go on alike, and give blank nodes the same labels.
    """
    thread = Thread(target=_try)
    thread.start()
    thread.join()


@cache
def _rules() -> tuple[inference.Rule, ...]:
    return inference.rules()


def _try() -> None:
    nothing = ox.Store()
    infer(nothing)
    refusal(nothing)
