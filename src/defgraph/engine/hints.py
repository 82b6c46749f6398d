"""Why an update changed nothing, where it was meant for named graphs and does not name any.

Queries see the union of the named graphs as their default graph; updates address the default graph
itself. So ``DELETE WHERE { ?s def:hasParty ?o }`` finds nothing of what the same pattern finds in a
query, and says nothing of it either.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Final

import pyoxigraph as ox

from defgraph.engine.functions import with_unknown_functions
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.tokens import Token, tokens

_NAMING: Final = ("GRAPH", "USING", "WITH")
_HINT: Final = (
    "Nothing was changed: what the update looks for stands in named graphs, and an update "
    "addresses the default graph alone. Say in which graph, with GRAPH, WITH or USING"
)


def hint_for(task: Task, dataset: ox.Store, profile: Profile) -> str | None:
    """Return why an update that changed nothing in *dataset* did so, None where it is not this."""
    if task.kind != "update" or task.describes_dataset:
        return None
    text = task.body.decode()
    found = list(tokens(text))
    if any(token.is_word(*_NAMING) for token in found):
        return None
    used = {name: iri for name, iri in profile.prefixes.items() if name + ":" in text}
    prologue = " ".join(_prologue(found))
    for pattern in _patterns(text, found):
        ask = partial(_holds, dataset, f"{prologue} ASK {pattern}", used, profile.base_iri)
        if ask(union=True) and not ask(union=False):
            return _HINT
    return None


def _holds(
    dataset: ox.Store, query: str, prefixes: dict[str, str], base_iri: str | None, *, union: bool
) -> bool:
    try:
        return bool(
            with_unknown_functions(
                lambda functions: dataset.query(
                    query,
                    base_iri=base_iri,
                    prefixes=prefixes,
                    use_default_graph_as_union=union,
                    custom_functions=dict(functions),
                )
            )
        )
    except (SyntaxError, RuntimeError, ValueError, OSError):
        return False  # it was only to help


def _prologue(found: list[Token]) -> Iterator[str]:
    """Yield the declarations, wherever they stand: each operation may have its own."""
    for at, token in enumerate(found):
        if token.is_word("PREFIX", "BASE"):
            length = 3 if token.is_word("PREFIX") else 2
            yield " ".join(each.text for each in found[at : at + length])


def _patterns(text: str, found: list[Token]) -> Iterator[str]:
    """Yield what each operation looks for: its WHERE, or the triples of DELETE DATA."""
    depth, start = 0, None
    for previous, token in pairwise([*found[:1], *found]):
        if token.text == "{":
            if depth == 0 and (previous.is_word("WHERE") or previous.is_word("DATA")):
                start = token.start
            depth += 1
        elif token.text == "}":
            depth -= 1
            if depth == 0 and start is not None:
                yield text[start : token.end]
                start = None
