from __future__ import annotations

from defgraph import sources
from defgraph.sources import data_at
from defgraph.validation import with_reference


def names(files) -> set[str]:
    return {file.graph_name.removeprefix("https://w3id.org/defgraph/graph/") for file in files}


def test_a_file_is_judged_with_the_reference_data(write):
    path = write("mine.ttl", "agreement:a a def:Agreement .")

    found = names(with_reference(data_at([path])))

    assert {"mine", "reference/states", "reference/people"} <= found
    assert not any(name.startswith("articles/") for name in found)


def test_a_file_of_the_data_folder_stands_for_itself():
    path = sources.folder("data") / "reference" / "states.ttl"

    found = with_reference(data_at([path]))

    assert [file.path for file in found if file.graph_name.endswith("/states")] == [path]


def test_a_copy_of_a_reference_file_takes_its_place(write):
    text = (sources.folder("data") / "reference" / "states.ttl").read_text("utf-8")
    path = write("copy.ttl", text.replace('    def:isoAlpha2 "NZ" ;\n', ""))

    found = names(with_reference(data_at([path])))

    assert "copy" in found
    assert "reference/states" not in found
    assert "reference/people" in found


def test_other_data_can_be_given_instead(write):
    mine = write("mine.ttl", "agreement:a a def:Agreement .")
    others = write("others/states.ttl", "state:zz a def:State .").parent

    assert names(with_reference(data_at([mine]), data_at([others]))) == {"mine", "states"}
