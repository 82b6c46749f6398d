"""The web process's end of a dumper: which process it is, and how it ended."""

from __future__ import annotations

import asyncio
import os

from defgraph.children import OUT_OF_MEMORY
from defgraph.engine.limits import Limits
from defgraph.errors import DumpError, DumpTooLargeError, StoreError
from defgraph.store.channels import kill
from defgraph.store.dumper import NO_ROOM, TOO_LONG


class Dumping:
    """A dumper that was asked for; without it whoever waits for it waits for nothing."""

    def __init__(self) -> None:
        self._ended: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._pidfd: int | None = None
        self._is_dismissed = False

    async def ended(self) -> int | None:
        """Wait until it has ended; return its exit code or -signal, None if that is not known."""
        return await asyncio.shield(self._ended)

    def kill(self) -> None:
        """End the process, if it has not ended."""
        self._is_dismissed = True
        if self._pidfd is not None:
            kill(self._pidfd)

    def is_process(self, _pid: int, pidfd: int) -> None:
        """Learn which process it is."""
        self._pidfd = pidfd
        if self._is_dismissed:
            kill(pidfd)

    def has_ended(self, status: int | None) -> None:
        """Learn that it has ended; None: its zygote has, and it with that."""
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self._ended.set_result(status)


async def dumped(dumping: Dumping, limits: Limits) -> None:
    """Wait until all is written; raises DumpError, DumpTooLargeError and StoreError."""
    try:
        async with asyncio.timeout(limits.dump_timeout_s):
            status = await dumping.ended()
    except TimeoutError as error:
        raise _took_too_much("s", limits.dump_timeout_s) from error
    finally:
        dumping.kill()
    if status == 0:
        return
    if status in OUT_OF_MEMORY:
        raise _took_too_much("MiB of memory", limits.dump_memory_mb)
    if status == TOO_LONG:
        raise _took_too_much("bytes", limits.max_dump_bytes)
    if status == NO_ROOM:
        raise DumpError("no space is left on the disk that temporary files are on")
    raise StoreError(f"the process that writes dumps ended with status {status}; ask again")


def _took_too_much(unit: str, value: float) -> DumpTooLargeError:
    return DumpTooLargeError(f"it takes more than {value:,.12g} {unit}")
