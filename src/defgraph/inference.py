"""What follows from the ontology and the data, by rules that are files.

Each rule is a SPARQL CONSTRUCT in ``ontology/rules``, named after the rule of OWL 2 RL (OWL 2
Profiles, section 4.3) that it writes down. They run over the union of the graphs until nothing new
follows. Kept is what follows about individuals; that every class is its own superclass and the
like is not written down, nor that something is of an anonymous class.

Two things are not concluded on purpose. Two values of a functional property are a mistake for the
shapes to report, not two names of one thing (prp-fp); and alignments, linksets and questions are
not premises, since what they say of foreign terms is for their readers to weigh.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from defgraph import sources
from defgraph.errors import InferenceError
from defgraph.namespaces import (
    ALIGNMENTS_GRAPH,
    INFERRED_GRAPH,
    LINKS_GRAPHS,
    OWL,
    QUESTIONS_GRAPH,
    RDF,
    RDFS,
)

MAX_ROUNDS: Final = 100

_NO_PREMISES: Final = {ALIGNMENTS_GRAPH, QUESTIONS_GRAPH, INFERRED_GRAPH}
_TYPE: Final = ox.NamedNode(RDF + "type")
_KINDS_OF_TERM: Final = tuple(
    ox.NamedNode(iri)
    for iri in (
        OWL + "AnnotationProperty",
        OWL + "Class",
        OWL + "DatatypeProperty",
        OWL + "ObjectProperty",
        OWL + "Ontology",
        OWL + "Restriction",
        RDF + "Property",
        RDFS + "Class",
        RDFS + "Datatype",
    )
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name and its CONSTRUCT query."""

    name: str
    text: str


def rules() -> tuple[Rule, ...]:
    """The shipped rules, by name."""
    return tuple(Rule(path.stem, path.read_text(encoding="utf-8")) for path in sources.rule_files())


def infer(dataset: ox.Store, using: Sequence[Rule] | None = None) -> list[ox.Triple]:
    """Return the triples about individuals that follow from *dataset* and are not in it, sorted.

    Raises InferenceError for a rule that is no CONSTRUCT query or that makes up blank nodes, and
    when there is no end of new triples.
    """
    premises = ox.Dataset(ox.Quad(*quad.triple) for quad in dataset if is_premise(quad.graph_name))
    known = ox.Store()
    known.bulk_extend(premises)
    given = set(known)  # as the store writes them: it normalizes numbers
    _to_fixed_point(known, rules() if using is None else using)
    terms = {quad.subject for kind in _KINDS_OF_TERM for quad in premises.quads_for_object(kind)}
    inferred = (quad.triple for quad in set(known) - given)
    return sorted((t for t in inferred if _is_about_individuals(t, terms)), key=str)


def is_premise(graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> bool:
    """Tell whether inference reads the graph of this name."""
    if not isinstance(graph_name, ox.NamedNode):
        return True
    iri = graph_name.value
    return iri not in _NO_PREMISES and not iri.startswith(LINKS_GRAPHS)


def _to_fixed_point(known: ox.Store, using: Iterable[Rule]) -> None:
    using = tuple(using)
    blank = {term for quad in known for term in quad if isinstance(term, ox.BlankNode)}
    for _ in range(MAX_ROUNDS):
        before = len(known)
        for rule in using:
            known.extend(ox.Quad(*triple) for triple in _conclusions(rule, known, blank))
        if len(known) == before:
            return
    names = ", ".join(rule.name for rule in using)
    raise InferenceError(f"The rules ({names}) come to no end after {MAX_ROUNDS} rounds")


def _conclusions(rule: Rule, known: ox.Store, blank: Container[ox.BlankNode]) -> list[ox.Triple]:
    try:
        found = known.query(rule.text)
    except SyntaxError as error:
        raise InferenceError(f"The rule {rule.name} is not SPARQL: {error}") from error
    if not isinstance(found, ox.QueryTriples):
        raise InferenceError(f"The rule {rule.name} is no CONSTRUCT query")
    conclusions = list(found)
    for term in (term for triple in conclusions for term in triple):
        if isinstance(term, ox.BlankNode) and term not in blank:
            raise InferenceError(
                f"The rule {rule.name} makes up blank nodes, of which there is no end"
            )
    return conclusions


def _is_about_individuals(
    triple: ox.Triple, terms: Container[ox.NamedNode | ox.BlankNode | ox.Triple]
) -> bool:
    if triple.subject in terms:
        return False
    return not (triple.predicate == _TYPE and isinstance(triple.object, ox.BlankNode))
