"""Shapes and rules that cannot be used."""

from __future__ import annotations

from defgraph.errors.base import DefgraphError


class ShapeError(DefgraphError):
    """A SHACL shape is not one that the engine can use."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"A shape cannot be used: {reason}")
        self.reason = reason


class InferenceError(DefgraphError):
    """A rule is not a CONSTRUCT query, or the rules do not reach a fixed point."""
