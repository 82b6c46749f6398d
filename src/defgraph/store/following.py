"""Following: taking over what another process writes to the folder of a store.

The folder may be the writer's own, or a copy that is brought up to date now and then, file by file.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

from defgraph.errors import DefgraphError
from defgraph.log.watching import Look, look_at
from defgraph.store.lineage import Zygote
from defgraph.store.supervision import Supervisor

LOOK_EVERY_S: Final = 0.2
"""So often the files are looked at, which takes three system calls."""

_log = logging.getLogger(__name__)


class Follower:
    """Has the zygote of a *supervisor* succeeded by one that holds what is new in *folder*."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        self.faults: tuple[str, ...] = ()  # why it is behind what it follows, if it is
        self._folder = folder
        self._supervisor = supervisor
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look at the folder from now on, again and again, unless it does."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._follow())

    async def stop(self) -> None:
        """Look at it no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _follow(self) -> None:
        seen: Look | None = None
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            zygote = self._supervisor.zygote
            if zygote is None:
                continue
            look = look_at(self._folder, zygote.state.generation)
            if look != seen:
                seen = look
                await self._catch_up(zygote)

    async def _catch_up(self, former: Zygote) -> None:
        """Go on to the newest generation; where what is there is another history, open that."""
        newest = former.succeed({})
        self.faults = ()
        try:
            await newest.has_become()
        except DefgraphError as error:
            await newest.end()
            try:
                newest = await self._supervisor.launch()
            except DefgraphError as damage:
                self.faults = (str(damage),)
                _log.error("%s", damage)
                return
            if newest.state == former.state:
                self.faults = (str(error),)
            _log.warning("%s; opened anew at generation %s", error, newest.state.generation)
        if former is not self._supervisor.zygote or newest.state == former.state:
            await newest.end()
        else:
            self._supervisor.adopt(newest)
