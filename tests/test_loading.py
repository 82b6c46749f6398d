"""Loading is whole or not at all, and infers once for each set of inputs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys

import pyoxigraph as ox
import pytest

from defgraph import inference, loading, sources
from defgraph.errors import TurtleSyntaxError
from defgraph.namespaces import DEF, GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES
from defgraph.sources import SourceFile, data_at

AGREEMENT = f"PREFIX def: <{DEF}>\nPREFIX state: <{PREFIXES['state']}>\n"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "one.ttl").write_text(AGREEMENT + "state:aa def:acsaPartnerOf state:bb .")
    return folder


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def counted(monkeypatch):
    """How often the rules were run."""
    runs = []
    infer = inference.infer
    monkeypatch.setattr(inference, "infer", lambda *given: runs.append(given) or infer(*given))
    return runs


def graph(store, name):
    return {q.triple for q in store.quads_for_pattern(None, None, None, ox.NamedNode(name))}


def is_concluded(store):
    subject, value = ox.NamedNode(PREFIXES["state"] + "bb"), ox.NamedNode(PREFIXES["state"] + "aa")
    return ox.Triple(subject, ox.NamedNode(DEF + "acsaPartnerOf"), value) in graph(
        store, INFERRED_GRAPH
    )


def test_every_file_becomes_its_graph(cache):
    store = loading.load(cache_dir=cache)

    wanted = {file.graph_name for file in (*sources.ontology_files(), *sources.data_files())}
    assert {name.value for name in store.named_graphs()} == wanted | {INFERRED_GRAPH}
    assert not any(isinstance(quad.graph_name, ox.DefaultGraph) for quad in store)


def test_other_data_takes_the_place_of_ours_and_keeps_the_ontology(data, cache):
    store = loading.load(data_at([data]), cache_dir=cache)

    names = {name.value for name in store.named_graphs()}
    assert GRAPH + "one" in names
    assert ONTOLOGY_GRAPH in names
    assert GRAPH + "reference/states" not in names
    assert is_concluded(store)


def test_one_broken_file_and_nothing_is_loaded(data, cache):
    (data / "two.ttl").write_text("def:x a def:y .")

    with pytest.raises(TurtleSyntaxError, match=r"two\.ttl, line 1, column 1"):
        loading.load(data_at([data]), cache_dir=cache)

    assert not cache.exists()


def test_blank_nodes_of_two_files_stay_apart(data, cache):
    for name in ("two", "three"):
        (data / f"{name}.ttl").write_text(AGREEMENT + f"_:b def:note '{name}' .")

    store = loading.load(data_at([data]), cache_dir=cache)

    blank = {
        quad.subject
        for quad in store.quads_for_pattern(None, ox.NamedNode(DEF + "note"), None, None)
    }
    assert len(blank) == 2


def test_the_rules_run_once_for_the_same_inputs(data, cache, counted):
    first = loading.load(data_at([data]), cache_dir=cache)
    second = loading.load(data_at([data]), cache_dir=cache)

    assert len(counted) == 1
    assert set(first) == set(second)


def test_what_was_concluded_about_blank_nodes_is_kept_too(data, cache, counted):
    (data / "two.ttl").write_text(AGREEMENT + "[] def:acsaPartnerOf [] .")

    first = loading.load(data_at([data]), cache_dir=cache)
    second = loading.load(data_at([data]), cache_dir=cache)

    assert len(counted) == 1
    assert any(isinstance(t.subject, ox.BlankNode) for t in graph(second, INFERRED_GRAPH))
    assert set(first) == set(second)


def test_a_changed_file_is_another_input(data, cache, counted):
    loading.load(data_at([data]), cache_dir=cache)
    (data / "one.ttl").write_text(AGREEMENT + "state:bb def:acsaPartnerOf state:cc .")

    store = loading.load(data_at([data]), cache_dir=cache)

    assert len(counted) == 2
    assert not is_concluded(store)


def test_a_changed_rule_is_another_input(data, cache, monkeypatch):
    loading.load(data_at([data]), cache_dir=cache)
    rules = [rule for rule in inference.rules() if rule.name not in {"prp-symp", "prp-spo1"}]
    monkeypatch.setattr(inference, "rules", lambda: tuple(rules))

    assert not is_concluded(loading.load(data_at([data]), cache_dir=cache))


def test_where_the_files_lie_is_no_input(data, cache, tmp_path, counted):
    loading.load(data_at([data]), cache_dir=cache)
    moved = shutil.move(data, tmp_path / "moved")

    loading.load(data_at([moved]), cache_dir=cache)

    assert len(counted) == 1


def test_under_another_name_a_file_is_another_input(data, cache, counted):
    file = data / "one.ttl"
    loading.load([SourceFile(file, GRAPH + "one")], cache_dir=cache)

    loading.load([SourceFile(file, GRAPH + "links/one")], cache_dir=cache)

    assert len(counted) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"state/bb", b"state/xx"),
        lambda content: content.replace(b"# inferred", b"# other"),
        lambda content: b"# inferred from sha256:" + b"0" * 64 + content[87:],
        lambda content: os.urandom(2000),
    ],
    ids=["empty", "cut", "changed", "foreign", "of other inputs", "noise"],
)
def test_a_damaged_file_in_the_cache_is_computed_anew(data, cache, counted, damage):
    loading.load(data_at([data]), cache_dir=cache)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    store = loading.load(data_at([data]), cache_dir=cache)

    assert len(counted) == 2
    assert is_concluded(store)
    assert file.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_no_error(data, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")

    assert is_concluded(loading.load(data_at([data]), cache_dir=blocked / "cache"))


def test_the_cache_lets_the_oldest_go(data, cache, monkeypatch):
    monkeypatch.setattr(loading, "KEPT_IN_CACHE", 2)

    for number in range(4):
        (data / "one.ttl").write_text(AGREEMENT + f"state:aa def:acsaPartnerOf state:b{number} .")
        loading.load(data_at([data]), cache_dir=cache)

    assert len(list(cache.iterdir())) == 2


def test_no_part_of_a_file_is_left_in_the_cache(data, cache):
    loading.load(data_at([data]), cache_dir=cache)

    assert [path.suffix for path in cache.iterdir()] == [".nt"]


def test_a_package_that_carries_the_inferences_runs_no_rule(cache, tmp_path, monkeypatch, counted):
    carried = tmp_path / "inferred.nt"
    loading.write_shipped_inferences(carried)
    counted.clear()
    monkeypatch.setattr(sources, "shipped_inferences", lambda: carried)

    store = loading.load(cache_dir=cache)

    assert counted == []
    assert not cache.exists()
    assert len(graph(store, INFERRED_GRAPH)) == len(inference.infer(store))


def test_carried_inferences_of_other_files_are_not_trusted(data, cache, tmp_path, monkeypatch):
    carried = tmp_path / "inferred.nt"
    loading.write_shipped_inferences(carried)
    monkeypatch.setattr(sources, "shipped_inferences", lambda: carried)

    assert is_concluded(loading.load(data_at([data]), cache_dir=cache))


def test_what_is_written_does_not_depend_on_the_hash_seed(tmp_path):
    script = (
        "import sys, pathlib; from defgraph import loading;"
        "loading.write_shipped_inferences(pathlib.Path(sys.argv[1]))"
    )

    digests = set()
    for seed in ("1", "2"):
        path = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, path], env=environment, check=True)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())

    assert len(digests) == 1
