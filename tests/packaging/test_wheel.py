"""`pip install` alone gives a working graph, wherever one stands."""

import json
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(400), pytest.mark.xdist_group("wheel")]

ROOT = Path(__file__).parents[2]

PYTHON_USE = """
import defgraph, sys
g = defgraph.open()
print(defgraph.__file__)
print(g.query("ASK { ?claim a def:Claim ; def:hasSpeaker ?speaker }"))
print(len(g.rdflib()) > 0)
"""


@pytest.mark.parametrize("folder", ["ontology", "data", "shapes"])
def test_the_wheel_carries_every_file_of(folder, wheel):
    shipped = {
        f"defgraph/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }

    carried = set(zipfile.ZipFile(wheel).namelist())

    assert shipped
    assert shipped - carried == set()


def test_the_wheel_carries_code_and_licences_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.split("/")[0] for name in names}
    licences = {Path(name).name for name in names if "/licenses/" in name}

    assert len(tops) == 2  # the package and its metadata
    assert licences == {"LICENSE", "LICENSE-DATA"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_requirements_of_the_wheel_are_met_by_the_pinned_ones(clean):
    assert "No broken requirements" in clean.run("python", "-m", "pip", "check").stdout


def test_the_command_runs_in_another_folder(clean):
    assert clean.run("defgraph", "stats").stdout


def test_a_query_is_answered_from_the_shipped_data(clean):
    query = "SELECT ?agreement WHERE { ?agreement a def:Agreement ; def:hasParty state:jp }"

    answer = clean.run("defgraph", "query", query, "--format", "json").stdout

    assert json.loads(answer)["results"]["bindings"]


def test_the_shipped_data_conforms_to_the_shipped_shapes(clean):
    assert clean.run("defgraph", "validate").returncode == 0


def test_python_asks_the_installed_package(clean):
    where, answer, holds = clean.run("python", "-c", PYTHON_USE).stdout.split()

    assert Path(where).is_relative_to(clean.folder)
    assert (answer, holds) == ("True", "True")


def test_the_installed_package_serves_its_pages_and_answers(clean, serve):
    address = serve(clean.command, cwd=clean.work, env=clean.env)

    with urlopen(address, timeout=30) as page:
        assert "<form" in page.read().decode()
    with urlopen(f"{address}/sparql?query=ASK%7Bstate:nz+a+def:State%7D", timeout=30) as answer:
        assert json.load(answer)["boolean"] is True


def test_inferred_triples_come_with_the_wheel_and_are_not_computed(clean):
    clean.run("defgraph", "query", "ASK { GRAPH <https://w3id.org/defgraph/graph/inferred> {} }")

    assert not [path for path in clean.cache.rglob("*") if path.is_file()]
