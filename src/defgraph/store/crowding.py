"""Whether a core is left to wake another worker on.

While all cores have something to do anyway, one more process that is awake makes nothing quicker:
they take turns, and each of them finds the caches cold. With two cores that is so when queries take
a worker no longer than they take the web process, which then has one core to itself, and the worker
the other. See ``docs/decisions/0023``.
"""

from __future__ import annotations

import os
import time
from typing import Final

BUSY: Final = 0.7
STILL_BUSY: Final = 0.6
"""Of a core: what a web process has that seldom waits for a worker, or no longer does."""

SHORTEST_S: Final = 0.05
LONGEST_S: Final = 0.2
"""A shorter time says little of what it has, and a longer one has a pause in it."""


class Crowding:
    """How much of a core this process has had between two looks at it."""

    def __init__(self, cores: int | None = None) -> None:
        self.is_busy = False  # this process, as far as is known
        self._others = max(1, (cores or _cores()) - 1)
        self._since_s, self._before_s = time.monotonic(), time.process_time()

    def look(self) -> None:
        """Find out, to be called again and again while there is something to do."""
        now_s = time.monotonic()
        took_s = now_s - self._since_s
        if took_s >= SHORTEST_S:
            had_s = time.process_time() - self._before_s
            enough = STILL_BUSY if self.is_busy else BUSY
            self.is_busy = took_s <= LONGEST_S and had_s > enough * took_s
            self._since_s, self._before_s = now_s, self._before_s + had_s

    def is_with(self, *, busy_workers: int) -> bool:
        """Tell whether this process and so many workers have enough to do for all cores."""
        return self.is_busy and busy_workers >= self._others


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
