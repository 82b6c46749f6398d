"""Everything can be taken away: each file whole, in parts, and checked against its sum."""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from defgraph import loading
from defgraph.dumps import dump
from defgraph.media_types import RDF_FORMATS
from defgraph.settings import Settings
from defgraph.store.protocol import State
from defgraph.web.app import create_app
from defgraph.web.dumps.sets import Dates, DumpFile, DumpSet, Scratch
from defgraph.web.stores import store_for

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes of their own need Linux")
FORMS = {each.extension: each for each in RDF_FORMATS}
EX = "http://example.com/"
TOKEN = {"Authorization": "Bearer open-sesame"}
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


def names_at(client):
    return [each["name"] for each in client.get("/dumps/?format=json").json()["files"]]


def files_in(folder):
    return [path.name for path in folder.iterdir()]


def served(**given_settings):
    given_settings = Settings(**{"workers": 1, **given_settings})
    return TestClient(create_app(given_settings, store=store_for(given_settings)))


def update(client, text):
    headers = {"Content-Type": "application/sparql-update", **TOKEN}
    assert client.post("/update", content=text, headers=headers).status_code in {200, 201}


def canonical(quads):
    made = ox.Dataset(quads)
    made.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return made


@pytest.fixture(scope="module")
def dataset():
    return loading.load()


@pytest.fixture(scope="module")
def downloaded(shipped_client, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dumps")
    for name in names_at(shipped_client):
        (folder / name).write_bytes(shipped_client.get(f"/dumps/{name}").content)
    return folder


def test_every_file_says_what_its_graph_says(downloaded, dataset):
    graphs = {None, *dataset.named_graphs()}
    found = 0
    listed = [path for path in downloaded.iterdir() if path.suffix in FORMS]
    for path in listed:
        form = FORMS[path.suffix]
        stem = path.name.removesuffix(path.suffix).removeprefix("graph.")
        graph = next(
            each
            for each in graphs
            if (stem in {"dataset", "union"} and each is None)
            or (each is not None and each.value.partition("/graph/")[2].replace("/", ".") == stem)
        )
        quads = (
            list(dataset) if graph is None else dataset.quads_for_pattern(None, None, None, graph)
        )
        if not form.holds_graphs:
            quads = (ox.Quad(*quad.triple) for quad in quads)
        rdf_format = ox.RdfFormat.from_media_type(form.media_type)
        assert canonical(ox.parse(path.read_bytes(), format=rdf_format)) == canonical(quads), path
        found += 1
    assert found == len(graphs) * len(RDF_FORMATS)


def test_they_are_those_that_the_command_writes(downloaded, dataset, tmp_path):
    dump(dataset, tmp_path / "by-command")

    for path in (tmp_path / "by-command").iterdir():
        assert (downloaded / path.name).read_bytes() == path.read_bytes(), path.name
    assert len(files_in(downloaded)) == len(files_in(tmp_path / "by-command"))


def test_the_sums_pass_sha256sum(downloaded):
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not installed")

    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=downloaded,
        capture_output=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr
    assert len(checked.stdout.splitlines()) == len(files_in(downloaded)) - 1


def test_what_is_compressed_is_the_same_without_time_and_name(downloaded):
    for path in downloaded.glob("*.gz"):
        content = path.read_bytes()
        assert gzip.decompress(content) == path.with_suffix("").read_bytes()
        assert content[3] == 0  # no name
        assert content[4:8] == bytes(4)  # no time


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_parts_put_together_are_the_whole(shipped_client, downloaded, data):
    name = data.draw(st.sampled_from(["union.ttl.gz", "graph.questions.nt", "SHA256SUMS"]))
    whole = (downloaded / name).read_bytes()
    cuts = data.draw(st.lists(st.integers(1, len(whole) - 1), max_size=4, unique=True))
    edges = [0, *sorted(cuts), len(whole)]

    parts = b""
    for start, end in pairwise(edges):
        answer = shipped_client.get(f"/dumps/{name}", headers={"Range": f"bytes={start}-{end - 1}"})
        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"
        parts += answer.content

    assert parts == whole


def test_a_part_is_given_only_of_the_version_that_is_known(shipped_client):
    whole = shipped_client.get("/dumps/SHA256SUMS")
    part = {"Range": "bytes=10-"}

    same = shipped_client.get(
        "/dumps/SHA256SUMS", headers={**part, "If-Range": whole.headers["ETag"]}
    )
    other = shipped_client.get("/dumps/SHA256SUMS", headers={**part, "If-Range": '"other"'})

    assert (same.status_code, same.content) == (206, whole.content[10:])
    assert (other.status_code, other.content) == (200, whole.content)


def test_a_date_serves_where_a_tag_is_not_known(shipped_client):
    whole = shipped_client.get("/dumps/SHA256SUMS")
    since = whole.headers["Last-Modified"]
    part = {"Range": "bytes=10-"}
    earlier, later = "Thu, 01 Jan 2015 00:00:00 GMT", "Thu, 01 Jan 2999 00:00:00 GMT"

    def status(**headers):
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        return shipped_client.get("/dumps/SHA256SUMS", headers=asked).status_code

    assert parsedate_to_datetime(since) <= datetime.now(UTC)
    assert status(If_Modified_Since=since) == status(If_Modified_Since=later) == 304
    assert status(If_Modified_Since=earlier) == status(If_Modified_Since="yesterday") == 200
    assert status(If_Modified_Since=later, If_None_Match='"other"') == 200
    assert status(If_Range=since, **part) == 206
    assert status(If_Range=earlier, **part) == status(If_Range=later, **part) == 200


def test_a_file_keeps_its_date_while_it_keeps_its_bytes_and_no_second_has_two():
    dates = Dates()
    state = State(1, "sha256:1")

    def dated(**sums):
        files = {n: DumpFile(n, None, None, Scratch(), 0, 0, sha256) for n, sha256 in sums.items()}
        made = dates.dated(DumpSet(state, files, {}))
        return [made.files[name].modified for name in sorted(sums)]

    first = dated(a="1", b="1")
    second = dated(a="1", b="2")
    third = dated(a="1", b="3")

    assert first[0] == second[0] == third[0]
    assert first[1] < second[1] < third[1]


def test_a_part_that_is_not_there_is_refused_with_the_size(shipped_client):
    whole = shipped_client.get("/dumps/SHA256SUMS").content

    answer = shipped_client.get("/dumps/SHA256SUMS", headers={"Range": f"bytes={len(whole)}-"})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert answer.json()["title"] == "RangeNotSatisfiableError"


def test_head_tells_all_but_the_bytes(shipped_client):
    path = "/dumps/graph.questions.nq.gz"
    whole = shipped_client.get(path)

    told = shipped_client.head(path, headers={"Range": "bytes=0-3"})

    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["Content-Length"] == str(len(whole.content))
    for name in ("ETag", "Accept-Ranges", "Content-Type", "Repr-Digest", "Generation"):
        assert told.headers[name] == whole.headers[name]
    assert hashlib.sha256(whole.content).hexdigest() in told.headers["ETag"]


@pytest.mark.parametrize("path", ["/dumps/", "/dumps/dataset.trig"])
def test_who_has_it_gets_nothing_again(shipped_client, path):
    tag = shipped_client.get(path).headers["ETag"]

    for header in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        answer = shipped_client.get(path, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content) == (304, b"")
    assert shipped_client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_the_list_says_of_each_file_how_long_it_is_and_its_sum(shipped_client, downloaded):
    listed = shipped_client.get("/dumps/", headers={"Accept": "application/json"}).json()

    assert listed["generation"] == 1
    for each in listed["files"]:
        content = (downloaded / each["name"]).read_bytes()
        assert each["bytes"] == len(content)
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each["url"] == f"http://testserver/dumps/{each['name']}"


def test_the_list_links_to_what_describes_the_dataset(shipped_client):
    link = shipped_client.get("/dumps/").headers["link"]

    assert link == '<http://testserver/.well-known/void>; rel="describedby"'


def test_the_list_is_a_catalogue_in_every_format(shipped_client, downloaded):
    graph = rdflib.Graph().parse(data=shipped_client.get("/dumps/").text, format="turtle")

    files = set(graph.subjects(rdflib.RDF.type, DCAT.Distribution))
    assert len(files) == len(files_in(downloaded)) - 1
    for each in files:
        name = str(graph.value(each, DCAT.downloadURL)).rpartition("/")[2]
        content = (downloaded / name).read_bytes()
        checksum = graph.value(each, SPDX.checksum)
        assert int(graph.value(each, DCAT.byteSize)) == len(content)
        assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
    for form in RDF_FORMATS:
        answer = shipped_client.get("/dumps/", headers={"Accept": form.media_type})
        read = ox.parse(answer.content, format=ox.RdfFormat.from_media_type(form.media_type))
        assert len({quad.triple for quad in read}) == len(graph)


def test_the_page_links_each_file(shipped_client, downloaded):
    page = shipped_client.get("/dumps/", headers={"Accept": "text/html"}).text

    for name in files_in(downloaded):
        assert f'href="/dumps/{name}"' in page


@pytest.mark.parametrize(
    "name", ["nothing", "dataset.ttl", "..%2F..%2Fetc%2Fpasswd", "x" * 3000, "%00", "dataset.nq%0A"]
)
def test_a_name_that_is_none_is_not_found(shipped_client, name):
    answer = shipped_client.get(f"/dumps/{name}")

    assert answer.status_code == 404
    assert len(answer.text) < 2000


def test_a_name_that_comes_close_is_answered_with_the_right_one(shipped_client):
    assert "dataset.trig" in shipped_client.get("/dumps/dataset.trik").json()["detail"]


def test_what_no_format_can_say_is_left_out_and_says_why(application_over):
    made = ox.Store()
    made.add(ox.Quad(ox.NamedNode(EX), ox.NamedNode(EX + "1"), ox.Literal("a")))
    with application_over(made) as client:
        answer = client.get("/dumps/union.rdf.gz")

        assert answer.status_code == 404
        assert "RDF/XML" in answer.json()["detail"]
        assert client.get("/dumps/?format=json").json()["leftOut"][0]["name"] == "union.rdf"


def test_who_asks_before_they_are_written_is_told_when_to_come_again(client_of):
    with client_of(a="state:jp def:p 1 .") as client:
        client.app.state.dumps._patience_s = 0
        pending = client.get("/dumps/dataset.nq")
        client.app.state.dumps._patience_s = 60
        there = client.get("/dumps/dataset.nq")

    assert pending.status_code == 503
    assert pending.json()["title"] == "DumpPendingError"
    assert int(pending.headers["Retry-After"]) > 0
    assert there.status_code == 200


def test_a_disk_that_cannot_be_written_is_a_clear_problem(client_of, monkeypatch):
    with client_of(a="state:jp def:p 1 .") as client:
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
        answer = client.get("/dumps/dataset.nq")

    assert answer.status_code == 507
    assert answer.json()["title"] == "DumpError"


@linux
class TestOfAStore:
    def test_they_are_made_once_for_many_who_ask_at_once(self, tmp_path):
        from concurrent.futures import ThreadPoolExecutor

        with served(plain=True, token="open-sesame") as client, ThreadPoolExecutor(8) as pool:
            update(client, f"INSERT DATA {{ <{EX}s> <{EX}p> 1 }}")
            made = client.app.state.dumps
            calls = []
            dump_once = made._store.dump

            async def counted(files):
                calls.append(len(files))
                return await dump_once(files)

            made._store.dump = counted
            answers = list(pool.map(lambda _: client.get("/dumps/dataset.nq"), range(20)))

        assert {each.status_code for each in answers} == {200}
        assert {each.content for each in answers} == {answers[0].content}
        assert calls == [len(RDF_FORMATS)]

    def test_a_write_makes_others_and_leaves_equal_bytes_their_tags(self, tmp_path):
        with served(plain=True, store=str(tmp_path / "s"), token="open-sesame") as client:
            update(client, f"INSERT DATA {{ GRAPH <{EX}a> {{ <{EX}s> <{EX}p> 1 }} }}")
            update(client, f"INSERT DATA {{ GRAPH <{EX}b> {{ <{EX}s> <{EX}p> 1 }} }}")
            of_a, of_b = (
                next(n for n in names_at(client) if f"com-{g}_" in n and n.endswith(".nq"))
                for g in "ab"
            )
            before = {name: client.get(f"/dumps/{name}") for name in (of_a, of_b)}

            update(client, f"INSERT DATA {{ GRAPH <{EX}b> {{ <{EX}s> <{EX}p> 2 }} }}")

            after = {name: client.get(f"/dumps/{name}") for name in (of_a, of_b)}
            assert after[of_a].headers["ETag"] == before[of_a].headers["ETag"]
            assert after[of_b].headers["ETag"] != before[of_b].headers["ETag"]
            assert (
                int(after[of_a].headers["Generation"])
                == int(before[of_a].headers["Generation"]) + 1
            )
            assert b'"2"' in after[of_b].content

    def test_the_default_graph_of_a_plain_store_is_there(self):
        with served(plain=True, token="open-sesame") as client:
            assert client.get("/dumps/dataset.nq").content == b""
            assert client.get("/dumps/dataset.nq", headers={"Range": "bytes=0-"}).status_code == 416
            update(client, f"INSERT DATA {{ <{EX}s> <{EX}p> 1 }}")

            assert client.get("/dumps/dataset.nq").content.startswith(b"<http://example.com/s>")

    def test_one_format_that_takes_too_much_takes_nothing_from_the_others(self):
        with served(plain=True, token="open-sesame", max_dump_bytes=16_000) as client:
            long = "x" * 4000
            update(client, f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}s> <{EX}p> '{long}' }} }}")
            listed = client.get("/dumps/?format=json").json()

            assert client.get("/dumps/dataset.nq").status_code == 200

            update(client, f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}s> <{EX}q> '{long * 3}' }} }}")
            fewer = client.get("/dumps/?format=json").json()

            assert listed["leftOut"] == []
            assert [each["name"] for each in fewer["leftOut"]]
            assert all("16,000 bytes" in each["reason"] for each in fewer["leftOut"])
            assert client.get("/dumps/dataset.nq").status_code == 404
            assert "16,000 bytes" in client.get("/dumps/dataset.nq").json()["detail"]


class TestOverTheNetwork:
    def test_a_download_that_was_cut_off_goes_on(self, serve_app, tmp_path):
        if shutil.which("curl") is None:
            pytest.skip("curl is not installed")
        whole, cut = tmp_path / "whole.nq", tmp_path / "cut.nq"
        curl = ["curl", "--silent", "--fail", "--noproxy", "*"]
        subprocess.run([*curl, "-o", whole, f"{serve_app}dumps/dataset.nq"], check=True)
        cut.write_bytes(whole.read_bytes()[:1_000_001])

        done = subprocess.run(
            [
                *curl,
                "-C",
                "-",
                "-w",
                "%{http_code} %{size_download}",
                "-o",
                cut,
                f"{serve_app}dumps/dataset.nq",
            ],
            check=True,
            capture_output=True,
            text=True,
        )

        assert done.stdout == f"206 {whole.stat().st_size - 1_000_001}"
        assert cut.read_bytes() == whole.read_bytes()


KILLED = """
import os, signal, sys, threading
from fastapi.testclient import TestClient
from defgraph.settings import Settings
from defgraph.web.app import create_app
from defgraph.web.stores import store_for
settings = Settings(plain=True, workers=1)
with TestClient(create_app(settings, store=store_for(settings))) as client:
    assert client.get("/dumps/").status_code == 200
    os.kill(os.getpid(), signal.SIGKILL)
"""


@linux
def test_a_server_that_is_killed_leaves_no_file(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}

    done = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)

    assert done.returncode == -9
    assert list(tmp_path.iterdir()) == []


@linux
def test_the_files_of_a_former_generation_are_given_back(monkeypatch):
    monkeypatch.setattr("defgraph.web.dumps.sets.CHECK_EVERY_S", 0.01)

    def open_files():
        links = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        return sum("(deleted)" in str(link.readlink()) for link in links)

    before = open_files()
    with served(plain=True, token="open-sesame") as client:
        assert client.get("/dumps/").status_code == 200
        assert open_files() > before
        update(client, f"INSERT DATA {{ <{EX}s> <{EX}p> 1 }}")

        while client.app.state.dumps._set is not None:
            client.get("/healthz")
    assert open_files() == before


def test_the_list_names_the_server_as_each_client_sees_it(shipped_client):
    for host in ("one.example", "two.example", "one.example"):
        listed = shipped_client.get("/dumps/?format=json", headers={"Host": host}).json()

        assert listed["files"][0]["url"].startswith(f"http://{host}/dumps/")
