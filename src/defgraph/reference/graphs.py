"""What the tables say of states, as the triples of the shipped files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from defgraph import sources, turtle
from defgraph.namespaces import PREFIXES, RDF, RDFS, SKOS, XSD, expand
from defgraph.reference.tables import Capital, State

_Maker = Callable[[State], Iterator[ox.Triple]]

_LABEL: Final = RDFS + "label"
_ALT_LABEL: Final = SKOS + "altLabel"
_HIDDEN_LABEL: Final = SKOS + "hiddenLabel"
_EXACT_MATCH: Final = SKOS + "exactMatch"
_GEONAMES: Final = "https://sws.geonames.org/{}/"


def files(states: Iterable[State]) -> dict[Path, str]:
    """Return the new text of every shipped file that *states* are in.

    A file keeps what it says of other things than states and their capitals, and of these what is
    said by other properties.
    """
    states = tuple(states)
    data = sources.folder("data")
    makers: dict[str, _Maker] = {
        "reference/states.ttl": _of_state,
        "reference/capitals.ttl": _of_capital,
        "links/wikidata.ttl": _wikidata_link,
        "links/geonames.ttl": _geonames_links,
    }
    return {data / name: _renewed(data / name, states, make) for name, make in makers.items()}


def _renewed(path: Path, states: tuple[State, ...], make: _Maker) -> str:
    text = turtle.text_of(path)
    made = {triple for state in states for triple in make(state)}
    subjects = {triple.subject for triple in made}
    predicates = {triple.predicate for triple in made}
    kept = {
        triple
        for triple in turtle.read(text, path).triples
        if triple.subject not in subjects or triple.predicate not in predicates
    }
    comment = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("#"))
    unordered = "".join(f"{triple} .\n" for triple in made | kept)
    return turtle.canonical(comment + unordered, path)


def _of_state(state: State) -> Iterator[ox.Triple]:
    subject = _state_iri(state)
    yield _to(subject, RDF + "type", expand("def:State"))
    yield _text(subject, _LABEL, state.label_en, "en")
    yield _text(subject, _LABEL, state.label_ja, "ja")
    for name in state.names_en:
        yield _text(subject, _ALT_LABEL, name, "en")
    for name, language in state.own_names:
        yield _text(subject, _HIDDEN_LABEL, name, language)
    if state.has_iso_code:
        yield _text(subject, expand("def:isoAlpha2"), state.alpha_2)
        yield _text(subject, expand("def:isoAlpha3"), state.alpha_3)
        yield _text(subject, expand("def:isoNumeric"), state.numeric)
        yield _text(subject, expand("def:m49Code"), state.m49)
    if state.cow:
        yield _text(subject, expand("def:cowCode"), state.cow.code)
        yield _text(subject, expand("def:cowAbbreviation"), state.cow.abbreviation)
    if state.capital:
        yield _to(subject, expand("def:hasCapital"), _place_iri(state.capital))


def _of_capital(state: State) -> Iterator[ox.Triple]:
    if not (capital := state.capital):
        return
    subject = _place_iri(capital)
    yield _to(subject, RDF + "type", expand("def:City"))
    yield _to(subject, expand("def:locatedIn"), _state_iri(state))
    yield _text(subject, _LABEL, capital.name, "en")
    if capital.name_ja:
        yield _text(subject, _LABEL, capital.name_ja, "ja")
    if capital.further_name:
        yield _text(subject, _ALT_LABEL, capital.further_name, "en")
    for name, degrees in (("latitude", capital.latitude), ("longitude", capital.longitude)):
        value = ox.Literal(degrees, datatype=ox.NamedNode(XSD + "decimal"))
        yield ox.Triple(ox.NamedNode(subject), ox.NamedNode(expand(f"def:{name}")), value)


def _wikidata_link(state: State) -> Iterator[ox.Triple]:
    if state.wikidata:
        yield _to(_state_iri(state), _EXACT_MATCH, PREFIXES["wd"] + state.wikidata)


def _geonames_links(state: State) -> Iterator[ox.Triple]:
    if state.geonames:
        yield _to(_state_iri(state), _EXACT_MATCH, _GEONAMES.format(state.geonames))
    if state.capital:
        identifier = _GEONAMES.format(state.capital.geonames)
        yield _to(_place_iri(state.capital), _EXACT_MATCH, identifier)


def _state_iri(state: State) -> str:
    return expand(f"state:{state.alpha_2.lower()}")


def _place_iri(capital: Capital) -> str:
    return expand(f"place:{capital.slug}")


def _to(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def _text(subject: str, predicate: str, value: str, language: str | None = None) -> ox.Triple:
    literal = ox.Literal(value, language=language)
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), literal)
