"""What a server says about the dataset that it began with: warnings, found out once for a launch.

It is ready before they are there, and no query waits for them.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

from defgraph.conformance import Served, verdict
from defgraph.settings import Settings

DEADLINE_S: Final = 300.0

_log = logging.getLogger(__name__)


def served_by(settings: Settings) -> Served | None:
    """Return what is to be judged; None for what nobody's shapes ask, or what we ship."""
    if settings.plain or (settings.store is not None and "://" in settings.store):
        return None
    if settings.store is not None and not settings.data_paths:
        return Served(folder=Path(settings.store).resolve())
    if settings.data_paths:
        return Served(data=tuple(path.resolve() for path in settings.data_paths))
    return None


class Standing:
    """The warnings about a dataset, once the process that looks for them has ended."""

    def __init__(self, settings: Settings) -> None:
        self.warnings: tuple[str, ...] = ()
        self._served = served_by(settings)
        self._memory_mb = settings.query_memory_mb
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look, in the event loop that runs."""
        if self._served is not None:
            self._task = asyncio.get_running_loop().create_task(self._judge(self._served))

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _judge(self, served: Served) -> None:
        try:
            told = await verdict(served, timeout_s=DEADLINE_S, memory_mb=self._memory_mb)
        except OSError as error:
            _log.warning("nobody judges the dataset: %s", error)
            return
        if told is not None:
            self.warnings = (told,)
            _log.warning("%s", told)
