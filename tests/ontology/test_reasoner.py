"""HermiT on the ontology and the data: consistent, and every class can have a member.

HermiT knows no partial dates (gYearMonth, gYear) and no plain ones (date): statements with such
literals are left out of its run. The alignments are not read: nothing imports them.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox
import pytest

from defgraph.namespaces import DEF, PREFIXES, expand

owlready2 = pytest.importorskip(
    "owlready2", reason="owlready2 is not installed (the optional group 'ontology')"
)

pytestmark = [
    pytest.mark.java,
    pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs a Java runtime"),
]

NOTHING = expand("owl:Nothing")
OUTSIDE_OWL = {expand(f"xsd:{name}") for name in ("date", "gYear", "gYearMonth")}


@dataclass(frozen=True)
class Verdict:
    consistent: bool
    unsatisfiable: frozenset[str]


Judge = Callable[..., Verdict]


@pytest.fixture
def judge(load, ontology, data, tmp_path) -> Judge:
    """Ask HermiT about what we ship, with a little Turtle added to it."""

    def judge(added: str = "") -> Verdict:
        store = load((*ontology, *data))
        prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
        store.load(prologue + added, format=ox.RdfFormat.TURTLE)
        path = tmp_path / "dataset.nt"
        path.write_bytes(
            ox.serialize(
                (quad.triple for quad in store if not _partial_date(quad.object)),
                format=ox.RdfFormat.N_TRIPLES,
            )
        )
        world = owlready2.World()
        world.get_ontology(path.as_uri()).load()
        try:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return Verdict(consistent=False, unsatisfiable=frozenset())
        else:
            unsatisfiable = {term.iri for term in world.inconsistent_classes()} - {NOTHING}
            return Verdict(consistent=True, unsatisfiable=frozenset(unsatisfiable))
        finally:
            world.close()

    return judge


def _partial_date(term) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in OUTSIDE_OWL


def test_ontology_and_data_are_consistent_and_no_class_is_unsatisfiable(judge):
    assert judge() == Verdict(consistent=True, unsatisfiable=frozenset())


@pytest.mark.parametrize(
    "contradiction",
    [
        pytest.param("person:winston-peters a def:State .", id="a person that is a state"),
        pytest.param("state:nz def:acsaPartnerOf state:nz .", id="a partner of itself"),
        pytest.param(
            "signing:jp-nz-tokyo-2025-12 def:tookPlaceIn force:nzdf .", id="a force as a place"
        ),
        pytest.param(
            "agreement:jp-nz-acsa-2025 def:hasParty meeting:koizumi-collins .",
            id="a party that is a meeting",
        ),
        pytest.param(
            "concern:koizumi-military-provocations a def:Event .", id="a concern as an event"
        ),
        pytest.param(
            "provision:jp-nz-acsa-2025-supplies a def:JointActivity .", id="a permission as an act"
        ),
    ],
)
def test_a_planted_contradiction_is_found(contradiction, judge):
    assert not judge(contradiction).consistent


def test_a_planted_unsatisfiable_class_is_found(judge):
    verdict = judge("def:CityState a owl:Class ; rdfs:subClassOf def:City, def:State .")

    assert verdict == Verdict(consistent=True, unsatisfiable=frozenset({DEF + "CityState"}))


def test_statements_left_out_are_those_with_dates_alone(load, ontology, data):
    left_out = {
        quad.predicate.value for quad in load((*ontology, *data)) if _partial_date(quad.object)
    }

    assert left_out <= {
        *map(expand, ("def:date", "def:aboutValue")),
        *map(expand, ("dcterms:created", "dcterms:issued", "dcterms:modified")),
    }
