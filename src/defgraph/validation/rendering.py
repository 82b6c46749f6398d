"""A report as text for a person, as JSON for a program, and as RDF (SHACL 3.6)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count, groupby
from typing import Any, Final

import pyoxigraph as ox

from defgraph import turtle_writer
from defgraph.namespaces import RDF, XSD, shorten
from defgraph.validation.paths import in_rdf, in_sparql
from defgraph.validation.report import INFO, SH, VIOLATION, WARNING, Report, Result, Term

_WORDS: Final = {VIOLATION: "violation", WARNING: "warning", INFO: "info"}
_IRI: Final = re.compile(r"<?(https?://[^\s<>\"'{}|\\^`]*[^\s<>\"'{}|\\^`.,;:!?)])>?")


def as_text(report: Report) -> str:
    """Return what is wrong and what to do about it, thing by thing."""
    blocks = [
        "\n".join([_heading(next(iter(together))), *map(_finding, together)])
        for together in (list(group) for _, group in groupby(report.results, _subject))
    ]
    return "\n\n".join([*blocks, _summary(report)]) + "\n"


def as_json(report: Report) -> str:
    """Return the report as one JSON object; IRIs are written in full."""
    document = {
        "conforms": report.conforms,
        "results": [_json_result(result) for result in report.results],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_turtle(report: Report) -> str:
    """Return the report as a ``sh:ValidationReport`` in canonical Turtle."""
    return turtle_writer.write(_triples(report))


def _subject(result: Result) -> tuple[str, tuple[str, ...]]:
    return str(result.focus_node), tuple(map(str, result.places))


def _heading(result: Result) -> str:
    named = f" ({result.focus_label})" if result.focus_label else ""
    where = f" in {', '.join(map(str, result.places))}" if result.places else ""
    return f"{_name(result.focus_node)}{named}{where}"


def _finding(result: Result) -> str:
    about = in_sparql(result.path, shorten) if result.path else ""
    if result.value is not None and result.value != result.focus_node:
        labelled = f" ({result.value_label})" if result.value_label else ""
        about = f"{about} {_name(result.value)}{labelled}".strip()
    word = _WORDS.get(result.severity, shorten(result.severity))
    rule = f"[{_name(result.shape)}, {shorten(result.component)}]"
    return f"  {word}: {about}{': ' if about else ''}{_shortened(result.message)}\n    {rule}"


def _summary(report: Report) -> str:
    violations = sum(result.is_violation for result in report.results)
    others = len(report.results) - violations
    verdict = "Conforms" if report.conforms else "Does not conform"
    return f"{verdict}: {_counted(violations, 'violation')}, {_counted(others, 'warning')}."


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _name(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.BlankNode):
        return "a blank node"
    datatype = term.datatype.value
    plain = term.language or datatype == XSD + "string"
    return str(term) if plain else f'"{term.value}"^^{shorten(datatype)}'


def _shortened(message: str) -> str:
    def short(found: re.Match[str]) -> str:
        name = shorten(found[1])
        return found[0] if name.startswith("<") else name

    return _IRI.sub(short, " ".join(message.split()))


def _json_result(result: Result) -> dict[str, Any]:
    return {
        "focusNode": _json_term(result.focus_node),
        "focusLabel": result.focus_label,
        "path": in_sparql(result.path, "<{}>".format) if result.path else None,
        "value": _json_term(result.value) if result.value is not None else None,
        "valueLabel": result.value_label,
        "component": result.component,
        "shape": _json_term(result.shape),
        "severity": result.severity,
        "message": result.message,
        "graphs": [place.graph_name for place in result.places],
        "files": [place.file for place in result.places if place.file],
    }


def _json_term(term: Term) -> dict[str, str]:
    """A term as SPARQL 1.1 Query Results JSON has it (section 3.2.2)."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def _triples(report: Report) -> Iterator[ox.Triple]:
    root = ox.BlankNode("report")
    conforms = ox.Literal(str(report.conforms).lower(), datatype=ox.NamedNode(XSD + "boolean"))
    yield ox.Triple(root, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport"))
    yield ox.Triple(root, ox.NamedNode(SH + "conforms"), conforms)
    for number, result in zip(count(), report.results, strict=False):
        node = ox.BlankNode(f"result{number}")
        yield ox.Triple(root, ox.NamedNode(SH + "result"), node)
        yield from _result_triples(node, result, number)


def _result_triples(node: ox.BlankNode, result: Result, number: int) -> Iterator[ox.Triple]:
    values: dict[str, Term | None] = {
        "focusNode": result.focus_node,
        "value": result.value,
        "sourceConstraintComponent": ox.NamedNode(result.component),
        "sourceShape": result.shape,
        "resultSeverity": ox.NamedNode(result.severity),
        "resultMessage": ox.Literal(result.message),
    }
    yield ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationResult"))
    for name, value in values.items():
        if value is not None:
            yield ox.Triple(node, ox.NamedNode(SH + name), value)
    if result.path is not None:
        path, triples = in_rdf(result.path, f"result{number}path")
        yield ox.Triple(node, ox.NamedNode(SH + "resultPath"), path)
        yield from triples
