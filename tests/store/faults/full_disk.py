"""Fill the small file system FOLDER and see what a store on it does: ``full_disk.py FOLDER``."""

import sys
from pathlib import Path

import pyoxigraph as ox

from defgraph.errors import UnwritableFileError
from defgraph.log import patches
from defgraph.log.changes import add, lines_of
from defgraph.log.files import WriterLock
from defgraph.log.patch_log import PatchLog

folder = Path(sys.argv[1]) / "store"
log, dataset = PatchLog.open(folder, WriterLock(folder))


def write(length: int) -> None:
    literal = ox.Literal("x" * length)
    quads = [ox.Quad(ox.BlankNode(), ox.NamedNode("http://e/p"), literal)]
    log.append(add(dataset, quads), author="kim", message="more")


write(10)
ballast = Path(sys.argv[1]) / "ballast"
ballast.write_bytes(bytes(200_000))
before, files = lines_of(dataset), sorted(folder.iterdir())
for _ in range(3):
    try:
        write(100_000)
    except UnwritableFileError as error:
        refusal = str(error)
    else:
        refusal = "nothing"
    assert "No space left" in refusal, refusal
    opened = patches.read(folder)
    assert opened.damages == ()
    assert lines_of(opened.dataset) == before
    assert sorted(folder.iterdir()) == files

dataset = opened.dataset  # a writer that failed is thrown away
ballast.unlink()
write(100_000)
opened = patches.read(folder)
assert opened.generation.number == 2
assert lines_of(opened.dataset) == lines_of(dataset)
