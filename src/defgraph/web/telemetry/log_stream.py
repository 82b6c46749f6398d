"""A way out for the lines of a log that never lets whoever writes them wait.

Standard error may be a pipe, and what reads it may have stopped: then a write would wait until it
goes on, and with it every request. So a line is written at once only where it fits, and else by a
thread; what would be too much to keep for that is left out, and counted.
"""

from __future__ import annotations

import logging
import os
import select
from collections import deque
from contextlib import suppress
from threading import Condition, Thread
from typing import Final

MAX_BACKLOG_BYTES: Final = 2**20
_AT_ONCE: Final = select.PIPE_BUF
"""So many bytes fit into what is ready to be written to (POSIX, write)."""

_LAST_S: Final = 1.0
"""So long the end of the process waits for what is not written yet."""

_log = logging.getLogger(__name__)


class LogStream:
    """Writes lines to a file *descriptor*, in order and each as a whole; one that fails is lost."""

    def __init__(self, descriptor: int, *, max_backlog_bytes: int = MAX_BACKLOG_BYTES) -> None:
        self._descriptor, self._max_bytes = descriptor, max_backlog_bytes
        self._ready = select.poll()
        self._ready.register(descriptor, select.POLLOUT)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0  # with those that the thread is writing
        self._changed = Condition()
        self._thread: Thread | None = None
        self._untold = 0
        self.dropped = 0  # lines, since the beginning

    def write(self, text: str) -> int:
        """Write a line, now or soon or not at all; never waits, and raises nothing."""
        line = text.encode(errors="backslashreplace")
        with self._changed:
            if not self._waiting_bytes and len(line) <= _AT_ONCE and self._ready.poll(0):
                _write(self._descriptor, line)
            elif self._waiting_bytes + len(line) > self._max_bytes:
                self.dropped += 1
                self._untold += 1
            else:
                self._waiting.append(line)
                self._waiting_bytes += len(line)
                self._changed.notify_all()
                if self._thread is None:
                    self._thread = Thread(target=self._write_on, name="log", daemon=True)
                    self._thread.start()
        return len(text)

    def flush(self) -> None:
        """Do nothing: every line goes out as soon as it can."""

    def close(self) -> None:
        """Wait a moment for what is not written yet."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting_bytes, _LAST_S)

    def _write_on(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                lines = b"".join(self._waiting)
                self._waiting.clear()
            _write(self._descriptor, lines)
            with self._changed:
                self._waiting_bytes -= len(lines)
                untold, self._untold = self._untold, 0
                self._changed.notify_all()
            if untold:
                _log.warning("%d lines of the log are missing: it was not read in time", untold)


def _write(descriptor: int, lines: bytes) -> None:
    with suppress(OSError):  # a full disk, or a reader that is gone
        while lines:
            lines = lines[os.write(descriptor, lines) :]
