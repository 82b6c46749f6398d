"""The questions that the dataset ships with, each as a SPARQL query that an analyst could write.

They are data: ``sh:SPARQLExecutable`` in ``graph/questions``, with ``dcterms:identifier``, the
question in ``rdfs:comment``, and the query in ``sh:select``, ``sh:ask`` or ``sh:construct``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph.errors import UnknownQuestionError
from defgraph.namespaces import PREFIXES, QUESTIONS_GRAPH, RDFS

_GRAPH: Final = ox.NamedNode(QUESTIONS_GRAPH)
_SH: Final = PREFIXES["sh"]
_QUERIES: Final = tuple(ox.NamedNode(_SH + form) for form in ("select", "ask", "construct"))
_IDENTIFIER: Final = ox.NamedNode(PREFIXES["dcterms"] + "identifier")
_COMMENT: Final = ox.NamedNode(RDFS + "comment")
_LABEL: Final = ox.NamedNode(RDFS + "label")
_PREFIXES: Final = ox.NamedNode(_SH + "prefixes")
_DECLARE: Final = ox.NamedNode(_SH + "declare")
_PREFIX: Final = ox.NamedNode(_SH + "prefix")
_NAMESPACE: Final = ox.NamedNode(_SH + "namespace")

Subject = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, and the query that answers it, with its prefixes declared."""

    identifier: str
    label: str
    text: str
    sparql: str


def questions(store: ox.Store) -> tuple[Question, ...]:
    """Return the shipped questions in the order of their identifiers: V2 before V10."""
    found = [
        _question(store, quad.subject, quad.object.value)
        for predicate in _QUERIES
        for quad in store.quads_for_pattern(None, predicate, None, _GRAPH)
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, Subject)
    ]
    return tuple(sorted(found, key=lambda each: _natural(each.identifier)))


def question(store: ox.Store, identifier: str) -> Question:
    """Return the question called *identifier*, in any case. Raises UnknownQuestionError."""
    known = questions(store)
    for each in known:
        if each.identifier.casefold() == identifier.casefold():
            return each
    raise UnknownQuestionError(identifier, [each.identifier for each in known])


def _question(store: ox.Store, node: Subject, query: str) -> Question:
    label = _words(store, node, _LABEL)
    return Question(
        identifier=_words(store, node, _IDENTIFIER) or node.value.rpartition("/")[2],
        label=label,
        text=_words(store, node, _COMMENT) or label,
        sparql=_with_declarations(query, _declared(store, node)),
    )


def _words(store: ox.Store, node: Subject, predicate: ox.NamedNode) -> str:
    """What *predicate* says of *node*, in English if it says it in several languages."""
    literals = [
        quad.object
        for quad in store.quads_for_pattern(node, predicate, None, _GRAPH)
        if isinstance(quad.object, ox.Literal)
    ]
    best = min(
        literals, key=lambda each: (each.language not in {"en", None}, str(each)), default=None
    )
    return best.value if best else ""


def _declared(store: ox.Store, node: Subject) -> dict[str, str]:
    """The prefixes that ``sh:prefixes`` leads to (SHACL 5.2.1)."""
    declared: dict[str, str] = {}
    for prefixes in store.quads_for_pattern(node, _PREFIXES, None, _GRAPH):
        if not isinstance(prefixes.object, Subject):
            continue
        for declaration in store.quads_for_pattern(prefixes.object, _DECLARE, None, _GRAPH):
            if isinstance(declaration.object, Subject):
                prefix = _words(store, declaration.object, _PREFIX)
                declared[prefix] = _words(store, declaration.object, _NAMESPACE)
    return declared


def _with_declarations(query: str, declared: dict[str, str]) -> str:
    """Put those declarations in front that the query uses, so that it can be run anywhere."""
    used = {
        prefix: iri for prefix, iri in declared.items() if re.search(rf"(?<!\w){prefix}:", query)
    }
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(used.items()))
    return f"{prologue}{query.strip()}\n"


def _natural(identifier: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", identifier))
