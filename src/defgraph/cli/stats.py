"""``defgraph stats``: what the dataset holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from defgraph.cli.options import Data, TextFormat, dataset
from defgraph.cli.output import emit, emit_table
from defgraph.namespaces import shorten


def stats(
    form: Annotated[TextFormat, typer.Option("--format", "-f")] = TextFormat.TEXT,
    data: Data = None,
) -> None:
    """Count what the dataset holds: graphs, kinds of things, sources, claims."""
    from defgraph.statistics import statistics

    found = statistics(dataset(data))
    if form is TextFormat.JSON:
        emit(json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n")
        return
    emit(f"{found.quads} quads, {found.claims} claims, {found.links} links to other data sets\n\n")
    _emit_counts("graph", "quads", found.graphs)
    _emit_counts("class", "things", found.classes)
    _emit_counts("modality", "claims", found.modalities)
    emit_table(
        ("source", "segments", "spans", "claims"),
        (
            (shorten(each.iri), str(each.segments), str(each.spans), str(each.claims))
            for each in found.sources
        ),
    )


def _emit_counts(of: str, what: str, counts: Mapping[str, int]) -> None:
    emit_table((of, what), ((shorten(iri), str(number)) for iri, number in counts.items()))
    emit("\n")
