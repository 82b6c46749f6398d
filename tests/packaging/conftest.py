"""The wheel, built once and installed into an environment that has nothing else."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder with the source distribution and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "build", "--outdir", folder, ROOT])
    return folder


@pytest.fixture(scope="session")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def clean(wheel, tmp_path_factory):
    """An environment with the wheel and what it requires, used from a folder of its own."""
    folder = tmp_path_factory.mktemp("clean")
    _run([sys.executable, "-m", "venv", folder / "venv"])
    python = folder / "venv" / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet"]
    _run([*pip, "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt"])
    _run([*pip, "--no-deps", wheel])
    work, cache = folder / "work", folder / "cache"
    work.mkdir()

    programs, env = folder / "venv" / "bin", _bare_environment(folder, cache)

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _run([programs / program, *arguments], cwd=work, env=env)

    return SimpleNamespace(
        run=run, folder=folder, cache=cache, work=work, env=env, command=programs / "defgraph"
    )


def _bare_environment(home: Path, cache: Path) -> dict[str, str]:
    """What a new user's shell has, so that nothing of this checkout can help."""
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "XDG_CACHE_HOME": str(cache),
    }


def _run(
    command: list[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = os.environ if env is None else env
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}", pytrace=False)
    return done
