"""What one connection may take, and how many there may be: also as files of this process."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, replace
from typing import Final, Self

from defgraph.errors import SettingsError
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


def with_files_for(limits: ConnectionLimits) -> ConnectionLimits:
    """Return *limits* for which this process may have enough files open, which it is then allowed.

    A worker that has to be replaced needs files, too: without any left there would be one fewer
    with each query that ends badly. So where the system allows too few for as many connections,
    there are fewer connections. Raises SettingsError where there would be none.
    """
    if sys.platform == "win32":
        return limits
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = limits.max_connections + OTHER_FILES
    if hard != resource.RLIM_INFINITY and hard < needed:
        needed, possible = hard, hard - OTHER_FILES
        told = f"this process may have {hard:,} files open (LimitNOFILE, ulimit -n)"
        if possible < 1:
            reason = f"{told}, and it needs more than {OTHER_FILES} beside its connections"
            raise SettingsError([("max_connections", reason)])
        _log.warning(
            "%s: DEFGRAPH_MAX_CONNECTIONS is %d instead of %d",
            told,
            possible,
            limits.max_connections,
        )
        limits = replace(limits, max_connections=possible)
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return limits
