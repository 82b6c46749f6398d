"""The log: lines on standard error, JSON unless somebody looks at a terminal.

What libraries and our lower layers say through `logging`, and what the web layer says through
structlog, comes out alike. A log that cannot be written (a full disk, a reader that has stopped)
stops nothing.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import structlog
from pydantic_core import to_json
from structlog.typing import Processor

from defgraph.settings import Settings
from defgraph.web.telemetry.log_stream import LogStream


@dataclass(frozen=True, slots=True)
class Log:
    """The log of this process, and the way out that its lines take."""

    stream: LogStream
    is_json: bool
    has_info: bool

    def tell(self, event: str, entries: Iterable[Mapping[str, Any]]) -> None:
        """Write a line of the level INFO for each of *entries*, each about an *event*.

        They are as structlog would write them, which takes three times as long.
        """
        if self.has_info and self.is_json:
            ts = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            end = {"event": event, "level": "info", "ts": ts}
            for entry in entries:
                self.stream.write(_encoded({**entry, **end}) + "\n")
        elif self.has_info:
            log = structlog.get_logger()
            for entry in entries:
                log.info(event, **entry)


def configure(settings: Settings) -> Log:
    """Let everything that this process logs go to standard error; return its log."""
    stream = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good
    out = LogStream(stream.fileno())
    is_json = settings.log_format == "json" or (
        settings.log_format == "auto" and not stream.isatty()
    )
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    before: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
    ]
    after = _as_json() if is_json else _for_people(stream)
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
    return Log(out, is_json, has_info=level <= logging.INFO)


def _as_json() -> list[Processor]:
    return [structlog.processors.format_exc_info, lambda _log, _method, event: _encoded(event)]


def _for_people(stream: TextIO) -> list[Processor]:
    return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), timestamp_key="ts")]


def _encoded(event: Mapping[str, Any]) -> str:
    return to_json(event, fallback=str).decode()  # a fifth of what `json` takes
