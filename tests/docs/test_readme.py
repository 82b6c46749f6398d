"""What the documentation tells people to type is typed here, in a folder like theirs."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from defgraph import api, turtle

ROOT = Path(__file__).parents[2]
PAGES = (Path("README.md"), Path("docs/analysts.md"), Path("docs/second-source/README.md"))
BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)\n(?P<code>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
ACTIVATE = ". .venv/bin/activate"
ADDRESS = "http://127.0.0.1:8000"


def blocks(language, *pages):
    """Each block of code in *language* on the pages, as a test parameter."""
    for page in pages or PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for number, block in enumerate(BLOCK.finditer(text), start=1):
            if block["language"] == language:
                code = re.sub(f"^{block['indent']}", "", block["code"], flags=re.MULTILINE)
                yield pytest.param(code, id=f"{page}-{number}")


def commands():
    """Each block of commands, with the output that the page shows below it (or None)."""
    for page in PAGES:
        found = list(BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")))
        for block in blocks("sh", page):
            number = int(block.id.rsplit("-", 1)[1])
            following = found[number] if number < len(found) else None
            shown = following["code"] if following and following["language"] == "text" else None
            yield pytest.param(*block.values, shown, id=block.id)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """What a reader has cloned, as far as the commands touch it, to be written to at will."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture(scope="module")
def server(serve, checkout):
    """The address of a server like the one that the page has started."""
    return serve(Path(sys.executable).with_name("defgraph"), cwd=checkout)


@pytest.mark.parametrize(
    ("code", "shown"), [block for block in commands() if "make " not in block.values[0]]
)
def test_commands_work_as_written(code, shown, checkout, request):
    if "curl" in code:
        if shutil.which("curl") is None:
            pytest.skip("this machine has no curl")
        code = code.replace(ADDRESS, request.getfixturevalue("server"))

    done = subprocess.run(
        ["sh", "-e", "-c", f"{ACTIVATE}\n{code}"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout or code.strip() == ACTIVATE or "--output" in code
    if shown is not None:
        assert done.stdout == shown


@pytest.mark.parametrize("code", list(blocks("python")))
def test_python_works_as_written(code, checkout):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("code", list(blocks("turtle")))
def test_every_triple_shown_is_in_the_example(code):
    shown = set(turtle.read(code).triples)
    example = ROOT / "docs" / "second-source" / "anzus.ttl"

    assert shown
    assert shown <= set(turtle.read(example.read_text(encoding="utf-8")).triples)


def test_make_targets_that_are_named_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        target
        for page in PAGES
        for target in re.findall(
            r"^(?: *|.*`)make ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert named >= {"serve", "test"}
    assert named <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def test_the_picture_of_the_model_names_properties_that_exist():
    (picture,) = (block.values[0] for block in blocks("mermaid"))
    labels = {name for label in re.findall(r"-- (.+?) -->", picture) for name in label.split(", ")}

    query = "SELECT ?term WHERE { ?term rdfs:isDefinedBy <https://w3id.org/defgraph/ontology> }"
    terms = {solution["term"].rsplit("/", 1)[1] for solution in api.open().query(query)}

    assert len(labels) > 10
    assert labels - terms == set()


def test_links_within_the_repository_lead_somewhere():
    pages = [ROOT / page for page in PAGES] + sorted((ROOT / "docs").rglob("*.md"))

    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
