"""Kill writers at random moments: ``killed_writers.py FOLDER ROUNDS``.

Each writes generations, and a snapshot now and then, and says a number once it is written. Whoever
opens the store next must find that generation, and in it exactly what was written, undamaged.
"""

import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from defgraph.log import history, patches
from defgraph.log.changes import difference, lines_of
from defgraph.log.files import WriterLock
from defgraph.log.patch_log import PatchLog


def state_of(number: int) -> set[bytes]:
    """Return what generation *number* holds: quads that come, and some that go again."""
    kept = [each for each in range(1, number + 1) if each % 3 or each == number]
    return {f'<http://e/s> <http://e/p> "{each}" .'.encode() for each in kept}


def write(folder: Path, said: int) -> None:
    log, dataset = PatchLog.open(folder, WriterLock(folder))
    while True:
        changes = difference(lines_of(dataset), state_of(log.head.number + 1))
        changes.apply_to(dataset)
        made = log.append(changes, author=str(os.getpid()), message="")
        os.write(said, made.number.to_bytes(8))
        if made.number % 5 == 0:
            log.write_snapshot(dataset, keep=2)


def one_round(folder: Path) -> int:
    """Return the last number that a writer said before it was killed."""
    heard, said = os.pipe()
    if (child := os.fork()) == 0:
        write(folder, said)
    os.close(said)
    select.select([heard], [], [], 10)  # it runs
    time.sleep(random.expovariate(1 / 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(heard, "rb") as numbers:
        return max(int.from_bytes(number) for number in iter(lambda: numbers.read(8), b""))


folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
acknowledged = 0
for _ in range(rounds):
    last = one_round(folder)
    assert last > acknowledged, (last, acknowledged)
    acknowledged = last
    opened = patches.read(folder)
    assert opened.damages == (), opened.damages
    assert acknowledged <= opened.generation.number <= acknowledged + 1
    assert lines_of(opened.dataset) == state_of(opened.generation.number)

newest = opened.generation.number
for number in range(1, newest):
    changes = history.difference(folder, number, number + 1)
    assert changes == difference(state_of(number), state_of(number + 1)), number
sys.stdout.write(f"{rounds} rounds, {newest} generations, none lost\n")
