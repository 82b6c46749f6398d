"""``defgraph evidence``: a source's text beside the facts that rest on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defgraph.cli.options import Data, TextFormat, dataset
from defgraph.cli.output import emit, emit_table
from defgraph.namespaces import expand, shorten

if TYPE_CHECKING:
    from defgraph.evidence import Evidence, Row
    from defgraph.results import Value

_HEADINGS = ("fact", "words", "segment", "speaker", "modality", "status")


def evidence(
    text: Annotated[
        Path, typer.Option("--text", metavar="FILE", help="The text of the source, in UTF-8.")
    ],
    about: Annotated[
        str | None,
        typer.Argument(
            metavar="[IRI]", help="Only what is about this thing, claim or span: agreement:..."
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="IRI", help="Whose text it is, if there are several."),
    ] = None,
    form: Annotated[TextFormat, typer.Option("--format", "-f")] = TextFormat.TEXT,
    data: Data = None,
) -> None:
    """Check every span against the text and show the words beside the facts.

    Words that stand unchanged at another place, behind an edit of the text, are "moved". Exit 1 if
    the words of a span have changed or moved: this is not the text that the spans were counted in.
    """
    from defgraph.evidence import check, read_text

    found = check(
        dataset(data),
        read_text(text),
        source=expand(source) if source else None,
        about=expand(about) if about else None,
    )
    if form is TextFormat.JSON:
        emit(json.dumps(_document(found), ensure_ascii=False, indent=2) + "\n")
    else:
        emit_table(_HEADINGS, map(_cells, found.rows))
        emit(f"{_summary(found)}\n")
    if not found.matches:
        raise typer.Exit(1)


def _cells(row: Row) -> tuple[str, ...]:
    from defgraph.results import cell, value

    claim = row.claim
    if claim is None:
        return "(no claim)", row.found.words, row.segment, "", "", row.found.status
    return (
        " ".join(cell(value(term)) for term in (claim.subject, claim.property, claim.value)),
        row.found.words,
        row.segment,
        ", ".join(cell(value(speaker)) for speaker in claim.speakers),
        cell(value(claim.modality)) if claim.modality else "",
        row.found.status,
    )


def _summary(found: Evidence) -> str:
    from defgraph.evidence import Status

    ok, moved, mismatches = (found.count(status) for status in Status)
    ending = "" if mismatches == 1 else "es"
    return (
        f"{shorten(found.source)}: {ok + moved + mismatches} spans: "
        f"{ok} ok, {moved} moved, {mismatches} mismatch{ending}"
        + (" (the text has been edited since its spans were counted)" if moved else "")
    )


def _document(found: Evidence) -> dict[str, Any]:
    from defgraph.evidence import Status

    return {
        "source": found.source,
        "spans": {status.value: found.count(status) for status in Status},
        "evidence": [_json_row(row) for row in found.rows],
    }


def _json_row(row: Row) -> dict[str, Any]:
    from defgraph.results import value

    claim = row.claim
    said = claim and {
        "iri": claim.iri,
        "label": claim.label,
        "subject": _plain(value(claim.subject)),
        "property": _plain(value(claim.property)),
        "value": _plain(value(claim.value)),
        "modality": _plain(value(claim.modality)) if claim.modality else None,
        "speakers": [_plain(value(speaker)) for speaker in claim.speakers],
    }
    return {
        "claim": said,
        "span": row.span.iri,
        "segment": row.segment,
        "recorded": {"start": row.span.start, "end": row.span.end},
        "start": row.found.start,
        "words": row.found.words,
        "status": row.found.status.value,
    }


def _plain(value: Value) -> str | int | bool:
    """A value as JSON has it: dates and decimals by their lexical form."""
    return value if isinstance(value, str | int | bool) else str(value)
