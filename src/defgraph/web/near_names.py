"""What somebody may have meant who asked for an IRI of ours that nothing is said about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from defgraph.errors import DefgraphError, UnknownGraphError, UnknownThingError
from defgraph.namespaces import DEF, ID, ONTOLOGY
from defgraph.web.dataset import Colophons
from defgraph.web.known_names import Known, KnownNames
from defgraph.web.representations import FORMS

_MOST: Final = 3
_ALIKE: Final = 0.75
_LIKELY: Final = 80.0
_LONGEST: Final = 200


async def with_near(error: UnknownThingError, names: KnownNames) -> UnknownThingError:
    """Return *error* with the IRIs that come close, where there are any.

    They have the same kind, and a name that is nearly the same, or that is what the thing is called
    (``state/newzealand``). Where names cannot be read now, the error is returned as it is.
    """
    iri = error.name
    if not iri.startswith((ID, DEF, ONTOLOGY)) or len(iri) > _LONGEST:
        return error
    try:
        known = await names.now()
        stem, _, ending = iri.rpartition(".")
        if ending.isalnum() and (stem == ONTOLOGY or stem in _iris(stem, known)):
            return UnknownThingError(iri, [stem], [each.extension for each in FORMS])
        return UnknownThingError(iri, await names.run(lambda: _near(iri, known)))
    except DefgraphError:
        return error


async def with_near_graphs(error: UnknownGraphError, colophons: Colophons) -> UnknownGraphError:
    """Return *error* with the graphs whose names are nearly the same, where there are any."""
    if len(error.iri) > _LONGEST:
        return error
    try:
        graphs = (await colophons.now()).graphs
        return UnknownGraphError(error.iri, close(error.iri, (each for each in graphs if each)))
    except DefgraphError:
        return error


def close(iri: str, iris: Iterable[str]) -> list[str]:
    """Return those of *iris* beside *iri*, whose last parts are nearly the same."""
    at = iri.rfind("/") + 1
    beside = sorted(each for each in iris if each.startswith(iri[:at]))
    found = process.extract(
        iri[at:].casefold(),
        [each[at:].casefold() for each in beside],
        scorer=OSA.normalized_similarity,
        processor=None,
        limit=_MOST,
        score_cutoff=_ALIKE,
    )
    return [beside[n] for _, _, n in found]


def _iris(iri: str, known: Known) -> list[str]:
    """Return the IRIs that are known and stand beside *iri*: of the same kind of thing."""
    beside = iri[: iri.rfind("/") + 1]
    is_term = iri.startswith(DEF)
    there = {*known.types, *known.properties, *known.terms} if is_term else known.index.things
    return [each for each in there if each.startswith(beside) and "/" not in each[len(beside) :]]


def _near(iri: str, known: Known) -> list[str]:
    iris = _iris(iri, known)
    at = iri.rfind("/") + 1
    name = iri[at:].replace("-", " ").replace("_", " ")
    beside = frozenset(iris)
    called = [
        each.thing.iri
        for each in known.matcher(frozenset()).match(name, limit=20)
        if each.score >= _LIKELY and each.thing.iri in beside
    ]
    return list(dict.fromkeys([*close(iri, iris), *called]))[:_MOST]
