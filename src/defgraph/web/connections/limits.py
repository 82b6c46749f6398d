"""What one connection may take, and how many there may be: also as files of this process."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import Final, Self

from defgraph.settings import Settings

if sys.platform != "win32":
    import resource

OTHER_FILES: Final = 200
"""The files that a server has open beside its connections, and more connections to be refused."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection may take, and how many there may be."""

    max_connections: int
    max_url_bytes: int
    max_header_bytes: int
    max_header_fields: int
    header_timeout_s: float
    body_timeout_s: float
    send_timeout_s: float
    idle_timeout_s: float

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits that *settings* name."""
        return cls(**{name: getattr(settings, name) for name in cls.__slots__})


def allow_open_files(limits: ConnectionLimits) -> None:
    """Let this process have a file open for each connection, where the system lets us decide it."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = limits.max_connections + OTHER_FILES
    if hard != resource.RLIM_INFINITY and hard < needed:
        _log.warning(
            "This process may have %d files open, too few for %d connections; allow it more "
            "(LimitNOFILE, ulimit -n), or set DEFGRAPH_MAX_CONNECTIONS",
            hard,
            limits.max_connections,
        )
        needed = hard
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
