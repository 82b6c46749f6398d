"""The rules of hygiene in ontology/checks, each tried both ways.

A rule finds nothing in what we ship, and finds exactly the offenders that the first line of its
own small file of Turtle names.
"""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import namespace

from defgraph.namespaces import PREFIXES, expand

CHECKS = Path(__file__).resolve().parents[2] / "ontology" / "checks"
OFFENCES = Path(__file__).parent / "checks"

checks = pytest.mark.parametrize("check", sorted(CHECKS.glob("*.rq")), ids=lambda path: path.stem)

# The pitfalls of the catalogue that a machine can see in the files. The others need a reader
# (P01, P09, P16 to P18, P23) or the published address (P37).
PITFALLS = {
    f"P{number:02}"
    for number in (*range(2, 9), *range(10, 16), *range(19, 23), *range(24, 37), *range(38, 42))
}


@pytest.fixture(scope="module")
def shipped(load, ontology, data) -> ox.Store:
    return load((*ontology, *data))


def offenders(store: ox.Store, check: Path) -> set[str]:
    """The terms that *check* finds, a blank node as ``_:``."""
    found = set()
    for solution in store.query(check.read_text(encoding="utf-8")):
        term = solution["term"]
        found.add("_:" if isinstance(term, ox.BlankNode) else term.value)
    return found


@checks
def test_what_we_ship_has_no_offender(check, shipped):
    assert offenders(shipped, check) == set()


@checks
def test_offenders_are_found(check, load):
    offence = OFFENCES / f"{check.stem}.ttl"
    first_line = offence.read_text(encoding="utf-8").partition("\n")[0]
    names = first_line.removeprefix("# offenders: ").split()
    expected = {name if name == "_:" else expand(name) for name in names}

    found = offenders(load([offence]), check)

    assert found == expected


@checks
def test_a_check_says_what_why_and_how_to_mend(check):
    comment = check.read_text(encoding="utf-8").partition("\n\n")[0]

    assert re.search(r"^# [A-Z].*[^.]\n#\n# Why: ", comment)
    assert "\n# Mend: " in comment
    assert "\n# Covers: " in comment


def test_every_pitfall_that_a_machine_can_see_has_a_check():
    covered = set()
    for check in CHECKS.glob("*.rq"):
        covers = check.read_text(encoding="utf-8").partition("# Covers: ")[2].partition("\n\n")[0]
        covered |= set(re.findall(r"P\d\d", covers))

    assert covered == PITFALLS


def test_every_offence_belongs_to_a_check():
    assert {path.stem for path in OFFENCES.glob("*.ttl")} == {
        path.stem for path in CHECKS.glob("*.rq")
    }


def test_outside_terms_are_in_their_vocabularies():
    """The list in namespace-hijacking.rq, against the copies of vocabularies that rdflib has."""
    text = (CHECKS / "namespace-hijacking.rq").read_text(encoding="utf-8")
    listed = re.findall(r"(\w+):(\w+)", text.partition("?term NOT IN (")[2])
    known = {"dcat", "dcterms", "foaf", "org", "prov", "skos", "time", "vann"}

    unknown = [
        f"{prefix}:{name}"
        for prefix, name in listed
        if prefix in known and PREFIXES[prefix] + name not in getattr(namespace, prefix.upper())
    ]

    assert len(listed) > 50
    assert unknown == []
