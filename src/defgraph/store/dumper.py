"""A dumper: a process forked from the zygote that writes dumps to one file, which was open before.

It is confined as a worker is, but for that file; and it lets everybody else go first.
"""

from __future__ import annotations

import errno
import os
from typing import Final

from defgraph import sandbox
from defgraph.engine.limits import MIB
from defgraph.engine.profile import dumper_called
from defgraph.store.describing import remove_description
from defgraph.store.worker import Duty

NO_ROOM: Final = 4
TOO_LONG: Final = 5
"""How it ends where the disk is full, and where the file would be longer than it may."""

_FILE: Final = 3  # the number that the file has in a dumper
_NICENESS: Final = 10
_STATUS_OF: Final = {errno.ENOSPC: NO_ROOM, errno.EDQUOT: NO_ROOM, errno.EFBIG: TOO_LONG}


def write_dumps(duty: Duty, form: str, file: int) -> None:
    """Write those in the format called *form*, in a process that was forked for this alone."""
    os.nice(_NICENESS)
    os.dup2(file, _FILE)
    for standard in (1, 2):
        os.dup2(0, standard)  # the null device
    os.closerange(_FILE + 1, os.sysconf("SC_OPEN_MAX"))
    limits = duty.limits
    sandbox.enter(
        duty.means,
        address_space=duty.address_space + (limits.dump_memory_mb - limits.memory_mb) * MIB,
        file_bytes=limits.max_dump_bytes,
    )
    remove_description(duty.dataset, duty.profile)
    try:
        dumper_called(duty.profile.dumper or "").write(duty.dataset, form, _FILE)
    except OSError as error:
        os._exit(_STATUS_OF.get(error.errno or 0, 1))
