"""What tables write for a state without its being that state's name: "Rhodesia", "独", "GER".

A match by one of these is likely and never sure, so they stand here and not in the dataset, where
a label is a name.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from defgraph.namespaces import expand
from defgraph.reconciliation.folding import fold, joined

_LETTERS: Final = "letters"


def likely(written: str, folded: Mapping[str, None]) -> Iterator[str]:
    """Yield the IRIs of the states that *written*, or one of its *folded* forms, may stand for."""
    names, letters = _tables()
    yield from letters.get(written.replace(".", ""), ())
    for each in folded:
        yield from names.get(joined(each), ())


@cache
def _tables() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    text = Path(__file__).with_name("likely.toml").read_text(encoding="utf-8")
    names: dict[str, list[str]] = defaultdict(list)
    letters: dict[str, list[str]] = defaultdict(list)
    for kind, states in tomllib.loads(text).items():
        for code, spellings in states.items():
            iri = expand(f"state:{code}")
            for each in spellings:
                if kind == _LETTERS:
                    letters[each].append(iri)
                else:
                    names[joined(fold(each))].append(iri)
    return dict(names), dict(letters)
