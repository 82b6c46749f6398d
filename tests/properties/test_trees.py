"""Whatever the dataset, the tree of its files reads back as the same dataset, and is stable."""

import pyoxigraph as ox
from datasets import BLANK_NODES, NAMED_NODES, OBJECTS, PREDICATES
from hypothesis import given, settings
from hypothesis import strategies as st

from defgraph import trees
from defgraph.namespaces import ALIGNMENTS_GRAPH, GRAPH, ONTOLOGY_GRAPH

PATHS = [
    *(
        "a",
        "a/b",
        "a b",
        "日本",
        "a%20b",
        "a%2Fb",
        "a.ttl",
        "a.ttl/b",
        "..",
        "a/../b",
        "/a",
        "a//b",
    ),
    *("", ".", "a/.", "A", "con", "x" * 300, "inferred"),
]
GRAPH_NAMES = st.one_of(
    st.just(ox.DefaultGraph()),
    st.sampled_from([ONTOLOGY_GRAPH, ALIGNMENTS_GRAPH, "urn:e:g"]).map(ox.NamedNode),
    st.sampled_from(PATHS[:-1]).map(lambda path: ox.NamedNode(GRAPH + path.replace(" ", "%20"))),
    BLANK_NODES,
)
QUADS = st.builds(ox.Quad, st.one_of(NAMED_NODES, BLANK_NODES), PREDICATES, OBJECTS, GRAPH_NAMES)


def canonical(quads):
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def written(tree, folder):
    for path, content in tree.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@settings(max_examples=60, deadline=None)
@given(st.lists(QUADS, max_size=12))
def test_it_reads_back_and_writing_it_again_changes_nothing(tmp_path_factory, quads):
    folder = tmp_path_factory.mktemp("tree")
    dataset = ox.Store()
    dataset.extend(quads)

    made = trees.tree(dataset, folder)
    written(made, folder)

    assert canonical(trees.read(folder)) == canonical(dataset)
    again = trees.tree(trees.read(folder), folder)
    assert (again.files, again.gone) == (made.files, ())
    below = {path.parts[0] for path in made.files}
    assert below <= {"data", "ontology", "other.nq"}
