"""``defgraph link``: links are checked, given as SSSOM, and taken in whole or not at all."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defgraph import turtle
from defgraph.linking import linkset, sssom, sssom_reading, trying
from defgraph.linking.links import MAPPING, links_in
from defgraph.namespaces import GRAPH, ID, sparql_prologue

HEADER = """#mapping_set_id: https://example.org/set
#license: https://creativecommons.org/publicdomain/zero/1.0/
#creator_id: https://example.org/me
#curie_map:
#  state: https://w3id.org/defgraph/id/state/
#  wd: http://www.wikidata.org/entity/
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
ROW = "state:nz\tskos:exactMatch\twd:Q664\tsemapv:ManualMappingCuration\n"


@pytest.fixture
def table(tmp_path):
    def written(text, encoding="utf-8"):
        path = tmp_path / "table.sssom.tsv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written


def test_the_shipped_links_are_in_order(defgraph):
    run = defgraph("link", "check")

    assert (run.code, run.out) == (0, "")
    assert "0 faults" in run.err


def test_a_file_of_ones_own_is_judged_with_the_dataset(defgraph, write):
    run = defgraph("link", "check", write("mine.ttl", "state:nl owl:sameAs wd:Q55 ."))

    assert run.code == 1
    assert "several-of-theirs: state:nl" in run.out
    assert "declared-different: wd:Q29999 and wd:Q55 would be one thing" in run.out


def test_an_imported_table_is_a_linkset_that_conforms_and_waits_for_review(defgraph, table, data):
    target = data.parent / "links" / "mine.ttl"
    target.parent.mkdir()
    run = defgraph("link", "import", table(HEADER + COLUMNS + ROW), "--name", "mine", "-o", target)
    judged = defgraph("link", "check", target, "--data", data)

    assert run.code == 0, run.err
    text = target.read_text()
    assert turtle.is_canonical(text)
    assert 'schema:creativeWorkStatus "unreviewed"@en' in text
    assert f"<{GRAPH}links/mine>" in text
    assert "skos:exactMatch wd:Q664" in text
    assert judged.code == 0
    assert defgraph("validate", target).code == 0


FULL_HEADER = (
    HEADER
    + """#mapping_set_title: "Mine: all"
#mapping_tool: by hand
"""
)
FULL_COLUMNS = (
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_id\tauthor_label"
    "\tmapping_date\tconfidence\tcomment\n"
)
FULL_ROWS = (
    "state:jp\tskos:closeMatch\twd:Q17\tsemapv:LexicalMatching\t\tA. Author|B. Other\t2026-01-02\t0.5\t\n"
    'state:nz\tskos:exactMatch\twd:Q664\tsemapv:ManualMappingCuration\twd:Q1|wd:Q2\t\t\t0.95\t"says ""yes"""\n'
)


def test_what_a_table_says_of_each_line_is_exported_again(defgraph, table, tmp_path):
    given = table(FULL_HEADER + FULL_COLUMNS + FULL_ROWS)
    target = tmp_path / "own" / "links" / "mine.ttl"
    target.parent.mkdir(parents=True)
    defgraph("link", "import", given, "--name", "mine", "-o", target)
    again = tmp_path / "again.sssom.tsv"

    run = defgraph("link", "export", "--data", target.parent.parent, "--graph", "mine", "-o", again)

    assert run.code == 0, run.err
    header, rows = [], []
    for line in again.read_text().splitlines():
        (header if line.startswith("#") else rows).append(line)
    assert f"#mapping_set_id: {GRAPH}links/mine" in header
    assert "#license: https://creativecommons.org/publicdomain/zero/1.0/" in header
    assert header[header.index("#creator_id:") + 1] == "#  - ns1:me"
    assert '#mapping_set_title: "Mine: all"' in header
    assert "#mapping_tool: by hand" in header
    first, second = (dict(zip(rows[0].split("\t"), x.split("\t"), strict=True)) for x in rows[1:])
    assert first["mapping_justification"] == "semapv:LexicalMatching"
    assert first["author_label"] == "A. Author|B. Other"
    assert (first["mapping_date"], first["confidence"]) == ("2026-01-02", "0.5")
    assert (second["author_id"], second["confidence"]) == ("wd:Q1|wd:Q2", "0.95")
    assert second["comment"] == '"says ""yes"""'
    assert first["mapping_source"] == "linkset:mine"


def test_what_was_exported_is_imported_as_the_same_mappings(defgraph, table, tmp_path):
    known = {ID + "state/nz", ID + "state/jp"}
    given = sssom_reading.read(table(FULL_HEADER + FULL_COLUMNS + FULL_ROWS), known)
    target = tmp_path / "mine.ttl"
    target.write_text(linkset.write(given, "mine", None, target))
    again = tmp_path / "again.sssom.tsv"
    again.write_text(sssom.write(turtle.parse(target, graph_name=GRAPH + "links/mine")))

    assert set(sssom_reading.read(again, known).mappings) == set(given.mappings)


def test_the_shipped_links_are_exported_with_creator_licence_and_date(defgraph):
    header = [line for line in defgraph("link", "export").out.splitlines() if line.startswith("#")]

    assert header[0] == "#curie_map:"
    assert f"#mapping_set_id: {GRAPH}links" in header
    assert "#  - organisation:defgraph" in header
    assert "#license: https://creativecommons.org/licenses/by/4.0/" in header


@pytest.mark.parametrize(
    ("of_the_whole", "told"),
    [
        ("", "https://w3id.org/sssom/license/unspecified"),
        (
            "<https://w3id.org/defgraph/graph/void#dataset> dcterms:license <https://a.example/by> .",
            "/by",
        ),
    ],
)
def test_a_licence_that_the_links_do_not_have_is_not_given_to_them(
    defgraph, write, of_the_whole, told
):
    run = defgraph(
        "link", "export", "--data", write("mine.ttl", f"state:nz owl:sameAs wd:Q1 . {of_the_whole}")
    )

    assert run.code == 0, run.err
    assert re.search("^#license: (.*)$", run.out, re.MULTILINE)[1].endswith(told)


def test_a_pipe_of_links_is_not_waited_for(defgraph, tmp_path):
    os.mkfifo(tmp_path / "pipe.ttl")
    run = defgraph("link", "check", tmp_path / "pipe.ttl")

    assert run.code == 2
    assert "this is a pipe" in run.err


def test_a_set_that_is_not_there_is_said(defgraph):
    run = defgraph("link", "export", "--graph", "wikidatta")

    assert run.code == 2
    assert "wikidata" in run.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            FULL_HEADER + FULL_COLUMNS + FULL_ROWS.replace("0.5", "5"),
            "line 10: 'confidence' is '5'",
        ),
        (FULL_HEADER + FULL_COLUMNS + FULL_ROWS.replace("01-02", "13-02"), "expected a day"),
        (FULL_HEADER + FULL_COLUMNS + FULL_ROWS.replace("wd:Q1|", "xx:Q1|"), "the prefix 'xx'"),
        (HEADER.replace("#license", "#licence") + COLUMNS, "line 1: 'license' is missing"),
        (HEADER + COLUMNS.replace("\tobject_id", ""), "line 7: the column 'object_id'"),
        (HEADER + COLUMNS + ROW.replace("\t", ","), "line 8: expected 4 cells, found 1"),
        (HEADER + COLUMNS + ROW + ROW.replace("wd:", "xx:"), "line 9: the prefix 'xx'"),
        (HEADER + COLUMNS + ROW.replace("exactM", "m"), "line 8: 'skos:match' is no property"),
        (HEADER + COLUMNS + ROW.replace("Q664", "664"), "line 8: <http://www.wikidata"),
        (HEADER + COLUMNS + ROW.replace("state:nz", "state:zz"), "says nothing of state:zz"),
        (HEADER + COLUMNS + ROW.replace("state:nz", "wd:Q1"), "expected one thing of ours"),
        (HEADER + COLUMNS + ROW.replace("wd:Q664", "https://a.example/%0"), "is no IRI"),
        (HEADER + COLUMNS + ROW.replace("wd:Q664", "https://[a"), "is no IRI"),
        (HEADER + COLUMNS + ROW.replace("wd:Q664", ""), "line 8: 'object_id' is empty"),
        (HEADER + COLUMNS + ROW.replace("Q664", "Q" + "6" * 20_000), "is longer than 10000"),
        (
            HEADER + COLUMNS + ROW.replace("Q664", "Q" + "6" * 200_000),
            "begins here is no TSV (field larger",
        ),
        (HEADER + COLUMNS + '"state:nz', "unexpected end of data"),
        (HEADER.replace("#license: https:", "#license: no") + COLUMNS, "line 2: '"),
        (HEADER.replace("creator_id: ", "creator_id: x ") + COLUMNS, "line 3: 'x https"),
        (HEADER.replace("#creator_id", "#comment") + COLUMNS + ROW, "--creator"),
        (HEADER.encode() + COLUMNS.encode() + b"caf\xe9", "line 8, column 4: the byte 0xE9"),
        ((HEADER + COLUMNS + ROW).encode("utf-16"), "UTF-16"),
        ("", "'mapping_set_id' is missing"),
    ],
)
def test_a_table_that_cannot_be_taken_is_refused_with_the_line(defgraph, table, text, said):
    target = Path(table("").parent) / "out.ttl"
    run = defgraph("link", "import", table(text), "--name", "mine", "-o", target)

    assert run.code == 2
    assert said in run.err
    assert "fault of defgraph" not in run.err
    assert not target.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "#license: https://a.example/\n" + COLUMNS + ROW, "line 7: 'license' stands"),
        ("#comment: " + "a" * 1_000_000 + "\n" + HEADER + COLUMNS + ROW, "line 1: 'comment' is"),
        (HEADER + COLUMNS + ROW + '"' + ROW + ROW, "line 9: the row that begins here"),
        (HEADER + COLUMNS + ROW + "a" * 1_000_000 + ROW, "line 9: the row that begins here"),
        (HEADER + COLUMNS + ROW.replace("nz", "n\0z"), "line 8:"),
        (HEADER + COLUMNS.replace("\n", "\tsubject_id\n") + ROW, "line 7: two columns have one"),
    ],
    ids=["twice above", "megabyte above", "open quote", "megabyte", "NUL", "column twice"],
)
def test_what_is_broken_is_told_with_its_line(defgraph, table, text, said):
    run = defgraph("link", "import", table(text), "--name", "mine")

    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert len(run.err) < 500


def test_a_table_that_has_no_end_is_refused(defgraph):
    run = defgraph("link", "import", "/dev/zero", "--name", "mine")

    assert (run.code, run.out) == (2, "")
    assert "longer than 67,108,864 bytes" in run.err


def test_a_table_that_would_take_all_memory_is_refused(defgraph, table, monkeypatch):
    monkeypatch.setattr(trying, "MEMORY_MIB", 8)
    columns = COLUMNS.rstrip() + "\tcomment\n"
    rows = "".join(f"{ROW.rstrip()}\t{str(n) * 1_500}\n" for n in range(10_000, 16_000))

    run = defgraph("link", "import", table(HEADER + columns + rows), "--name", "mine")

    assert run.code == 2
    assert "takes more than 8 MiB of memory" in run.err


def test_a_file_that_would_take_all_memory_is_refused(defgraph, tmp_path, monkeypatch):
    monkeypatch.setattr(trying, "MEMORY_MIB", 64)
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bomb = tmp_path / "bomb.rdf"
    bomb.write_text(
        f'<!DOCTYPE r [<!ENTITY e0 "aaaaaaaaaa">{entities}]><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'rdf:about="http://a.example/"><rdf:value>&e9;</rdf:value></rdf:Description></rdf:RDF>'
    )

    run = defgraph("link", "check", bomb)

    assert run.code == 2
    assert "takes more than 64 MiB of memory" in run.err


def test_a_broken_file_of_ones_own_is_told_with_its_place(defgraph, write):
    run = defgraph("link", "check", write("mine.ttl", "state:nl owl:sameAs wd:Q55 ; ;;, ."))

    assert run.code == 2
    assert "mine.ttl, line " in run.err


def test_a_creator_is_an_iri(defgraph, table):
    text = HEADER.replace("#creator_id", "#comment") + COLUMNS + ROW
    run = defgraph("link", "import", table(text), "--name", "mine", "--creator", "no iri")

    assert run.code == 2
    assert "the creator 'no iri' is no absolute IRI" in run.err


def test_a_file_of_the_dataset_that_is_named_is_not_judged_twice(defgraph, data):
    assert defgraph("link", "check", data, "--data", data).code == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    pairs=st.sets(
        st.tuples(
            st.sampled_from(["state/nz", "state/jp", "place/tokyo"]),
            st.sampled_from(MAPPING),
            st.from_regex(r"(https://[a-z]{1,5}\.example/|urn:[a-z]{2}:)[a-z0-9/:._~-]{1,9}(#[a-z]{0,3})?",
                          fullmatch=True),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_what_is_written_is_read_again(tmp_path, pairs):
    text = "".join(f"<{ID}{s}> <{p}> <{o}> .\n" for s, p, o in sorted(pairs))
    source = tmp_path / "links.ttl"
    source.write_text(sparql_prologue() + text)
    quads = turtle.parse(source, graph_name=GRAPH + "links/x")
    written = tmp_path / "links.sssom.tsv"
    written.write_text(sssom.write(quads))

    read = sssom_reading.read(written, {ID + s for s, _, _ in pairs})

    assert {each[:3] for each in read.mappings} == {
        (link.subject, link.property, link.object) for link in links_in(quads, MAPPING)
    }
