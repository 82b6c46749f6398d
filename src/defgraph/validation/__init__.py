"""Validation: does the dataset conform to the shapes, and where does it not.

Two passes. ``shapes/*.ttl`` judge the dataset as a whole. ``shapes/source/*.ttl`` judge the graph
of one source at a time, since the evidence for a statement is owed by the graph that makes it, and
no other source's evidence stands in for it.
"""

from defgraph.validation.engine import run
from defgraph.validation.passes import Shapes, shipped_shapes, validate
from defgraph.validation.rendering import as_json, as_text, as_turtle
from defgraph.validation.report import Report, Result
from defgraph.validation.scope import with_reference

__all__ = [
    "Report",
    "Result",
    "Shapes",
    "as_json",
    "as_text",
    "as_turtle",
    "run",
    "shipped_shapes",
    "validate",
    "with_reference",
]
