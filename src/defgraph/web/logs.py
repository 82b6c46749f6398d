"""The log: lines on standard error, JSON unless somebody looks at a terminal.

What libraries and our lower layers say through `logging`, and what the web layer says through
structlog, comes out alike. A log that cannot be written (a full disk) stops nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO

import structlog
from pydantic_core import to_json
from structlog.typing import Processor

from defgraph.settings import Settings


class _Stream:
    """A text stream that takes what it can, line by line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):  # full, or closed
            self._stream.write(text)
            self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Do nothing: every line is flushed as it comes."""


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Let everything that this process logs go to *stream*, standard error by default.

    Request lines are of the level INFO.
    """
    taken = stream if stream is not None else sys.stderr
    if hasattr(taken, "reconfigure"):
        taken.reconfigure(errors="backslashreplace")
    out = _Stream(taken)
    is_json = settings.log_format == "json" or (
        settings.log_format == "auto" and not taken.isatty()
    )
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    before: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
    ]
    after = _as_json() if is_json else _for_people(taken)
    structlog.configure(
        processors=[*before, *after],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *before],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *after],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING) if level == logging.INFO else level)
    for name in ("defgraph", "uvicorn"):
        logging.getLogger(name).setLevel(level)
    # It logs URLs, and a URL holds the query.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False


def _as_json() -> list[Processor]:
    return [structlog.processors.format_exc_info, _encoded]


def _for_people(stream: TextIO) -> list[Processor]:
    return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), timestamp_key="ts")]


def _encoded(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return to_json(event, fallback=str).decode()  # a fifth of what `json` takes
