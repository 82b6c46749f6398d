"""What may not stand in the repository, and what has to agree."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT.parent / "shared" / "article" / "article.txt"

# Written so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg|anaconda|crates|debian)[.](?:org|com|io)"
    r"|index[-]url|/simple[/\"' ]",
    re.IGNORECASE,
)
LOCAL_PATHS = re.compile(r"(?:^|[\s\"'=(:])/(?:work|root|opt|home)/\w")
WORDS_IN_A_ROW = 12


@pytest.fixture(scope="module")
def texts():
    """Every text file that is under version control."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = {}
    for name in filter(None, listed.stdout.split("\0")):
        try:
            found[name] = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return found


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_no_package_registry_is_named(texts):
    named = {name: hit.group() for name, text in texts.items() if (hit := REGISTRIES.search(text))}

    assert named == {}


def test_no_path_of_a_machine_is_named(texts):
    named = {name: hit.group() for name, text in texts.items() if (hit := LOCAL_PATHS.search(text))}

    assert named == {}


@pytest.mark.shared
def test_no_sentence_of_the_article_is_copied(texts):
    if not ARTICLE.exists():
        pytest.skip("the text of the article is not here (../shared)")
    article = _runs(ARTICLE.read_text(encoding="utf-8"))

    copied = {name: hits for name, text in texts.items() if (hits := _runs(text) & article)}

    assert copied == {}


@pytest.mark.parametrize("file", ["runtime.txt", "dev.txt"])
def test_every_requirement_is_pinned(file):
    pinned = re.findall(
        r"^([a-z0-9-]+)==", (ROOT / "requirements" / file).read_text(encoding="utf-8"), re.MULTILINE
    )
    wanted = list(project()["dependencies"])
    if file == "dev.txt":
        wanted += [name for extra in project()["optional-dependencies"].values() for name in extra]

    missing = {_name(requirement) for requirement in wanted} - set(pinned)

    assert missing == set()


def test_every_pinned_file_has_hashes_only():
    lines = [
        line
        for path in (ROOT / "requirements").glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]

    odd = [
        line
        for line in lines
        if not re.match(r"\s*#|[a-z0-9-]+==\S+( ; .+)? \\$|    --hash=|$", line)
    ]

    assert odd == []


def test_the_citation_names_the_version_of_the_package():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")

    assert f"\nversion: {project()['version']}\n" in citation


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")

    missing = [path.name for path in folder.glob("0*.md") if f"({path.name})" not in index]

    assert missing == []


def _name(requirement):
    return re.match(r"[\w-]+", requirement).group().lower().replace("_", "-")


def _runs(text):
    words = re.findall(r"\w+", text.lower())
    return {
        tuple(words[start : start + WORDS_IN_A_ROW])
        for start in range(len(words) - WORDS_IN_A_ROW + 1)
    }
