"""A store on disk with a known past, by the real command line, and the real server on it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

EX = "http://example.com/"
PROGRAM = [sys.executable, "-c", "from defgraph.cli import main; main()"]
SECRET = "a-secret-of-the-tests"
AUTHORIZED = {"Authorization": f"Bearer {SECRET}"}
GENERATIONS = 6
SNAPSHOTS = (2, 4)


def defgraph(
    *arguments: object, before: Sequence[str] = (), **options: object
) -> subprocess.CompletedProcess:
    """Run a command to its end."""
    command = [*before, *PROGRAM, *map(str, arguments)]
    options = {"capture_output": True, "text": True, "timeout": 120, **options}
    return subprocess.run(command, check=False, env=environment(), **options)


def environment() -> dict[str, str]:
    """What surrounds the program: nothing of ours but that one worker is enough."""
    kept = {name: value for name, value in os.environ.items() if "DEFGRAPH" not in name}
    return {**kept, "DEFGRAPH_TOKEN": SECRET, "DEFGRAPH_WORKERS": "1"}


def update(number: int) -> str:
    """Return an update after which the dataset is that of generation *number*."""
    now, was = f"<{EX}now> <{EX}is>", f"<{EX}was>"
    return (
        f"DELETE {{ {now} ?before }} INSERT {{ {now} {number} . <{EX}{number}> {was} {number} }} "
        f"WHERE {{ OPTIONAL {{ {now} ?before }} }}"
    )


def holds(number: int) -> set[tuple[str, str]]:
    """Return what generation *number* holds: the subject and object of each triple."""
    return {("now", str(number)), *((str(n), str(n)) for n in range(1, number + 1))}


def make_store(folder: Path, *, generations: int = GENERATIONS) -> Path:
    """Make a store of some generations, with snapshots of some of them."""
    first = folder.parent / "first.ttl"
    first.write_text(f"<{EX}now> <{EX}is> 1 . <{EX}1> <{EX}was> 1 .")
    done = [defgraph("load", first, "--store", folder, "--plain")]
    for number in range(2, generations + 1):
        done.append(defgraph("update", update(number), "--store", folder))
        if number in SNAPSHOTS:
            done.append(defgraph("snapshot", "--store", folder))
    assert [each.stderr for each in done if each.returncode] == []
    return folder


@dataclass
class Serving:
    """A server that runs on a store, or that would not."""

    process: subprocess.Popen
    log_file: Path
    client: httpx2.Client | None = None

    @property
    def log(self) -> str:
        """What it has said on standard error until now."""
        return self.log_file.read_text()

    def held(self) -> set[tuple[str, str]]:
        """Ask for every triple; return subject and object of each."""
        text = "SELECT ?s ?o { ?s ?p ?o }"
        answer = self.client.get("/sparql", params={"query": text, "format": "json"})
        assert answer.status_code == 200, answer.text
        return {
            (each["s"]["value"].removeprefix(EX), each["o"]["value"])
            for each in answer.json()["results"]["bindings"]
        }

    def write(self, number: int) -> httpx2.Response:
        """Send the update that makes generation *number* of the dataset."""
        headers = {**AUTHORIZED, "Content-Type": "application/sparql-update"}
        return self.client.post("/update", content=update(number), headers=headers)

    def readiness(self) -> dict:
        """Ask whether it is well."""
        answer = self.client.get("/readyz")
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def serving(
    store: Path, *options: str, before: Sequence[str] = (), plain: bool = True
) -> Iterator[Serving]:
    """Serve *store* with ``defgraph serve``; where that ends at once there is no client."""
    command = [*before, *PROGRAM, "serve", "--port", "0", "--store", store, *options]
    command += ["--plain"] if plain else []
    log_file = store.parent / f"{store.name}-{'-'.join(options)}.log"
    with (
        log_file.open("w") as log,
        subprocess.Popen(
            command, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            found = re.search(r"http://\S+/", process.stdout.readline())
            if found is None:
                process.wait(timeout=30)
                yield Serving(process, log_file)
                return
            with httpx2.Client(base_url=found[0], timeout=60, trust_env=False) as client:
                yield Serving(process, log_file, client)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=30)


def _at(where: float) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(where * (len(content) - 1))] ^= 0x55
        path.write_bytes(content)

    return flip


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _add(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"A <urn:a> <urn:b> <urn:c> .\n")


def _replace(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "other").touch()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a flip at the start": _at(0),
    "a flip in the middle": _at(0.5),
    "a flip at the end": _at(1),
    "cut to half": _cut,
    "cut to nothing": lambda path: path.write_bytes(b""),
    "deleted": lambda path: path.unlink(),
    "garbage at the end": _add,
    "a folder instead": _replace,
}
"""What may become of a file."""


def files_of(store: Path) -> dict[str, bytes]:
    """Return every file of *store*, and those in folders there, with their contents."""
    return {
        str(path.relative_to(store)): path.read_bytes()
        for path in store.rglob("*")
        if path.is_file()
    }


def copy_of(store: Path, folder: Path) -> Path:
    """Copy *store*, to be damaged."""
    shutil.copytree(store, folder)
    return folder
