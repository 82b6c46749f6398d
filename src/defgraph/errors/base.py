"""The error that all others of defgraph are, and words that several of them need."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches


class DefgraphError(Exception):
    """Anything that defgraph itself reports as wrong."""


def either(names: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    if not names:
        return "nothing: no format can express it"
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def did_you_mean(name: str, known: Sequence[str], form: str) -> str:
    """Name what comes close, or all there is where that is little."""
    near = get_close_matches(name, known, n=3, cutoff=0.6)
    listed = near or (sorted(known) if len(known) <= 5 else [])
    if not listed:
        return ""
    return f" Did you mean {either([form.format(each) for each in listed])}?"
