"""Using the engine in a thread, beside an event loop that goes on."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(call: Callable[[], T]) -> T:
    """Return what *call* returns in a thread; if it fails, that leaves nothing of the engine's.

    The engine's results must be dropped in the thread that made them, and the frames of an error
    would take them along to where it is caught.
    """
    return await asyncio.to_thread(_leaving_nothing_behind, call)


def _leaving_nothing_behind(call: Callable[[], T]) -> T:
    try:
        return call()
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None:
            traceback.clear_frames(cause.__traceback__)
            cause = cause.__cause__ or cause.__context__
        raise
